#include "../../support/unit.h"

#include "engine/flood.h"

static struct flood_guard guard_new(void)
{
    struct flood_guard guard;

    flood_init(&guard, FLOOD_DEAD_LETTERS_DEFAULT, FLOOD_CONFLICTS_DEFAULT);
    return guard;
}

/* How many of `count` such events are taken before the guard trips, the one that trips it included; 0: it does not. */
static uint32_t note(struct flood_guard *guard, enum outcome outcome, uint32_t count)
{
    for (uint32_t i = 1; i <= count; i++) {
        if (flood_note(guard, outcome))
            return i;
    }
    return 0;
}

START_TEST(a_service_that_refuses_everything_trips_at_the_fiftieth_event)
{
    struct flood_guard guard = guard_new();

    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 500), 50);
    ck_assert_int_eq(flood_tripped(&guard), FLOOD_DEAD_LETTERS);
}
END_TEST

START_TEST(rejected_and_exhausted_count_together)
{
    struct flood_guard guard = guard_new();

    ck_assert_uint_eq(note(&guard, OUTCOME_EXHAUSTED, 30), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 30), 20);
}
END_TEST

START_TEST(more_than_a_fifth_of_the_last_500_trips_and_a_fifth_does_not)
{
    struct flood_guard guard = guard_new();

    ck_assert_uint_eq(note(&guard, OUTCOME_APPLIED, 500), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 100), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 1), 1);
}
END_TEST

START_TEST(what_lies_500_events_back_does_not_count)
{
    struct flood_guard guard = guard_new();

    ck_assert_uint_eq(note(&guard, OUTCOME_APPLIED, 500), 0);
    for (uint32_t round = 0; round < 20; round++) {
        ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 100), 0);
        ck_assert_uint_eq(note(&guard, OUTCOME_MERGED, 400), 0);
    }
    ck_assert_int_eq(flood_tripped(&guard), FLOOD_NONE);
}
END_TEST

START_TEST(conflicts_have_a_wider_guard_of_their_own)
{
    struct flood_guard guard = guard_new();

    ck_assert_uint_eq(note(&guard, OUTCOME_CONFLICT, 199), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_CONFLICT, 1), 1);
    ck_assert_int_eq(flood_tripped(&guard), FLOOD_CONFLICTS);
    guard = guard_new();
    ck_assert_uint_eq(note(&guard, OUTCOME_APPLIED, 500), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_CONFLICT, 251), 251);
}
END_TEST

START_TEST(what_asks_nobody_to_act_never_trips)
{
    static const enum outcome outcomes[] = {OUTCOME_APPLIED, OUTCOME_MERGED, OUTCOME_UNCHANGED, OUTCOME_DUPLICATE,
                                            OUTCOME_OUTDATED};
    struct flood_guard guard = guard_new();

    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
        ck_assert_uint_eq(note(&guard, outcomes[i], 600), 0);
}
END_TEST

START_TEST(each_guard_can_be_off)
{
    struct flood_guard guard;

    flood_init(&guard, (struct flood_limit){.is_off = true}, FLOOD_CONFLICTS_DEFAULT);
    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 600), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_CONFLICT, 600), 251);
    flood_init(&guard, FLOOD_DEAD_LETTERS_DEFAULT, (struct flood_limit){.is_off = true});
    ck_assert_uint_eq(note(&guard, OUTCOME_CONFLICT, 600), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 600), 101);
}
END_TEST

START_TEST(a_tripped_guard_stays_tripped_until_it_is_resumed_and_then_counts_anew)
{
    struct flood_guard guard = guard_new();

    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 50), 50);
    ck_assert_uint_eq(note(&guard, OUTCOME_CONFLICT, 500), 0);
    ck_assert_int_eq(flood_tripped(&guard), FLOOD_DEAD_LETTERS);
    flood_resume(&guard);
    ck_assert_int_eq(flood_tripped(&guard), FLOOD_NONE);
    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 49), 0);
    ck_assert_uint_eq(note(&guard, OUTCOME_REJECTED, 1), 1);
}
END_TEST

UNIT_TESTS("engine/flood", a_service_that_refuses_everything_trips_at_the_fiftieth_event,
           rejected_and_exhausted_count_together, more_than_a_fifth_of_the_last_500_trips_and_a_fifth_does_not,
           what_lies_500_events_back_does_not_count, conflicts_have_a_wider_guard_of_their_own,
           what_asks_nobody_to_act_never_trips, each_guard_can_be_off,
           a_tripped_guard_stays_tripped_until_it_is_resumed_and_then_counts_anew)
