#include "../../support/unit.h"

#include "engine/backoff.h"

static struct engine_options defaults(void)
{
    struct engine_options options;

    engine_options_init(&options);
    return options;
}

START_TEST(stale_answers_wait_1_2_4_4_seconds_and_up_to_half_more)
{
    static const int64_t steps_ms[] = {1000, 2000, 4000, 4000};
    const struct engine_options options = defaults();
    struct random random;
    int64_t longest_ms[4] = {0};

    random_init(&random, 1);
    for (size_t round = 0; round < 1000; round++) {
        for (uint32_t i = 0; i < 4; i++) {
            int64_t wait_ms = backoff_stale(&options, i + 1, &random);

            ck_assert_int_ge(wait_ms, steps_ms[i]);
            ck_assert_int_le(wait_ms, steps_ms[i] * 3 / 2);
            longest_ms[i] = wait_ms > longest_ms[i] ? wait_ms : longest_ms[i];
        }
    }
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_gt(longest_ms[i], steps_ms[i] * 5 / 4); /* there is jitter */
}
END_TEST

START_TEST(an_outage_doubles_up_to_its_limit)
{
    const struct engine_options options = defaults();
    struct random random;

    random_init(&random, 2);
    ck_assert_int_ge(backoff_outage(&options, 1, &random), 1000);
    ck_assert_int_ge(backoff_outage(&options, 4, &random), 8000);
    for (uint32_t failures = 6; failures < 5000; failures += 7)
        ck_assert_int_le(backoff_outage(&options, failures, &random), options.outage_backoff_max_ms * 3 / 2);
    ck_assert_int_ge(backoff_outage(&options, 4000, &random), options.outage_backoff_max_ms);
}
END_TEST

START_TEST(retry_after_is_honoured_and_capped)
{
    const struct engine_options options = defaults();
    struct random random;
    int64_t day_ms = 24 * 60 * 60 * 1000;

    random_init(&random, 3);
    for (size_t round = 0; round < 100; round++) {
        ck_assert_int_ge(backoff_overload(&options, 1, 7000, &random), 7000);
        ck_assert_int_ge(backoff_overload(&options, 1, day_ms, &random), options.retry_after_max_ms);
        ck_assert_int_lt(backoff_overload(&options, 1, day_ms, &random), 2 * options.retry_after_max_ms);
        ck_assert_int_ge(backoff_overload(&options, 1, -1, &random), 1000);
        ck_assert_int_ge(backoff_overload(&options, 1, 0, &random), 1000); /* "now" is not at once */
    }
}
END_TEST

UNIT_TESTS("engine/backoff", stale_answers_wait_1_2_4_4_seconds_and_up_to_half_more,
           an_outage_doubles_up_to_its_limit, retry_after_is_honoured_and_capped)
