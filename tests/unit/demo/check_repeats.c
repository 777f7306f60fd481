#include "tests/support/doctored.h"
#include "tests/support/unit.h"

/* Events that ended without a look at them, because they had ended before. */

static const struct model_rules rules = {NULL, 0, MODEL_MERGE};

#define ALONE   "'folded':1"
#define EVENT   "{'id':'e','source':'s','sequence':'9','changes':{'/a':1},'base':{'/a':0}}"
#define APPLIED OURS("/a", "merge", "c2", "'base_from':'event','base':0", "0", "1", "'written':true")

static const struct doctored good = {
    .rules = &rules,
    .initial = "{'a':0}",
    .final = "{'a':1}",
    .events = {{0, EVENT}, {1, EVENT}, {2, "{'source':'s','sequence':'09','changes':{'/a':7}}"}},
    .writes = {WRITE("1", "anonymous", "v1", "v2", "{'a':0}", "{'a':1}", "null")},
    .records = {RECORD("0", "applied", "null", ALONE, "", APPLIED, "v1", "'v2'"),
                RECORD("1", "duplicate", "null", ALONE, "", "", "v2", "null"),
                RECORD("2", "outdated", "null", ALONE, "", "", "v2", "null")},
};

START_TEST(a_duplicate_and_an_outdated_event_pass_and_are_counted)
{
    struct doctored log = good;

    EXPECT_GOOD(&log);
    ck_assert_uint_eq(log.result.outcomes[CHECK_DUPLICATE], 1);
    ck_assert_uint_eq(log.result.outcomes[CHECK_OUTDATED], 1);
}
END_TEST

START_TEST(a_duplicate_is_the_same_event_byte_for_byte)
{
    static const char *const others[] = {
        "{'id':'e','source':'s','sequence':'9','changes':{'/a':1},'base':{'/a':0} }",
        "{'id':'f','source':'s','sequence':'9','changes':{'/a':1},'base':{'/a':0}}",
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct doctored log = good;

        log.events[1].text = others[i];
        EXPECT_BAD(&log, false_decisions, "duplicate, but no such event ended before");
    }
}
END_TEST

START_TEST(an_event_without_an_id_or_a_source_has_no_duplicate)
{
    static const char *const nameless[] = {"{'source':'s','changes':{'/a':1},'base':{'/a':0}}",
                                           "{'id':'e','changes':{'/a':1},'base':{'/a':0}}"};

    for (size_t i = 0; i < sizeof(nameless) / sizeof(nameless[0]); i++) {
        struct doctored log = good;

        log.events[0].text = log.events[1].text = nameless[i];
        log.events[2].text = log.records[2] = NULL;
        EXPECT_BAD(&log, false_decisions, "duplicate, but no such event ended before");
    }
}
END_TEST

START_TEST(what_ended_without_effect_makes_no_duplicate)
{
    struct doctored log = good;

    log.initial = log.final = "{'a':5}";
    log.writes[0] = NULL;
    log.records[0] = RECORD("0", "conflict", "'field'", ALONE, "",
                            DECISION("/a", "merge", "c4", "'base_from':'event','base':0", "5", "1", "conflict"), "v1",
                            "null");
    log.conflicts[0] = 1;
    log.events[2].text = log.records[2] = NULL;
    EXPECT_BAD(&log, false_decisions, "duplicate, but no such event ended before");
}
END_TEST

START_TEST(a_sequence_above_all_others_is_not_outdated)
{
    static const char *const above[] = {
        "{'source':'s','sequence':'10','changes':{'/a':7}}", /* as numbers */
        "{'source':'s','sequence':'-','changes':{'/a':7}}", /* another shape */
        "{'source':'t','sequence':'8','changes':{'/a':7}}",
        "{'source':'s','changes':{'/a':7}}",
    };

    for (size_t i = 0; i < sizeof(above) / sizeof(above[0]); i++) {
        struct doctored log = good;

        log.events[2].text = above[i];
        EXPECT_BAD(&log, false_decisions, "outdated, but no event of its sequence or above ended");
    }
}
END_TEST

START_TEST(sequences_that_are_no_numbers_compare_as_text)
{
    struct doctored log = good;

    doctored_change(&log, &log.events[0].text, "'9'", "'b10'");
    log.events[1].text = log.events[0].text;
    log.events[2].text = "{'source':'s','sequence':'a9','changes':{'/a':7}}";
    EXPECT_GOOD(&log);
    log.events[2].text = "{'source':'s','sequence':'b9','changes':{'/a':7}}";
    EXPECT_BAD(&log, false_decisions, "outdated, but no event of its sequence or above ended");
}
END_TEST

START_TEST(a_repeated_event_has_no_decisions_and_no_version_of_a_write)
{
    struct doctored decided = good, written = good;

    doctored_change(&decided, &decided.records[1], "'decisions':[]",
                    "'decisions':[" DECISION("/a", "merge", "c1", "'base_from':'none'", "1", "1", "theirs") "]");
    EXPECT_BAD(&decided, false_decisions, "a repeated event was decided");
    doctored_change(&written, &written.records[2], "'after':null", "'after':'v3'");
    EXPECT_BAD(&written, false_decisions, "a repeated event was decided");
}
END_TEST

UNIT_TESTS("demo/check_repeats", a_duplicate_and_an_outdated_event_pass_and_are_counted,
           a_duplicate_is_the_same_event_byte_for_byte, an_event_without_an_id_or_a_source_has_no_duplicate,
           what_ended_without_effect_makes_no_duplicate, a_sequence_above_all_others_is_not_outdated,
           sequences_that_are_no_numbers_compare_as_text, a_repeated_event_has_no_decisions_and_no_version_of_a_write)
