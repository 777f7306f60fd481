#include "common/random.h"
#include "tests/support/unit.h"

START_TEST(a_seed_gives_the_same_numbers_everywhere)
{
    struct random a, b;

    random_init(&a, 0);
    ck_assert_uint_eq(a.state[0], 0xe220a8397b1dcdafu); /* splitmix64's first output for 0 */
    ck_assert_uint_eq(a.state[1], 0x6e789e6aa1b965f4u);
    ck_assert_uint_eq(random_next(&a), 0x99ec5f36cb75f2b4u);
    random_init(&a, 42);
    random_init(&b, 42);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(random_next(&a), random_next(&b));
    random_init(&b, 43);
    ck_assert_uint_ne(random_next(&a), random_next(&b));
}
END_TEST

START_TEST(below_stays_below_and_reaches_all)
{
    unsigned seen[6] = {0};
    struct random random;

    random_init(&random, 1);
    for (int i = 0; i < 6000; i++)
        seen[random_below(&random, 6)]++;
    for (int i = 0; i < 6; i++) {
        ck_assert_uint_gt(seen[i], 800);
        ck_assert_uint_lt(seen[i], 1200);
    }
    ck_assert_uint_eq(random_below(&random, 1), 0);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_lt(random_below(&random, (UINT64_C(1) << 63) + 1), (UINT64_C(1) << 63) + 1);
}
END_TEST

START_TEST(unit_lies_between_0_and_1)
{
    struct random random;
    double sum = 0;

    random_init(&random, 7);
    for (int i = 0; i < 10000; i++) {
        double x = random_unit(&random);

        ck_assert(x >= 0 && x < 1);
        sum += x;
    }
    ck_assert(sum > 4800 && sum < 5200);
}
END_TEST

UNIT_TESTS("common/random", a_seed_gives_the_same_numbers_everywhere, below_stays_below_and_reaches_all,
           unit_lies_between_0_and_1)
