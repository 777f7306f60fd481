#include "../../support/unit.h"

#include "engine/budget.h"

static uint32_t withdrawn(struct budget *budget, uint32_t wanted, int64_t now_ms)
{
    uint32_t count = 0;

    while (count < wanted && budget_withdraw(budget, now_ms))
        count++;
    return count;
}

static void deposit(struct budget *budget, uint32_t requests)
{
    for (uint32_t i = 0; i < requests; i++)
        budget_deposit(budget);
}

START_TEST(a_fifth_of_the_requests_may_be_retried)
{
    struct budget budget;

    budget_init(&budget, BUDGET_PERCENT_DEFAULT, 0, 0);
    ck_assert_uint_eq(withdrawn(&budget, 1000, 0), 0);
    deposit(&budget, 4);
    ck_assert_uint_eq(withdrawn(&budget, 1000, 0), 0);
    deposit(&budget, 1);
    ck_assert_uint_eq(withdrawn(&budget, 1000, 0), 1);
    deposit(&budget, 250);
    ck_assert_uint_eq(withdrawn(&budget, 1000, 0), 50);
}
END_TEST

START_TEST(the_balance_is_bounded)
{
    struct budget budget;

    budget_init(&budget, 100, 0, 0);
    deposit(&budget, 1000000);
    ck_assert_uint_eq(withdrawn(&budget, 1000, 3600000), BUDGET_BALANCE_MAX);
}
END_TEST

START_TEST(a_floor_of_retries_per_second_is_always_there)
{
    struct budget budget;
    uint32_t count = 0;

    budget_init(&budget, BUDGET_PERCENT_DEFAULT, BUDGET_FLOOR_PER_SECOND_DEFAULT, 0);
    for (int64_t now_ms = 0; now_ms <= 60000; now_ms += 10)
        count += withdrawn(&budget, 1000, now_ms);
    ck_assert_uint_eq(count, 1 + 600);
}
END_TEST

START_TEST(the_floor_is_spent_before_the_balance)
{
    struct budget budget;

    budget_init(&budget, BUDGET_PERCENT_DEFAULT, 10, 0);
    deposit(&budget, 25);
    ck_assert_uint_eq(withdrawn(&budget, 1000, 1000), 10 + 5);
}
END_TEST

START_TEST(the_deadline_is_now_with_a_balance_else_when_the_floor_fills)
{
    struct budget budget;

    budget_init(&budget, 50, 10, 0);
    ck_assert_int_eq(budget_deadline(&budget, 0), 0);
    ck_assert(budget_withdraw(&budget, 0));
    ck_assert_int_eq(budget_deadline(&budget, 3), 100);
    ck_assert(!budget_withdraw(&budget, 99));
    deposit(&budget, 2);
    ck_assert_int_eq(budget_deadline(&budget, 99), 99);
    ck_assert(budget_withdraw(&budget, 99));
    ck_assert(budget_withdraw(&budget, 100));
}
END_TEST

START_TEST(without_floor_and_balance_only_a_deposit_helps)
{
    struct budget budget;

    budget_init(&budget, 20, 0, 0);
    ck_assert_int_eq(budget_deadline(&budget, 5), INT64_MAX);
    deposit(&budget, 5);
    ck_assert_int_eq(budget_deadline(&budget, 5), 5);
}
END_TEST

UNIT_TESTS("engine/budget", a_fifth_of_the_requests_may_be_retried, the_balance_is_bounded,
           a_floor_of_retries_per_second_is_always_there, the_floor_is_spent_before_the_balance,
           the_deadline_is_now_with_a_balance_else_when_the_floor_fills,
           without_floor_and_balance_only_a_deposit_helps)
