#include "tests/support/doctored.h"
#include "tests/support/unit.h"

/* Folds: several events, one write, a record each. Every test tells a good log otherwise in one place. */

static const struct model_pattern patterns[] = {{.pattern = BYTES("/status"), .rule = MODEL_EXTERNAL}, {.pattern = BYTES("/map"), .rule = MODEL_ATOMIC}};
static const struct model_rules rules = {patterns, 2, MODEL_MERGE};

#define OF_4(position) "'folded':4,'fold_position':" position
#define OF_2(position) "'folded':2,'fold_position':" position
#define ALONE          "'folded':1"
#define NO_BASE        "'base_from':'none'"
#define FROM(from, base) "'base_from':'" from "','base':" base
#define BASE(base)     FROM("event", base)
#define MEMORY(base)   FROM("memory", base)
#define WRITTEN        "'written':true"
#define GONE(offset)   "'superseded_by':" offset

/* A user sets F; then three events set the status one after the other, the second one a note too, and a fourth one in
 * between is in conflict about the note, so that its status is not written either. Other documents have the offsets
 * that are not here. */
enum { FIRST, SECOND, DROPPED, LAST };
static const struct doctored good = {
    .rules = &rules,
    .initial = "{'status':'A','note':1}",
    .final = "{'status':'D','note':5}",
    .events = {{0, "{'changes':{'/status':'B'},'base':{'/status':'A'}}"},
               {2, "{'changes':{'/status':'C','/note':5}}"},
               {3, "{'changes':{'/note':7,'/status':'X'},'base':{'/note':1}}"},
               {7, "{'changes':{'/status':'D'},'base':{'/status':'C'}}"}},
    .writes = {WRITE("1", "user", "v1", "v2", "{'status':'A','note':1}", "{'status':'F','note':1}", "null"),
               WRITE("2", "anonymous", "v2", "v3", "{'status':'F','note':1}", "{'status':'D','note':5}", "null")},
    .records = {RECORD("0", "merged", "null", OF_4("1"), "",
                       OURS("/status", "external", "c4", BASE("'A'"), "'F'", "'B'", GONE("2")), "v2", "'v3'"),
                RECORD("2", "merged", "'no_base'", OF_4("2"), "",
                       OURS("/status", "external", "c2", MEMORY("'B'"), "'B'", "'C'", GONE("7")) ","
                       OURS("/note", "merge", "c5", NO_BASE, "1", "5", WRITTEN), "v2", "'v3'"),
                RECORD("3", "conflict", "'field'", OF_4("3"), "",
                       DECISION("/note", "merge", "c4", BASE("1"), "5", "7", "conflict") ","
                       DECISION("/status", "external", "c2", MEMORY("'C'"), "'C'", "'X'", "ours"), "v2", "null"),
                RECORD("7", "applied", "null", OF_4("4"), "",
                       OURS("/status", "external", "c2", BASE("'C'"), "'C'", "'D'", WRITTEN), "v2", "'v3'")},
    .conflicts = {DROPPED + 1},
};

START_TEST(a_good_fold_of_three_and_one_that_dropped_out_passes_and_is_counted)
{
    struct doctored log = good;

    EXPECT_GOOD(&log);
    ck_assert_uint_eq(log.result.folds, 1);
    ck_assert_uint_eq(log.result.folded, 4);
    ck_assert_uint_eq(log.result.outcomes[CHECK_MERGED], 2);
    ck_assert_uint_eq(log.result.replaced[MODEL_EXTERNAL][MODEL_C4], 1); /* by the first one, not by the last */
    ck_assert_uint_eq(log.result.ambiguous, 0);
}
END_TEST

START_TEST(a_mate_without_a_record_is_missed)
{
    struct doctored second = good, last = good;

    second.records[SECOND] = NULL;
    EXPECT_BAD(&second, lost, "it ended with 3 others, and 1 of them have no record");
    last.records[LAST] = NULL;
    EXPECT_BAD(&last, lost, "it ended with 3 others, and 1 of them have no record");
}
END_TEST

/* The successor finds the last value there. */
START_TEST(the_record_of_a_mate_may_be_lost_with_its_worker)
{
    struct doctored log = good;

    log.records[LAST] = RECORD("7", "unchanged", "'already'", ALONE, "",
                               DECISION("/status", "external", "c1", BASE("'C'"), "'D'", "'D'", "theirs"), "v3",
                               "null");
    log.killed_ms = 850;
    EXPECT_GOOD(&log);
    ck_assert_uint_eq(log.result.ambiguous, 1);
    log.killed_ms = 0;
    EXPECT_BAD(&log, overwritten, "have no record");
    log.killed_ms = 850;
    log.events[LAST].text = "{'changes':{'/status':'E'},'base':{'/status':'C'}}"; /* asked for something else */
    EXPECT_BAD(&log, overwritten, "does not ask for that value");
}
END_TEST

START_TEST(what_replaced_a_value_is_a_later_event_of_the_fold_even_if_its_record_is_lost)
{
    struct doctored earlier = good, other = good;

    earlier.records[LAST] = NULL;
    earlier.killed_ms = 850;
    doctored_change(&earlier, &earlier.records[SECOND], "'superseded_by':7", "'superseded_by':0");
    EXPECT_BAD(&earlier, false_decisions, "superseded_by names no later event");
    other.events[4].offset = 9;
    other.events[4].text = "{'changes':{'/status':'D'}}";
    other.records[4] = RECORD("9", "unchanged", "'already'", ALONE, "",
                              DECISION("/status", "external", "c1", MEMORY("'D'"), "'D'", "'D'", "theirs"), "v3",
                              "null");
    other.killed_ms = 850;
    EXPECT_GOOD(&other);
    doctored_change(&other, &other.records[SECOND], "'superseded_by':7", "'superseded_by':9");
    EXPECT_BAD(&other, false_decisions, "superseded_by names no later event");
}
END_TEST

/* A fold of a killed worker, met again. The note can have become 3 only by both events, one after the other. */
static const struct doctored met_again = {
    .rules = &rules,
    .initial = "{'note':1}",
    .final = "{'note':3}",
    .events = {{0, "{'changes':{'/note':2},'base':{'/note':1}}"}, {1, "{'changes':{'/note':3},'base':{'/note':2}}"}},
    .writes = {WRITE("1", "anonymous", "v1", "v2", "{'note':1}", "{'note':3}", "null")},
    .records = {RECORD("0", "unchanged", "'superseded'", OF_2("1"), "",
                       DECISION("/note", "merge", "c4", BASE("1"), "3", "2", "theirs','note':'superseded"), "v2",
                       "null"),
                RECORD("1", "unchanged", "'already'", OF_2("2"), "",
                       DECISION("/note", "merge", "c1", BASE("2"), "3", "3", "theirs"), "v2", "null")},
    .killed_ms = 850,
};

START_TEST(a_fold_of_a_killed_worker_is_explained_by_its_events_together)
{
    struct doctored log = met_again;

    EXPECT_GOOD(&log);
    ck_assert_uint_eq(log.result.ambiguous, 1);
    log.events[0].text = "{'changes':{'/note':2},'base':{'/note':0}}"; /* it cannot have written */
    doctored_change(&log, &log.records[0], "'base':1", "'base':0");
    EXPECT_BAD(&log, unexplained, "/note: a value was replaced by write 1 without a decision on record");
}
END_TEST

START_TEST(a_mate_whose_record_is_lost_went_on_from_what_the_others_decided)
{
    struct doctored log = met_again;

    log.records[0] = RECORD("0", "applied", "null", OF_2("1"), "",
                            OURS("/note", "merge", "c2", BASE("1"), "1", "2", GONE("1")), "v1", "'v2'");
    doctored_change(&log, &log.records[0], "00.900Z", "00.800Z"); /* before the kill: in no doubt */
    doctored_change(&log, &log.records[1], OF_2("2"), ALONE);
    EXPECT_GOOD(&log);
    ck_assert_uint_eq(log.result.ambiguous, 1);
}
END_TEST

START_TEST(swapped_positions_are_seen)
{
    struct doctored log = good;

    doctored_change(&log, &log.records[FIRST], "'fold_position':1", "'fold_position':2");
    doctored_change(&log, &log.records[SECOND], "'fold_position':2", "'fold_position':1");
    EXPECT_BAD(&log, out_of_order, "goes before it in their fold");
}
END_TEST

START_TEST(a_position_outside_the_fold_is_seen)
{
    struct doctored without = good, beyond = good;

    doctored_change(&without, &without.records[LAST], ",'fold_position':4", "");
    EXPECT_BAD(&without, false_decisions, "fold_position is none of a fold of 4");
    doctored_change(&beyond, &beyond.records[LAST], "'fold_position':4", "'fold_position':5");
    EXPECT_BAD(&beyond, false_decisions, "fold_position is none of a fold of 4");
}
END_TEST

START_TEST(the_first_one_that_replaces_somebodys_value_needs_the_decision)
{
    struct doctored missing = good, other = good, later = good;

    doctored_change(&missing, &missing.records[FIRST], "'field':'/status'", "'field':'/other'");
    doctored_change(&missing, &missing.events[FIRST].text, "{'/status':'B'},'base':{'/status'",
                    "{'/other':'B'},'base':{'/other'");
    EXPECT_BAD(&missing, overwritten, "/other");
    doctored_change(&other, &other.records[FIRST], "'theirs':'F'", "'theirs':'E'");
    EXPECT_BAD(&other, overwritten, "/status: the document did not have the value called theirs");
    doctored_change(&later, &later.records[FIRST], "'theirs':'F'", "'theirs':'E'");
    doctored_change(&later, &later.records[SECOND], "'theirs':'B'", "'theirs':'F'");
    EXPECT_BAD(&later, overwritten, "/status: the document did not have the value called theirs");
}
END_TEST

START_TEST(false_words_inside_a_fold_are_seen)
{
    static const struct {
        int record;
        const char *from, *to, *words;
    } lies[] = {
        {FIRST, "'superseded_by':2", "'superseded_by':1", "superseded_by names no later event"},
        {FIRST, "'superseded_by':2", "'superseded_by':3", "superseded_by names no later event"},
        {FIRST, "'superseded_by':2", "'superseded_by':0", "superseded_by names no later event"},
        {FIRST, "'superseded_by':2", "'written':true", "called written, but a later event"},
        {FIRST, "'superseded_by':2", "'written':true,'superseded_by':2", "written and superseded"},
        {FIRST, "'superseded_by':2", "'written':false", "neither written nor superseded"},
        {SECOND, ",'written':true", "", "neither written nor superseded"},
        {DROPPED, "'decided':'conflict'", "'decided':'conflict','written':true", "called written"},
        {DROPPED, "'theirs':5", "'theirs':3", "did not have the value called theirs"},
        {LAST, "'theirs':'C'", "'theirs':'B'", "did not have the value called theirs"},
        {LAST, "'theirs':'C'", "'theirs':'F'", "did not have the value called theirs"},
        {SECOND, "'base_from':'memory','base':'B'", "'base_from':'memory','base':'A'", "set another base"},
        {SECOND, "'base_from':'memory','base':'B'", "'base_from':'version','base':'B'", "base_version is not"},
        {LAST, "'before':'v2'", "'before':'v1'", "of them have no record"},
        {LAST, "'after':'v3'", "'after':'v4'", "different versions after"},
        {LAST, "'applied','reason':null", "'unchanged','reason':'folded_away'", "which it cannot be"},
    };

    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct doctored log = good;

        doctored_change(&log, &log.records[lies[i].record], lies[i].from, lies[i].to);
        EXPECT_BAD(&log, false_decisions, lies[i].words);
    }
}
END_TEST

/* Only the first one to change something can have found its version. */
START_TEST(a_base_version_holds_until_a_mate_has_changed_something)
{
    struct doctored log = good;

    log.events[FIRST].text = "{'changes':{'/status':'B'},'base_version':'v2'}";
    doctored_change(&log, &log.records[FIRST], "'case':'c4','base_from':'event','base':'A'",
                    "'case':'c2','base_from':'version','base':'F'");
    EXPECT_GOOD(&log);
    log.events[SECOND].text = "{'changes':{'/status':'C','/note':5},'base_version':'v2'}";
    doctored_change(&log, &log.records[SECOND], "'case':'c5','base_from':'none'",
                    "'case':'c2','base_from':'version','base':1");
    EXPECT_BAD(&log, false_decisions, "/note: base_version is not that version");
}
END_TEST

START_TEST(a_write_without_the_value_of_a_mate_is_seen)
{
    struct doctored log = good;

    doctored_change(&log, &log.writes[1], "'D','note':5", "'D','note':1");
    log.final = "{'status':'D','note':1}";
    EXPECT_BAD(&log, false_decisions, "claims a write that the log does not have");
}
END_TEST

START_TEST(an_event_between_mates_that_was_written_after_them_is_out_of_order)
{
    struct doctored log = good;

    log.events[4].offset = 1;
    log.events[4].text = "{'changes':{'/tag':1},'base_missing':['/tag']}";
    log.writes[2] =
        WRITE("3", "anonymous", "v3", "v4", "{'status':'D','note':5}", "{'status':'D','note':5,'tag':1}", "null");
    log.records[4] = RECORD("1", "applied", "null", ALONE, "",
                            OURS("/tag", "merge", "c2", "'base_from':'event','base_missing':true,'theirs_missing':true",
                                 "null", "1", WRITTEN), "v3", "'v4'");
    doctored_change(&log, &log.records[4], "'theirs':null,", "");
    log.final = "{'status':'D','note':5,'tag':1}";
    doctored_tell(&log);
    ck_assert_uint_eq(log.result.out_of_order, 2); /* recorded and written too late */
    ck_assert_uint_eq(log.result.false_decisions, 0);
}
END_TEST

/* The answer of the write is lost; the edits stand, and every mate has the decisions of that merge. */
START_TEST(a_fold_whose_answer_was_lost_is_explained_by_its_mates)
{
    struct doctored log = good;

    doctored_change(&log, &log.writes[1], "'fault':null", "'fault':'answer_lost'");
    for (int i = FIRST; i <= LAST; i++)
        doctored_change(&log, &log.records[i], "'attempts':[]",
                        "'attempts':[{'request':'PUT','version':'v2','meaning':'outage'}]");
    for (int i = FIRST; i <= LAST; i++) {
        if (i != DROPPED)
            doctored_change(&log, &log.records[i], "'after':'v3'", "'after':null");
    }
    EXPECT_GOOD(&log);
    ck_assert_uint_eq(log.result.ambiguous, 1);
    log = good;
    doctored_change(&log, &log.writes[1], "'fault':null", "'fault':'answer_lost'");
    for (int i = FIRST; i <= LAST; i++) {
        if (i != DROPPED)
            doctored_change(&log, &log.records[i], "'after':'v3'", "'after':null");
    }
    EXPECT_BAD(&log, overwritten, "without a decision on record"); /* nobody says that he tried */
}
END_TEST

static const struct doctored folded_away = {
    .rules = &rules,
    .initial = "{'status':'A'}",
    .final = "{'status':'A'}",
    .events = {{0, "{'changes':{'/status':'B'}}"}, {1, "{'changes':{'/status':'A'}}"}},
    .records = {RECORD("0", "unchanged", "'folded_away'", OF_2("1"), "",
                       OURS("/status", "external", "c5", NO_BASE, "'A'", "'B'", GONE("1")), "v1", "null"),
                RECORD("1", "unchanged", "'folded_away'", OF_2("2"), "",
                       DECISION("/status", "external", "c2", MEMORY("'B'"), "'B'", "'A'", "ours"), "v1", "null")},
};

START_TEST(what_is_folded_away_has_no_net_change)
{
    struct doctored log = folded_away;

    EXPECT_GOOD(&log);
    log.events[1].text = "{'changes':{'/status':'C'}}";
    doctored_change(&log, &log.records[1], "'ours':'A'", "'ours':'C'");
    EXPECT_BAD(&log, false_decisions, "folded away, but the fold has a net change");
}
END_TEST

START_TEST(only_a_fold_is_folded_away)
{
    struct doctored log = folded_away;

    doctored_change(&log, &log.records[0], "'reason':'folded_away'", "'reason':'kept'");
    EXPECT_BAD(&log, false_decisions, "unchanged, but the decisions say otherwise");
}
END_TEST

/* The map as a whole, then a member of it: the first one is still called written. */
START_TEST(a_value_that_a_mate_changes_inside_stays_written)
{
    struct doctored log = {
        .rules = &rules,
        .initial = "{'map':{'a':0,'b':0}}",
        .final = "{'map':{'a':3,'b':2}}",
        .events = {{0, "{'changes':{'/map':{'a':1,'b':2}}}"}, {1, "{'changes':{'/map/a':3}}"}},
        .writes = {WRITE("1", "anonymous", "v1", "v2", "{'map':{'a':0,'b':0}}", "{'map':{'a':3,'b':2}}", "null")},
        .records = {RECORD("0", "merged", "'no_base'", OF_2("1"), "",
                           OURS("/map", "atomic", "c5", NO_BASE, "{'a':0,'b':0}", "{'a':1,'b':2}", WRITTEN), "v1",
                           "'v2'"),
                    RECORD("1", "merged", "'no_base'", OF_2("2"), "",
                           OURS("/map/a", "atomic", "c5", NO_BASE, "1", "3", WRITTEN), "v1", "'v2'")},
    };

    EXPECT_GOOD(&log);
    doctored_change(&log, &log.records[0], "'written':true", "'superseded_by':1");
    EXPECT_BAD(&log, false_decisions, "superseded_by names no later event");
}
END_TEST

UNIT_TESTS("demo/check_folds", a_good_fold_of_three_and_one_that_dropped_out_passes_and_is_counted,
           a_mate_without_a_record_is_missed, the_record_of_a_mate_may_be_lost_with_its_worker,
           what_replaced_a_value_is_a_later_event_of_the_fold_even_if_its_record_is_lost,
           a_fold_of_a_killed_worker_is_explained_by_its_events_together,
           a_mate_whose_record_is_lost_went_on_from_what_the_others_decided,
           swapped_positions_are_seen, a_position_outside_the_fold_is_seen,
           the_first_one_that_replaces_somebodys_value_needs_the_decision, false_words_inside_a_fold_are_seen,
           a_base_version_holds_until_a_mate_has_changed_something, a_write_without_the_value_of_a_mate_is_seen,
           an_event_between_mates_that_was_written_after_them_is_out_of_order,
           a_fold_whose_answer_was_lost_is_explained_by_its_mates, what_is_folded_away_has_no_net_change,
           only_a_fold_is_folded_away, a_value_that_a_mate_changes_inside_stays_written)
