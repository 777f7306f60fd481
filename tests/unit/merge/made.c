#include "common/memory.h"
#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* Rules that make a value of their own: neither what the event asks for nor what the document has. */

/* What the field becomes: "CASE RESULT VALUE" of an edit, else "CASE RESULT NOTE". NULL for ours: removed, for theirs:
 * missing, for base: unknown. */
static char *becomes(const char *rule, const char *values, const char *theirs, const char *base, const char *ours)
{
    struct trial *trial = trial_new();
    auto_text document = theirs != NULL ? memory_format("{\"f\":%s}", theirs) : memory_text("{}");
    auto_text asked = ours != NULL ? memory_format("\"changes\":{\"/f\":%s}", ours) : memory_text("\"remove\":[\"/f\"]");
    auto_text event = base != NULL ? memory_format("{%s,\"base\":{\"/f\":%s}}", asked, base) : memory_format("{%s}", asked);
    struct rule_entry *entry = trial_rule(trial, "/f", rule);
    char *text;

    if (values != NULL)
        entry->values = bytes_of(values);
    trial_merge(trial, document, event);
    ck_assert_uint_eq(trial->output.decision_count, 1);
    if (trial->output.edit_count == 1)
        text = memory_format("%s %.*s", trial_decisions(trial) + strlen("/f "),
                             BYTES_ARG(trial->output.edits[0].value));
    else
        text = memory_text(trial_decisions(trial) + strlen("/f "));
    trial_free(trial);
    return text;
}

#define BECOMES(rule, values, theirs, base, ours, wanted)                                                    \
    do {                                                                                                     \
        auto_text got_ = becomes(rule, values, theirs, base, ours);                                          \
        ck_assert_str_eq(got_, wanted);                                                                      \
    } while (0)
#define SET(theirs, base, ours, wanted) BECOMES("set", NULL, theirs, base, ours, wanted)

START_TEST(a_set_keeps_what_others_added_and_drops_what_the_event_took_away)
{
    SET("[1,2]", "[1,2]", "[2,3]", "c2 O [2,3]");
    SET("[\"a\",\"b\",\"theirs\"]", "[\"a\",\"b\"]", "[\"b\",\"ours\"]", "c4 M [\"b\",\"theirs\",\"ours\"]");
    SET("[\"b\"]", "[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]", "c4 M [\"b\",\"c\"]");
    SET("[2,9]", "[1]", "[1]", "c3 T");
}
END_TEST

START_TEST(a_set_without_a_base_only_grows)
{
    SET("[1,2]", NULL, "[2,3]", "c5 M no_base [1,2,3]");
    SET("[1,2]", NULL, "[2]", "c5 T no_base");
    SET("[1,2]", NULL, "[]", "c5 T no_base");
    SET("[1]", NULL, "[1,2]", "c5 O no_base [1,2]");
}
END_TEST

START_TEST(a_set_has_each_value_once_and_no_order)
{
    SET("[2,1]", "[1,2]", "[1,2]", "c3 T");
    SET("[2,1]", "[2,1]", "[1,2]", "c2 T");
    SET("[1.0]", "[]", "[1,1e0,\"1\"]", "c4 M [1.0,\"1\"]");
    SET("[\"\\u0061\"]", "[3]", "[\"a\",\"b\",\"b\"]", "c4 M [\"\\u0061\",\"b\"]");
    SET("[null,true]", "[true]", "[false]", "c4 M [null,false]");
}
END_TEST

START_TEST(what_stays_of_a_set_leaves_byte_for_byte)
{
    SET("[ 1.00 , 2 ,\t3 ]", "[2]", "[4]", "c4 M [ 1.00 ,\t3,4 ]");
    SET("[ 1 , 2 ]", "[1]", "[]", "c4 M [ 2 ]");
    SET("[ 1 ]", "[1,5]", "[5]", "c4 M [  ]");
    SET("[ ]", "[1]", "[1,5]", "c4 M [5]");
}
END_TEST

START_TEST(nothing_is_an_empty_set)
{
    SET(NULL, NULL, "[1]", "c5 O no_base [1]");
    SET("null", "[2]", "[2,1]", "c4 M [1]");
    SET("[1]", "null", "[2]", "c4 M [1,2]");
    SET(NULL, NULL, "[]", "c5 T no_base");
}
END_TEST

START_TEST(what_is_no_array_of_scalars_is_no_set)
{
    SET("[[1]]", NULL, "[1]", "c5 X shape");
    SET("[1]", "{}", "[2]", "c4 X shape");
    SET("\"a\"", NULL, "[1]", "c5 X shape");
    SET("[1]", NULL, "\"a\"", "c5 X shape");
    SET("[1]", NULL, NULL, "c5 X shape");
    SET("\"a\"", "\"a\"", "[1]", "c2 O [1]");
    SET("[1]", "[1]", "null", "c2 O null");
    SET("[1]", "[1]", NULL, "c2 O ");
}
END_TEST

#define ADD(theirs, base, ours, wanted) BECOMES("add", NULL, theirs, base, ours, wanted)

START_TEST(add_adds_what_the_event_adds_to_its_base)
{
    ADD("3", "3", "5", "c2 O 5");
    ADD("7", "3", "5", "c4 M 9");
    ADD("7.25", "3.5", "1", "c4 M 4.75");
    ADD("9007199254740993", "1", "2", "c4 M 9007199254740994");
    ADD("0.1", "1", "1.2", "c4 M 0.3");
    ADD("7", "3", "3", "c3 T");
    ADD("7", "null", "5", "c4 M 12");
}
END_TEST

START_TEST(add_and_append_demand_a_base_of_the_event)
{
    ADD("7", NULL, "5", "c5 X not_repeatable");
    BECOMES("append", NULL, "\"a\"", NULL, "\"ab\"", "c5 X not_repeatable");
}
END_TEST

START_TEST(add_adds_numbers_only)
{
    ADD("\"7\"", "3", "5", "c4 X incomparable");
    ADD("7", "\"3\"", "5", "c4 X incomparable");
    ADD("7", "3", "[5]", "c4 X incomparable");
    ADD(NULL, "3", "5", "c4 X incomparable");
    ADD("7", "3", NULL, "c4 X incomparable");
    ADD("1e2000", "3", "5", "c4 X incomparable");
}
END_TEST

#define APPEND(theirs, base, ours, wanted) BECOMES("append", NULL, theirs, base, ours, wanted)

START_TEST(append_puts_what_the_event_wrote_behind_theirs)
{
    APPEND("\"a\"", "\"a\"", "\"ab\"", "c2 O \"ab\"");
    APPEND("\"a, by ana\"", "\"a\"", "\"a, by bo\"", "c4 M \"a, by ana, by bo\"");
    APPEND("\"\\u0061\\n\"", "\"\"", "\"\\\"q\\\"\"", "c4 M \"\\u0061\\n\\\"q\\\"\"");
    APPEND("[1, 2 ]", "[1]", "[1.0,3]", "c4 M [1, 2,3 ]");
    APPEND(NULL, "[1]", "[1,3]", "c4 M [3]");
    APPEND("[9]", "null", "[1,3]", "c4 M [9,1,3]");
    APPEND("[9]", "[1]", "[1]", "c3 T");
}
END_TEST

START_TEST(append_does_not_guess_what_was_added)
{
    APPEND("\"abc\"", "\"ab\"", "\"b\"", "c4 X prefix");
    APPEND("[1,2]", "[1]", "[2]", "c4 X prefix");
    APPEND("[1,2]", "[1,3]", "[1]", "c4 X prefix");
    APPEND("[1,2]", "\"a\"", "\"ab\"", "c4 X shape");
    APPEND("5", "[1]", "[1,2]", "c4 X shape");
    APPEND("[5]", "[1]", "7", "c4 X shape");
    APPEND("[5]", "[1]", NULL, "c4 X shape");
}
END_TEST

/* An earlier write of the event may have been applied, and the field is not what it was then: nobody can tell whether what
 * the event adds is in it. */
static const char *after_a_write_of_unknown_fate(struct trial *trial, const char *copy)
{
    static const struct json_edit edits[] = {{.pointer = BYTES("/f"), .value = BYTES("9")}};

    trial->refused_copy = trial_scan(trial, copy);
    trial->input.refused_copy = &trial->refused_copy;
    trial->input.own_edits = edits;
    trial->input.own_edit_count = 1;
    trial_rule(trial, "/f", "add");
    trial_merge(trial, "{\"f\":10}", "{\"changes\":{\"/f\":5},\"base\":{\"/f\":3}}");
    return trial_decisions(trial);
}

START_TEST(add_does_not_add_what_may_have_been_added)
{
    struct trial *trial = trial_new(), *untouched = trial_new();

    ck_assert_str_eq(after_a_write_of_unknown_fate(trial, "{\"f\":7}"), "/f c4 X not_repeatable");
    ck_assert_str_eq(after_a_write_of_unknown_fate(untouched, "{\"f\":10}"), "/f c4 M");
    trial_free(untouched);
    trial_free(trial);
}
END_TEST

/* The event says 10:00 UTC; the document what is given. */
static const char *latest(struct trial *trial, const char *changed, const char *base, const char *time)
{
    auto_text document = memory_format("{\"f\":1,\"changed\":%s}", changed);
    auto_text event = memory_format("{\"changes\":{\"/f\":2}%s%s}", base, time);

    trial->entry_count = 0;
    trial_rule(trial, "/f", "latest");
    trial_merge(trial, document, event);
    return trial_decisions(trial) + strlen("/f ");
}

START_TEST(latest_takes_the_newer_of_event_and_document)
{
    static const char time[] = ",\"time\":\"2026-11-24T10:00:00Z\"", base[] = ",\"base\":{\"/f\":0}";
    struct trial *trial = trial_new();

    ck_assert_str_eq(latest(trial, "\"2026-11-24T10:59:59.9+01:00\"", base, time), "c4 O");
    ck_assert_str_eq(latest(trial, "\"2026-11-24T10:00:00.001Z\"", base, time), "c4 T");
    ck_assert_str_eq(latest(trial, "\"2026-11-24T09:00:00Z\"", "", time), "c5 O no_base");
    ck_assert_str_eq(latest(trial, "\"2026-11-24T11:00:00Z\"", ",\"base\":{\"/f\":1}", time), "c2 O");
    ck_assert_str_eq(latest(trial, "\"2026-11-24T09:00:00Z\"", ",\"base\":{\"/f\":2}", time), "c3 T");
    trial_free(trial);
}
END_TEST

START_TEST(latest_does_not_guess_a_time)
{
    static const char time[] = ",\"time\":\"2026-11-24T10:00:00Z\"", base[] = ",\"base\":{\"/f\":0}";
    struct trial *trial = trial_new();

    ck_assert_str_eq(latest(trial, "\"2026-11-24T11:00:00+01:00\"", base, time), "c4 X time");
    ck_assert_str_eq(latest(trial, "\"yesterday\"", base, time), "c4 X time");
    ck_assert_str_eq(latest(trial, "5", base, time), "c4 X time");
    ck_assert_str_eq(latest(trial, "\"2026-11-24T09:00:00Z\"", "", ""), "c5 X time");
    trial_free(trial);
}
END_TEST

#define KEYED(theirs, base, ours, wanted) BECOMES("keyed", "k", theirs, base, ours, wanted)

START_TEST(keyed_elements_are_merged_one_by_one)
{
    KEYED("[{\"k\":1,\"v\":1},{\"k\":2,\"v\":1}]", "[{\"k\":1,\"v\":1},{\"k\":2,\"v\":0}]",
          "[{\"k\":2,\"v\":0},{\"k\":1,\"v\":5}]", "c4 M [{\"k\":1,\"v\":5},{\"k\":2,\"v\":1}]");
    KEYED("[{\"k\":\"a\"}]", "[]", "[{\"k\":\"b\"}]", "c4 M [{\"k\":\"a\"},{\"k\":\"b\"}]");
    KEYED("[{\"k\":1},{\"k\":2},{\"k\":3}]", "[{\"k\":1},{\"k\":2}]", "[{\"k\":2}]", "c4 M [{\"k\":2},{\"k\":3}]");
    KEYED("[{\"k\":2}]", "[{\"k\":1},{\"k\":2}]", "[{\"k\":1},{\"k\":2},{\"k\":4}]", "c4 M [{\"k\":2},{\"k\":4}]");
    KEYED("[{\"k\":1}]", "[{\"k\":1}]", "[{\"k\":1,\"v\":2}]", "c2 O [{\"k\":1,\"v\":2}]");
    KEYED("[{\"k\":1}]", "[{\"k\":2}]", "[{\"k\":2}]", "c3 T");
    KEYED("[{\"k\":1},{\"k\":2}]", "[]", "[{\"k\":2},{\"k\":1}]", "c4 T");
}
END_TEST

START_TEST(members_of_an_element_merge_as_members_of_an_object)
{
    KEYED("[ {\"k\":1, \"o\":{\"a\":1 ,\"b\":2}, \"mine\":1.0} ]", "[{\"k\":1,\"o\":{\"a\":1,\"b\":1}}]",
          "[{\"k\":1,\"o\":{\"a\":3,\"n\":{\"x\":1}}}]",
          "c4 M [ {\"k\":1, \"o\":{\"a\":3 ,\"b\":2,\"n\":{\"x\":1}}, \"mine\":1.0} ]");
    KEYED("[{\"k\":1,\"l\":[1]}]", "[{\"k\":1,\"l\":[2]}]", "[{\"k\":1,\"l\":[3]}]", "c4 X element");
}
END_TEST

START_TEST(keyed_without_a_base_removes_nothing)
{
    KEYED("[{\"k\":1,\"v\":1},{\"k\":2}]", NULL, "[{\"k\":1,\"v\":2},{\"k\":3}]",
          "c5 M no_base [{\"k\":1,\"v\":2},{\"k\":2},{\"k\":3}]");
    KEYED("[{\"k\":1},{\"k\":2}]", NULL, "[{\"k\":1}]", "c5 T no_base");
}
END_TEST

START_TEST(what_has_no_names_or_the_same_twice_is_not_keyed)
{
    KEYED("[{\"k\":1},{\"k\":1.0}]", NULL, "[{\"k\":2}]", "c5 X shape");
    KEYED("[{\"k\":1}]", NULL, "[{\"k\":2},{\"k\":2}]", "c5 X shape");
    KEYED("[{\"k\":1}]", NULL, "[{\"j\":2}]", "c5 X shape");
    KEYED("[{\"k\":null}]", "[5]", "[{\"k\":2}]", "c4 X shape");
    KEYED("[{\"k\":1}]", "[{\"k\":[]}]", "[{\"k\":2}]", "c4 X shape");
    KEYED("[{\"k\":1}]", "[{\"k\":2}]", NULL, "c4 X shape");
    KEYED("[5]", "[5]", "[{\"k\":2}]", "c2 O [{\"k\":2}]");
    KEYED("[{\"k\":1},{\"k\":\"1\"}]", "[]", "[{\"k\":true}]", "c4 M [{\"k\":1},{\"k\":\"1\"},{\"k\":true}]");
}
END_TEST

/* B has 1 and 2; theirs changed 1 and removed 2, the event removed 1 and changed 2. */
static const char *deletion_against_change(struct trial *trial, bool is_said, enum on_conflict way)
{
    struct rule_entry *entry = trial_rule(trial, "/f", "keyed");

    entry->has_on_delete_conflict = is_said;
    entry->on_delete_conflict = way;
    trial_merge(trial, "{\"f\":[{\"k\":1,\"v\":9}]}",
                "{\"changes\":{\"/f\":[{\"k\":2,\"v\":9}]},\"base\":{\"/f\":[{\"k\":1},{\"k\":2}]}}");
    return trial_decisions(trial);
}

START_TEST(an_element_removed_by_one_and_changed_by_the_other_is_a_conflict_that_names_it)
{
    struct trial *trial = trial_new();

    ck_assert_str_eq(deletion_against_change(trial, false, ON_CONFLICT_MANUAL), "/f c4 X deleted");
    ck_assert(bytes_equal(trial->output.decisions[0].element, BYTES("1")));
    trial_free(trial);
}
END_TEST

START_TEST(on_delete_conflict_decides_between_removal_and_change)
{
    struct trial *keeps = trial_new(), *takes = trial_new(), *as_any = trial_new();

    ck_assert_str_eq(deletion_against_change(keeps, true, ON_CONFLICT_DOCUMENT), "/f c4 T");
    ck_assert_str_eq(deletion_against_change(takes, true, ON_CONFLICT_EXTERNAL), "/f c4 O");
    as_any->defaults.on_conflict = ON_CONFLICT_EXTERNAL;
    ck_assert_str_eq(deletion_against_change(as_any, false, ON_CONFLICT_MANUAL), "/f c4 O");
    trial_free(keeps);
    trial_free(takes);
    trial_free(as_any);
}
END_TEST

START_TEST(on_conflict_decides_inside_an_element_and_touches_no_other)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/f", "keyed");
    trial->defaults.on_conflict = ON_CONFLICT_EXTERNAL;
    trial_merge(trial, "{\"f\":[{\"k\":1,\"v\":2,\"w\":2},{\"k\":2}]}",
                "{\"changes\":{\"/f\":[{\"k\":1,\"v\":3}]},\"base\":{\"/f\":[{\"k\":1,\"v\":1}]}}");
    ck_assert_str_eq(trial_document(trial), "{\"f\":[{\"k\":1,\"v\":3,\"w\":2},{\"k\":2}]}");
    trial->defaults.on_conflict = ON_CONFLICT_DOCUMENT;
    trial_merge(trial, "{\"f\":[{\"k\":1,\"v\":2,\"w\":2},{\"k\":2}]}",
                "{\"changes\":{\"/f\":[{\"k\":1,\"v\":3,\"w\":4}]},\"base\":{\"/f\":[{\"k\":1,\"v\":1,\"w\":2}]}}");
    ck_assert_str_eq(trial_document(trial), "{\"f\":[{\"k\":1,\"v\":2,\"w\":4},{\"k\":2}]}");
    trial_free(trial);
}
END_TEST

START_TEST(no_base_of_the_pattern_decides_inside_an_element)
{
    static const char *const wanted[] = {"c5 O no_base", "c5 O no_base", "c5 T no_base", "c5 X element"};

    for (unsigned way = NO_BASE_RULE; way <= NO_BASE_CONFLICT; way++) {
        struct trial *trial = trial_new();
        struct rule_entry *entry = trial_rule(trial, "/f", "keyed");

        entry->has_no_base = true;
        entry->no_base = (enum no_base)way;
        trial_merge(trial, "{\"f\":[{\"k\":1,\"v\":2}]}", "{\"changes\":{\"/f\":[{\"k\":1,\"v\":3}]}}");
        ck_assert_str_eq(trial_decisions(trial) + strlen("/f "), wanted[way]);
        trial_free(trial);
    }
}
END_TEST

/* What this worker itself set there is nothing that the producer saw: its event names what it wants there, not what others
 * have added to it. */
START_TEST(only_the_producers_own_base_takes_something_out_of_a_set)
{
    struct trial *trial = trial_new();
    struct base_memory *memory = base_memory_new();

    base_memory_set(memory, BYTES("/f"), BYTES("[1,2]"));
    trial->input.memory = memory;
    trial->input.version = BYTES("v1");
    trial_rule(trial, "/f", "set");
    trial_merge(trial, "{\"f\":[1,2]}", "{\"changes\":{\"/f\":[1,3]}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 M no_base");
    ck_assert_str_eq(trial_document(trial), "{\"f\":[1,2,3]}");
    trial_merge(trial, "{\"f\":[1,2]}", "{\"changes\":{\"/f\":[1,3]},\"base_version\":\"v1\"}");
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O");
    base_memory_free(memory);
    trial_free(trial);
}
END_TEST

START_TEST(a_value_that_was_made_needs_a_parent_too)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/a/f", "set");
    trial_merge(trial, "{\"a\":5}", "{\"changes\":{\"/a/f\":[1]}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/f c5 X parent");
    trial_free(trial);
}
END_TEST

START_TEST(a_value_that_was_made_counts_as_ours_in_its_group)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/f", "set")->group = BYTES("g");
    trial_rule(trial, "/g", "external")->group = BYTES("g");
    trial_rule(trial, "/h", "document")->group = BYTES("g");
    trial_merge(trial, "{\"f\":[1],\"g\":1,\"h\":1}", "{\"changes\":{\"/f\":[2],\"/g\":2}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 M no_base; /g c5 O no_base");
    trial_merge(trial, "{\"f\":[1],\"g\":1,\"h\":1}", "{\"changes\":{\"/f\":[2],\"/h\":2}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 X group; /h c5 X group");
    trial_free(trial);
}
END_TEST

UNIT_TESTS("merge/made", a_set_keeps_what_others_added_and_drops_what_the_event_took_away,
           a_set_without_a_base_only_grows, a_set_has_each_value_once_and_no_order,
           what_stays_of_a_set_leaves_byte_for_byte, nothing_is_an_empty_set, what_is_no_array_of_scalars_is_no_set,
           add_adds_what_the_event_adds_to_its_base, add_and_append_demand_a_base_of_the_event,
           add_adds_numbers_only, append_puts_what_the_event_wrote_behind_theirs,
           append_does_not_guess_what_was_added, add_does_not_add_what_may_have_been_added,
           latest_takes_the_newer_of_event_and_document, latest_does_not_guess_a_time,
           keyed_elements_are_merged_one_by_one, members_of_an_element_merge_as_members_of_an_object,
           keyed_without_a_base_removes_nothing, what_has_no_names_or_the_same_twice_is_not_keyed,
           an_element_removed_by_one_and_changed_by_the_other_is_a_conflict_that_names_it,
           on_delete_conflict_decides_between_removal_and_change,
           on_conflict_decides_inside_an_element_and_touches_no_other,
           no_base_of_the_pattern_decides_inside_an_element,
           only_the_producers_own_base_takes_something_out_of_a_set, a_value_that_was_made_needs_a_parent_too,
           a_value_that_was_made_counts_as_ours_in_its_group)
