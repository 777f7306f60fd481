#include "command/demo_report.h"
#include "tests/support/unit.h"

#define FULL 20000

/* What a full run must have gone through, to the letter. */
static struct check_result least_of_all(void)
{
    struct check_result result = {
        .foreign_writes = 2000,
        .foreign_on_event_fields = 1000,
        .stale = 500,
        .lost_answers = 35,
        .lost_requests = 15,
        .lost_followed = 10,
        .with_base = 8000,
        .without_base = 4000,
        .with_base_version = 2000,
    };

    result.outcomes[CHECK_MERGED] = 200;
    result.outcomes[CHECK_CONFLICT] = 20;
    return result;
}

START_TEST(a_run_that_went_through_enough_is_taken)
{
    struct check_result result = least_of_all();

    ck_assert(demo_report_minimums(&result, FULL));
}
END_TEST

#define ONE_LESS(name, member)                                                                               \
    START_TEST(a_run_with_one_##name##_less_fails)                                                           \
    {                                                                                                        \
        struct check_result result = least_of_all();                                                         \
                                                                                                             \
        result.member--;                                                                                     \
        ck_assert(!demo_report_minimums(&result, FULL));                                                     \
    }                                                                                                        \
    END_TEST

ONE_LESS(foreign_write, foreign_writes)
ONE_LESS(foreign_write_on_an_event_field, foreign_on_event_fields)
ONE_LESS(stale_answer, stale)
ONE_LESS(ambiguous_write, lost_answers)
ONE_LESS(ambiguous_write_that_was_not_done, lost_requests)
ONE_LESS(ambiguous_write_that_was_followed, lost_followed)
ONE_LESS(merged_event, outcomes[CHECK_MERGED])
ONE_LESS(conflict, outcomes[CHECK_CONFLICT])
ONE_LESS(event_with_a_base, with_base)
ONE_LESS(event_without_a_base, without_base)
ONE_LESS(event_with_a_base_version, with_base_version)

START_TEST(a_run_with_too_few_ambiguous_writes_that_were_done_fails)
{
    struct check_result result = least_of_all();

    result.lost_answers = 14;
    result.lost_requests = 36;
    ck_assert(!demo_report_minimums(&result, FULL));
}
END_TEST

START_TEST(a_short_run_need_not_have_gone_through_everything)
{
    struct check_result nothing = {0};

    ck_assert(demo_report_minimums(&nothing, 1000));
}
END_TEST

UNIT_TESTS("command/demo_report", a_run_that_went_through_enough_is_taken, a_run_with_one_foreign_write_less_fails,
           a_run_with_one_foreign_write_on_an_event_field_less_fails, a_run_with_one_stale_answer_less_fails,
           a_run_with_one_ambiguous_write_less_fails, a_run_with_one_ambiguous_write_that_was_not_done_less_fails,
           a_run_with_one_ambiguous_write_that_was_followed_less_fails, a_run_with_one_merged_event_less_fails,
           a_run_with_one_conflict_less_fails, a_run_with_one_event_with_a_base_less_fails,
           a_run_with_one_event_without_a_base_less_fails, a_run_with_one_event_with_a_base_version_less_fails,
           a_run_with_too_few_ambiguous_writes_that_were_done_fails,
           a_short_run_need_not_have_gone_through_everything)
