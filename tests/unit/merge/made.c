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
           only_the_producers_own_base_takes_something_out_of_a_set, a_value_that_was_made_needs_a_parent_too,
           a_value_that_was_made_counts_as_ours_in_its_group)
