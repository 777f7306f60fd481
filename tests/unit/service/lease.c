#include "service/lease.h"
#include "tests/support/unit.h"

START_TEST(one_fetch_is_enough_for_all_who_wait)
{
    struct lease lease = {0};

    ck_assert_int_eq(lease_state(&lease, 5), LEASE_AWAITED);
    ck_assert(lease_wants_fetch(&lease, 5));
    lease_fetching(&lease);
    ck_assert(!lease_wants_fetch(&lease, 6));
    ck_assert_int_eq(lease_state(&lease, 6), LEASE_AWAITED);
    lease_got(&lease, -1, 7);
    ck_assert_int_eq(lease_state(&lease, INT64_MAX - 1), LEASE_HELD); /* nobody said that it ends */
    ck_assert(!lease_wants_fetch(&lease, INT64_MAX - 1));
}
END_TEST

START_TEST(it_is_renewed_before_its_end_and_used_meanwhile)
{
    struct lease lease = {0};

    lease_fetching(&lease);
    lease_got(&lease, 3600000, 0);
    ck_assert(!lease_wants_fetch(&lease, 3600000 - LEASE_EARLY_MS - 1));
    ck_assert(lease_wants_fetch(&lease, 3600000 - LEASE_EARLY_MS));
    lease_fetching(&lease);
    ck_assert_int_eq(lease_state(&lease, 3599999), LEASE_HELD);
    ck_assert_int_eq(lease_state(&lease, 3600000), LEASE_AWAITED);
    lease_failed(&lease, 3541000);
    ck_assert_int_eq(lease_state(&lease, 3599999), LEASE_HELD); /* a failed renewal takes nothing away */
    ck_assert(!lease_wants_fetch(&lease, 3541000 + LEASE_EARLY_PAUSE_MS - 1));
    ck_assert(lease_wants_fetch(&lease, 3541000 + LEASE_EARLY_PAUSE_MS));
    lease_fetching(&lease);
    lease_failed(&lease, 3599000);
    ck_assert(lease_wants_fetch(&lease, 3600000)); /* no later than at its end */
    ck_assert_int_eq(lease_state(&lease, 3600000), LEASE_AWAITED);
}
END_TEST

START_TEST(a_short_one_is_renewed_a_fifth_before_its_end)
{
    struct lease lease = {0};

    lease_fetching(&lease);
    lease_got(&lease, 10000, 0);
    ck_assert(!lease_wants_fetch(&lease, 7999));
    ck_assert(lease_wants_fetch(&lease, 8000));
}
END_TEST

START_TEST(after_a_failure_there_is_a_pause_in_which_all_are_told)
{
    struct lease lease = {0};

    lease_fetching(&lease);
    lease_failed(&lease, 100);
    ck_assert_int_eq(lease_state(&lease, 101), LEASE_FAILED);
    ck_assert(!lease_wants_fetch(&lease, 100 + LEASE_PAUSE_MS - 1));
    ck_assert(lease_wants_fetch(&lease, 100 + LEASE_PAUSE_MS));
    ck_assert_int_eq(lease_state(&lease, 100 + LEASE_PAUSE_MS), LEASE_AWAITED);
}
END_TEST

START_TEST(many_refusals_of_one_are_one_renewal)
{
    struct lease lease = {0};

    lease_fetching(&lease);
    lease_got(&lease, -1, 0);
    lease_refused(&lease, 1);
    ck_assert(lease_wants_fetch(&lease, 1));
    lease_fetching(&lease);
    lease_got(&lease, -1, 2);
    lease_refused(&lease, 1); /* it was sent with the first one: the second is as good as it was */
    ck_assert_int_eq(lease_state(&lease, 3), LEASE_HELD);
    ck_assert_uint_eq(lease.number, 2);
}
END_TEST

UNIT_TESTS("service/lease", one_fetch_is_enough_for_all_who_wait, it_is_renewed_before_its_end_and_used_meanwhile,
           a_short_one_is_renewed_a_fifth_before_its_end, after_a_failure_there_is_a_pause_in_which_all_are_told,
           many_refusals_of_one_are_one_renewal)
