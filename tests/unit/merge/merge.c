#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* What surrounds the table: settings, guards, parents, groups, arrays, and what the whole event comes to. */

#define CONFLICT_AND_CHANGE                                                                                  \
    "{\"changes\":{\"/f\":\"O\",\"/g\":2},\"base\":{\"/f\":\"B\",\"/g\":1}}"

START_TEST(a_conflict_writes_nothing_of_the_event)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"f\":\"T\",\"g\":1}", CONFLICT_AND_CHANGE);
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X; /g c2 O");
    ck_assert_int_eq(trial->output.verdict, MERGE_CONFLICT);
    ck_assert_int_eq(trial->output.edit_count, 0);
    ck_assert(!trial->output.decisions[1].is_written);
    trial_free(trial);
}
END_TEST

START_TEST(partial_writes_the_fields_without_conflict)
{
    struct trial *trial = trial_new();

    trial->defaults.partial = true;
    trial_merge(trial, "{\"f\":\"T\",\"g\":1}", CONFLICT_AND_CHANGE);
    ck_assert_int_eq(trial->output.verdict, MERGE_CONFLICT);
    ck_assert_str_eq(trial_document(trial), "{\"f\":\"T\",\"g\":2}");
    ck_assert(!trial->output.decisions[0].is_written);
    ck_assert(trial->output.decisions[1].is_written);
    trial_free(trial);
}
END_TEST

START_TEST(on_conflict_external_and_document_decide_instead_of_a_person)
{
    struct trial *trial = trial_new();
    struct rule_entry *entry = trial_rule(trial, "/g", "merge");

    entry->has_on_conflict = true;
    entry->on_conflict = ON_CONFLICT_DOCUMENT;
    trial->defaults.on_conflict = ON_CONFLICT_EXTERNAL;
    trial_merge(trial, "{\"f\":\"T\",\"g\":\"T\"}",
                "{\"changes\":{\"/f\":1,\"/g\":1},\"base\":{\"/f\":2,\"/g\":2}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c4 O on_conflict; /g c4 T on_conflict");
    ck_assert_int_eq(trial->output.verdict, MERGE_WRITE);
    trial_free(trial);
}
END_TEST

START_TEST(no_base_for_all_leaves_prefer_document_alone)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/owner", "prefer_document");
    trial_rule(trial, "/list", "atomic");
    trial_rule(trial, "/status", "external");
    trial->defaults.no_base = NO_BASE_CONFLICT;
    trial_merge(trial, "{\"f\":1,\"owner\":1,\"list\":1,\"status\":1}",
                "{\"changes\":{\"/f\":2,\"/owner\":2,\"/list\":2,\"/status\":2}}");
    ck_assert_str_eq(trial_decisions(trial),
                     "/f c5 X no_base; /owner c5 T no_base; /list c5 X no_base; /status c5 O no_base");
    trial_free(trial);
}
END_TEST

START_TEST(no_base_of_a_pattern_wins_over_the_one_for_all)
{
    struct trial *trial = trial_new();
    struct rule_entry *owner = trial_rule(trial, "/owner", "prefer_document");
    struct rule_entry *f = trial_rule(trial, "/f", "merge");

    owner->has_no_base = f->has_no_base = true;
    owner->no_base = NO_BASE_EXTERNAL;
    f->no_base = NO_BASE_DOCUMENT;
    trial->defaults.no_base = NO_BASE_CONFLICT;
    trial_merge(trial, "{\"f\":1,\"owner\":1}", "{\"changes\":{\"/f\":2,\"/owner\":2}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 T no_base; /owner c5 O no_base");
    trial_free(trial);
}
END_TEST

START_TEST(a_guard_that_holds_is_silent_and_one_that_does_not_stops_the_event)
{
    struct trial *trial = trial_new();

    trial->defaults.partial = true; /* a condition of the whole event: not even the other fields */
    trial_merge(trial, "{\"f\":1,\"state\":\"OPEN\"}", "{\"changes\":{\"/f\":2},\"base\":{\"/state\":\"OPEN\"}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 O no_base");
    trial_merge(trial, "{\"f\":1,\"state\":\"SHUT\"}", "{\"changes\":{\"/f\":2},\"base\":{\"/state\":\"OPEN\"}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 O no_base; /state c3 X guard");
    ck_assert_int_eq(trial->output.verdict, MERGE_CONFLICT);
    ck_assert_int_eq(trial->output.edit_count, 0);
    trial_free(trial);
}
END_TEST

START_TEST(a_guard_may_demand_that_a_field_is_missing)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"f\":1,\"lock\":1}", "{\"changes\":{\"/f\":2},\"base_missing\":[\"/lock\"]}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 O no_base; /lock c3 X guard");
    trial_free(trial);
}
END_TEST

START_TEST(an_ignored_field_guards_nothing)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/state", "ignore");
    trial_merge(trial, "{\"f\":1,\"state\":2}", "{\"changes\":{\"/f\":2},\"base\":{\"/state\":1}}");
    ck_assert_int_eq(trial->output.verdict, MERGE_WRITE);
    trial_free(trial);
}
END_TEST

START_TEST(a_required_base_version_is_a_condition)
{
    struct trial *trial = trial_new();

    trial->defaults.base_version = BASE_VERSION_REQUIRE;
    trial->input.version = BYTES("v2");
    trial_merge(trial, "{\"f\":1,\"g\":1}", "{\"changes\":{\"/f\":2,\"/g\":1},\"base_version\":\"v1\"}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 X base_version; /g c1 T");
    trial->input.version = BYTES("v1");
    trial_merge(trial, "{\"f\":1,\"g\":1}", "{\"changes\":{\"/f\":2,\"/g\":1},\"base_version\":\"v1\"}");
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O; /g c1 T");
    trial_free(trial);
}
END_TEST

START_TEST(missing_parents_are_created)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{}", "{\"changes\":{\"/a/b/c\":1,\"/a/b/d\":2}}");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}");
    trial_free(trial);
}
END_TEST

START_TEST(a_parent_that_is_no_object_is_a_conflict)
{
    struct trial *trial = trial_new();

    trial->defaults.on_conflict = ON_CONFLICT_EXTERNAL; /* cannot be set, whoever decides */
    trial_merge(trial, "{\"a\":\"text\",\"l\":[1]}", "{\"changes\":{\"/a/b\":1,\"/l/x\":1}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/b c5 X parent; /l/x c5 X parent");
    trial_free(trial);
}
END_TEST

START_TEST(removing_below_a_parent_that_is_no_object_is_done_already)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"a\":\"text\"}", "{\"remove\":[\"/a/b\"]}");
    ck_assert_int_eq(trial->output.verdict, MERGE_NOTHING);
    ck_assert(trial->output.is_already);
    trial_free(trial);
}
END_TEST

START_TEST(an_element_of_an_array_is_rejected)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"a\":{\"l\":[1,2]}}", "{\"changes\":{\"/a/l/0\":5}}");
    ck_assert_int_eq(trial->output.verdict, MERGE_REJECT);
    ck_assert(bytes_equal(trial->output.reject_field, BYTES("/a/l/0")));
    trial_merge(trial, "{\"a\":{\"l\":[1,2]}}", "{\"changes\":{\"/a/l/-\":5}}");
    ck_assert_int_eq(trial->output.verdict, MERGE_REJECT);
    trial_free(trial);
}
END_TEST

START_TEST(a_numeric_token_is_a_name_where_there_is_no_array)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"a\":{}}", "{\"changes\":{\"/a/0\":5,\"/b/-\":1}}");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"0\":5},\"b\":{\"-\":1}}");
    trial_free(trial);
}
END_TEST

START_TEST(an_array_is_one_value)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"l\":[1,2]}", "{\"changes\":{\"/l\":[1,3]},\"base\":{\"/l\":[1,2]}}");
    ck_assert_str_eq(trial_decisions(trial), "/l c2 O");
    trial_free(trial);
}
END_TEST

START_TEST(a_member_that_is_not_mentioned_stays)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"a\":{\"mine\":1,\"x\":1}}",
                "{\"changes\":{\"/a\":{\"x\":2}},\"base\":{\"/a\":{\"mine\":1,\"x\":1}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/x c2 O");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"mine\":1,\"x\":2}}");
    trial_free(trial);
}
END_TEST

START_TEST(atomic_replaces_an_object_whole)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/a", "atomic");
    trial_merge(trial, "{\"a\":{\"mine\":1,\"x\":1}}", "{\"changes\":{\"/a\":{\"x\":2}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"x\":2}}");
    trial_free(trial);
}
END_TEST

START_TEST(an_object_takes_the_place_of_what_is_no_object_as_one_value)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"a\":null}", "{\"changes\":{\"/a\":{\"x\":2}},\"base\":{\"/a\":null}}");
    ck_assert_str_eq(trial_decisions(trial), "/a c2 O");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"x\":2}}");
    trial_free(trial);
}
END_TEST

START_TEST(an_empty_object_is_created_and_mentions_nothing)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"b\":{\"x\":1}}", "{\"changes\":{\"/a\":{},\"/b\":{}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a c5 O no_base; /b c1 T");
    ck_assert_str_eq(trial_document(trial), "{\"b\":{\"x\":1},\"a\":{}}");
    trial_free(trial);
}
END_TEST

START_TEST(names_with_slash_and_tilde_are_split_into_pointers)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"a\":{\"x/y\":1,\"m~n\":1}}", "{\"changes\":{\"/a\":{\"x\\/y\":2,\"m~n\":3}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/x~1y c5 O no_base; /a/m~0n c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"x/y\":2,\"m~n\":3}}");
    trial_free(trial);
}
END_TEST

static void group_of(struct trial *trial, const char *pattern)
{
    trial_rule(trial, pattern, "merge")->group = BYTES("money");
}

START_TEST(a_group_with_one_conflict_is_in_conflict)
{
    struct trial *trial = trial_new();

    trial->defaults.partial = true;
    group_of(trial, "/price");
    group_of(trial, "/currency");
    trial_merge(trial, "{\"price\":1,\"currency\":\"EUR\",\"f\":1}",
                "{\"changes\":{\"/price\":2,\"/currency\":\"USD\",\"/f\":2},"
                "\"base\":{\"/price\":1,\"/currency\":\"CHF\",\"/f\":1}}");
    ck_assert_str_eq(trial_decisions(trial), "/price c2 X group; /currency c4 X; /f c2 O");
    ck_assert_str_eq(trial_document(trial), "{\"price\":1,\"currency\":\"EUR\",\"f\":2}");
    trial_free(trial);
}
END_TEST

START_TEST(a_group_is_not_half_ours_and_half_theirs)
{
    struct trial *trial = trial_new();

    group_of(trial, "/price");
    group_of(trial, "/currency");
    trial_merge(trial, "{\"price\":1,\"currency\":\"EUR\"}",
                "{\"changes\":{\"/price\":2,\"/currency\":\"USD\"},\"base\":{\"/price\":1,\"/currency\":\"USD\"}}");
    ck_assert_str_eq(trial_decisions(trial), "/price c2 X group; /currency c3 X group");
    trial_free(trial);
}
END_TEST

START_TEST(a_group_with_one_answer_goes_through)
{
    struct trial *trial = trial_new();

    group_of(trial, "/price");
    group_of(trial, "/currency");
    trial_merge(trial, "{\"price\":1,\"currency\":\"EUR\"}",
                "{\"changes\":{\"/price\":2,\"/currency\":\"EUR\"},\"base\":{\"/price\":1,\"/currency\":\"CHF\"}}");
    ck_assert_str_eq(trial_decisions(trial), "/price c2 O; /currency c1 T");
    trial_free(trial);
}
END_TEST

START_TEST(applied_needs_c1_and_c2_alone)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"f\":1,\"g\":1}", "{\"changes\":{\"/f\":2,\"/g\":1},\"base\":{\"/f\":1}}");
    ck_assert(trial->output.is_plain);
    trial_merge(trial, "{\"f\":1,\"g\":1}", "{\"changes\":{\"/f\":2,\"/g\":2},\"base\":{\"/f\":1}}");
    ck_assert(!trial->output.is_plain);
    trial_free(trial);
}
END_TEST

START_TEST(already_and_kept_differ)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/owner", "document");
    trial_merge(trial, "{\"f\":1}", "{\"changes\":{\"/f\":1}}");
    ck_assert(trial->output.verdict == MERGE_NOTHING && trial->output.is_already);
    trial_merge(trial, "{\"f\":1,\"owner\":1}", "{\"changes\":{\"/f\":1,\"/owner\":2}}");
    ck_assert(trial->output.verdict == MERGE_NOTHING && !trial->output.is_already);
    trial_free(trial);
}
END_TEST

static void with_later(struct trial *trial, const char *theirs, const char *event, const char *later_text)
{
    static struct event later;
    static const struct event *const all[] = {&later};
    struct event_fault fault;

    ck_assert(event_parse(&(struct event_input){.key = BYTES("4711"), .value = bytes_of(later_text)}, &EVENT_LIMITS_DEFAULT, trial->arena,
                          &later, &fault));
    trial->input.later = all;
    trial->input.later_count = 1;
    trial_merge(trial, theirs, event);
}

START_TEST(what_a_later_event_asks_for_is_not_written_back)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/status", "external");
    with_later(trial, "{\"status\":\"C\",\"f\":1}", "{\"changes\":{\"/status\":\"B\",\"/f\":2},\"base\":{\"/status\":\"A\"}}",
               "{\"changes\":{\"/status\":\"C\"}}");
    ck_assert_str_eq(trial_decisions(trial), "/status c4 T superseded; /f c5 O no_base");
    with_later(trial, "{\"status\":\"C\"}", "{\"changes\":{\"/status\":\"B\"}}", "{\"changes\":{\"/status\":\"C\"}}");
    ck_assert_int_eq(trial->output.verdict, MERGE_NOTHING);
    ck_assert(trial->output.is_superseded && !trial->output.is_already);
    trial_free(trial);
}
END_TEST

START_TEST(a_later_event_supersedes_through_the_parent_and_by_removal)
{
    struct trial *trial = trial_new();

    with_later(trial, "{\"a\":{\"x\":3}}", "{\"changes\":{\"/a/x\":2}}", "{\"changes\":{\"/a\":{\"x\":3}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/x c5 T superseded");
    with_later(trial, "{}", "{\"changes\":{\"/a\":2}}", "{\"remove\":[\"/a\"]}");
    ck_assert_str_eq(trial_decisions(trial), "/a c5 T superseded");
    trial_free(trial);
}
END_TEST

START_TEST(what_a_later_object_does_not_mention_is_not_superseded)
{
    struct trial *trial = trial_new();

    with_later(trial, "{\"a\":{}}", "{\"changes\":{\"/a/x\":null}}", "{\"changes\":{\"/a\":{\"y\":1}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/x c5 O no_base");
    trial_free(trial);
}
END_TEST

START_TEST(a_later_event_that_asks_for_something_else_supersedes_nothing)
{
    struct trial *trial = trial_new();

    with_later(trial, "{\"a\":1}", "{\"changes\":{\"/a\":2}}", "{\"changes\":{\"/a\":3},\"base\":{\"/b\":1}}");
    ck_assert_str_eq(trial_decisions(trial), "/a c5 O no_base");
    with_later(trial, "{\"b\":1}", "{\"changes\":{\"/b\":2}}", "{\"changes\":{\"/a\":3},\"base\":{\"/b\":1}}");
    ck_assert_str_eq(trial_decisions(trial), "/b c5 O no_base"); /* a guard asks for nothing */
    trial_free(trial);
}
END_TEST

START_TEST(edits_stand_when_all_of_them_do)
{
    struct trial *trial = trial_new();
    const struct json_edit edits[] = {{.pointer = BYTES("/f"), .value = BYTES("1.0")}, {.pointer = BYTES("/g")}};
    struct json document = trial_scan(trial, "{\"f\":1}"), changed = trial_scan(trial, "{\"f\":1,\"g\":1}");

    ck_assert(merge_edits_stand(&document, edits, 2, trial->arena));
    ck_assert(!merge_edits_stand(&changed, edits, 2, trial->arena));
    trial_free(trial);
}
END_TEST

UNIT_TESTS("merge/merge", a_conflict_writes_nothing_of_the_event, partial_writes_the_fields_without_conflict,
           on_conflict_external_and_document_decide_instead_of_a_person, no_base_for_all_leaves_prefer_document_alone,
           no_base_of_a_pattern_wins_over_the_one_for_all,
           a_guard_that_holds_is_silent_and_one_that_does_not_stops_the_event,
           a_guard_may_demand_that_a_field_is_missing, an_ignored_field_guards_nothing,
           a_required_base_version_is_a_condition, missing_parents_are_created,
           a_parent_that_is_no_object_is_a_conflict, removing_below_a_parent_that_is_no_object_is_done_already,
           an_element_of_an_array_is_rejected, a_numeric_token_is_a_name_where_there_is_no_array,
           an_array_is_one_value, a_member_that_is_not_mentioned_stays, atomic_replaces_an_object_whole,
           an_object_takes_the_place_of_what_is_no_object_as_one_value,
           an_empty_object_is_created_and_mentions_nothing, names_with_slash_and_tilde_are_split_into_pointers,
           a_group_with_one_conflict_is_in_conflict, a_group_is_not_half_ours_and_half_theirs,
           a_group_with_one_answer_goes_through, applied_needs_c1_and_c2_alone, already_and_kept_differ,
           what_a_later_event_asks_for_is_not_written_back,
           a_later_event_supersedes_through_the_parent_and_by_removal,
           what_a_later_object_does_not_mention_is_not_superseded,
           a_later_event_that_asks_for_something_else_supersedes_nothing,
           edits_stand_when_all_of_them_do)
