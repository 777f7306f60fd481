#include "common/clock.h"
#include "tests/support/unit.h"

START_TEST(the_clock_never_goes_back_and_its_units_agree)
{
    int64_t last_us = 0;

    for (int i = 0; i < 1000; i++) {
        int64_t before_us = clock_now_us(), now_ms = clock_now_ms(), after_us = clock_now_us();

        ck_assert_int_ge(before_us, last_us);
        ck_assert_int_ge(now_ms, before_us / 1000);
        ck_assert_int_le(now_ms, after_us / 1000);
        last_us = after_us;
    }
}
END_TEST

START_TEST(the_wall_clock_counts_from_1970)
{
    ck_assert_int_gt(clock_wall_ms(), 1735689600000); /* 2025 */
    ck_assert_int_lt(clock_wall_ms(), 4102444800000); /* 2100 */
}
END_TEST

UNIT_TESTS("common/clock", the_clock_never_goes_back_and_its_units_agree, the_wall_clock_counts_from_1970)
