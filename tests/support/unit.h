#ifndef IFMATCH_TESTS_SUPPORT_UNIT_H
#define IFMATCH_TESTS_SUPPORT_UNIT_H

/* The frame of a unit test program: START_TEST(...) bodies, then one UNIT_TESTS line that names them all.
 *
 *     UNIT_TESTS("engine/window", watermark_stays_below_the_oldest_unfinished_event, ...)
 *
 * Each test runs in a process of its own (Check forks), so a failed ensure() is a failed test, not the end. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

static inline int unit_run(const char *name, const TTest *const *tests, size_t count,
                           const TTest *const *aborting, size_t aborting_count, const TTest *const *looped,
                           size_t looped_count, int times)
{
    Suite *suite = suite_create(name);
    TCase *cases = tcase_create(name);
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, cases);
    tcase_set_timeout(cases, 60);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(cases, tests[i]);
    for (size_t i = 0; i < aborting_count; i++)
        tcase_add_test_raise_signal(cases, aborting[i], SIGABRT);
    for (size_t i = 0; i < looped_count; i++)
        tcase_add_loop_test(cases, looped[i], 0, times);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define UNIT_TESTS(name, ...)                                                                                \
    int main(void)                                                                                           \
    {                                                                                                        \
        const TTest *const tests[] = {__VA_ARGS__};                                                          \
                                                                                                             \
        return unit_run(name, tests, sizeof(tests) / sizeof(tests[0]), NULL, 0, NULL, 0, 0);                 \
    }

/* The same with tests, in parentheses, that must end in a failed ensure(). */
#define UNIT_LIST(...) __VA_ARGS__
#define UNIT_TESTS_ABORTING(name, aborting_tests, ...)                                                       \
    int main(void)                                                                                           \
    {                                                                                                        \
        const TTest *const tests[] = {__VA_ARGS__};                                                          \
        const TTest *const aborting[] = {UNIT_LIST aborting_tests};                                          \
                                                                                                             \
        return unit_run(name, tests, sizeof(tests) / sizeof(tests[0]), aborting,                             \
                        sizeof(aborting) / sizeof(aborting[0]), NULL, 0, 0);                                 \
    }

/* The same with tests, in parentheses, that run for each _i from 0 to times - 1. */
#define UNIT_TESTS_LOOPED(name, times, looped_tests, ...)                                                    \
    int main(void)                                                                                           \
    {                                                                                                        \
        const TTest *const tests[] = {__VA_ARGS__};                                                          \
        const TTest *const looped[] = {UNIT_LIST looped_tests};                                              \
                                                                                                             \
        return unit_run(name, tests, sizeof(tests) / sizeof(tests[0]), NULL, 0, looped,                      \
                        sizeof(looped) / sizeof(looped[0]), times);                                          \
    }

#endif
