#include "command/probe_steps.h"
#include "tests/support/unit.h"

START_TEST(a_wrong_version_looks_like_a_right_one)
{
    static const struct {
        const char *version, *wrong;
    } cases[] = {
        {"\"7\"", "\"6\""},
        {"W/\"1001\"", "W/\"1000\""},
        {"\"e3,10\"", "\"e3,00\""},
        {"1-c890af", "1-c880af"},
        {"362,2", "362,1"},
        {"Sun, 06 Nov 1994 08:49:00 GMT", "Sun, 06 Nov 1994 08:48:00 GMT"}, /* older: later ones are no precondition */
        {"0", "1"},
        {"\"00a\"", "\"00b\""},
        {"\"x\"", "\"a\""},
    };
    struct arena *arena = arena_new(1024);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        ck_assert_str_eq(probe_wrong_version(bytes_of(cases[i].version), arena).data, cases[i].wrong);
    ck_assert(!bytes_present(probe_wrong_version(BYTES("\"-\""), arena)));
    arena_free(arena);
}
END_TEST

UNIT_TESTS("command/probe_steps", a_wrong_version_looks_like_a_right_one)
