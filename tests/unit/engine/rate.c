#include "../../support/aborts.h"
#include "../../support/unit.h"

#include "engine/rate.h"

/* Takes what it can get, asking every `step_ms`. */
static int64_t taken(struct rate *rate, int64_t from_ms, int64_t until_ms, int64_t step_ms)
{
    int64_t count = 0;

    for (int64_t now_ms = from_ms; now_ms < until_ms; now_ms += step_ms) {
        while (rate_take(rate, now_ms))
            count++;
    }
    return count;
}

START_TEST(ten_per_second_are_ten_per_second_however_often_one_asks)
{
    static const int64_t steps_ms[] = {1, 7, 100, 333, 1000};

    for (size_t i = 0; i < sizeof(steps_ms) / sizeof(steps_ms[0]); i++) {
        struct rate rate;
        int64_t count;

        rate_init(&rate, 10000, 5000);
        count = taken(&rate, 5000, 5000 + 100000, steps_ms[i]);
        ck_assert_int_ge(count, 990);
        ck_assert_int_le(count, 1001);
    }
}
END_TEST

START_TEST(no_fraction_is_lost)
{
    struct rate rate;

    rate_init(&rate, 333, 0); /* one in 3.003 s */
    ck_assert_int_eq(taken(&rate, 0, 1000000, 1), 1 + 332);
}
END_TEST

START_TEST(it_begins_with_one_and_saves_one_second_at_most)
{
    struct rate rate;

    rate_init(&rate, 10000, 0);
    ck_assert_int_eq(taken(&rate, 0, 1, 1), 1);
    ck_assert_int_eq(taken(&rate, 3600000, 3600001, 1), 10);
}
END_TEST

START_TEST(less_than_one_per_second_lets_one_at_a_time_through)
{
    struct rate rate;

    rate_init(&rate, 100, 0);
    ck_assert(rate_take(&rate, 0));
    ck_assert(!rate_take(&rate, 9999));
    ck_assert(rate_take(&rate, 10000));
    ck_assert_int_eq(taken(&rate, 100000, 100001, 1), 1);
}
END_TEST

START_TEST(the_deadline_is_when_it_can_be_taken)
{
    struct rate rate;

    rate_init(&rate, 7000, 0);
    ck_assert_int_eq(rate_deadline(&rate, 0), 0);
    ck_assert(rate_take(&rate, 0));
    ck_assert_int_eq(rate_deadline(&rate, 0), 143);
    ck_assert_int_eq(rate_deadline(&rate, 100), 143);
    ck_assert(!rate_take(&rate, 142));
    ck_assert(rate_take(&rate, 143));
}
END_TEST

START_TEST(without_a_limit_everything_goes)
{
    struct rate rate;

    rate_init(&rate, 0, 0);
    for (size_t i = 0; i < 100000; i++)
        ck_assert(rate_take(&rate, 0));
    ck_assert_int_eq(rate_deadline(&rate, 17), 17);
    rate_set_share(&rate, 0, 3, 0);
    ck_assert(rate_take(&rate, 0));
}
END_TEST

START_TEST(a_worker_takes_the_share_of_its_partitions)
{
    struct rate rate;

    rate_init(&rate, 90000, 0);
    rate_set_share(&rate, 2, 3, 0);
    ck_assert_int_eq(taken(&rate, 0, 10001, 1), 601);
    rate_set_share(&rate, 1, 3, 10001);
    ck_assert_int_eq(taken(&rate, 10001, 20001, 1), 300);
}
END_TEST

START_TEST(what_was_saved_shrinks_with_the_share)
{
    struct rate rate;

    rate_init(&rate, 90000, 0);
    rate_set_share(&rate, 1, 9, 10000);
    ck_assert_int_eq(taken(&rate, 10000, 10001, 1), 10);
}
END_TEST

START_TEST(without_partitions_nothing_goes_and_a_small_share_is_not_nothing)
{
    struct rate rate;

    rate_init(&rate, 1, 0);
    rate_set_share(&rate, 0, 12, 0);
    ck_assert(!rate_take(&rate, 0));
    ck_assert(!rate_take(&rate, 1000000000));
    ck_assert_int_eq(rate_deadline(&rate, 1000000000), INT64_MAX);
    rate_set_share(&rate, 1, 12, 1000000000);
    ck_assert(rate_take(&rate, 1000000000));
    ck_assert_int_eq(rate_deadline(&rate, 1000000000), 1001000000);
}
END_TEST

START_TEST(long_times_and_high_rates_do_not_overflow)
{
    struct rate rate;

    rate_init(&rate, RATE_MILLI_MAX, 0);
    rate_set_share(&rate, UINT32_MAX, UINT32_MAX, 0);
    ck_assert(rate_take(&rate, INT64_MAX / 4));
    ck_assert_int_eq(taken(&rate, INT64_MAX / 4, INT64_MAX / 4 + 1, 1), 1000000 - 1);
}
END_TEST

static void go_back_in_time(void)
{
    struct rate rate;

    rate_init(&rate, 1000, 10);
    (void)rate_take(&rate, 9);
}

START_TEST(time_does_not_go_back)
{
    ck_assert(aborts(go_back_in_time));
}
END_TEST

UNIT_TESTS("engine/rate", ten_per_second_are_ten_per_second_however_often_one_asks, no_fraction_is_lost,
           it_begins_with_one_and_saves_one_second_at_most, less_than_one_per_second_lets_one_at_a_time_through,
           the_deadline_is_when_it_can_be_taken, without_a_limit_everything_goes,
           a_worker_takes_the_share_of_its_partitions, what_was_saved_shrinks_with_the_share,
           without_partitions_nothing_goes_and_a_small_share_is_not_nothing,
           long_times_and_high_rates_do_not_overflow, time_does_not_go_back)
