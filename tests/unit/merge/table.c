#include "common/memory.h"
#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* Every cell of the table of rules, by name. Theirs is "T"; in c2 the base is theirs, in c3 it is ours, in c4 a third
 * value, in c5 nobody knows it. An object is used where the rule goes by member. */

static char result_of(const char *rule, const char *event)
{
    struct trial *trial = trial_new();
    char result;

    trial_rule(trial, "/f", rule);
    trial_merge(trial, "{\"f\":\"T\"}", event);
    result = trial->output.decision_count == 0 ? '-' : "TOX"[trial->output.decisions[0].result];
    trial_free(trial);
    return result;
}

/* Two members that are set; the one that the event does not mention stays. */
static void check_by_member(const char *rule, const char *base, const char *decisions)
{
    struct trial *trial = trial_new();
    auto_text event = memory_format("{\"changes\":{\"/f\":{\"a\":\"O\",\"b\":\"T\"}}%s}", base);

    trial_rule(trial, "/f", rule);
    trial_merge(trial, "{\"f\":{\"a\":\"T\",\"b\":\"T\",\"mine\":5}}", event);
    ck_assert_str_eq(trial_decisions(trial), decisions);
    trial_free(trial);
}

#define c1_EVENT "{\"changes\":{\"/f\":\"T\"},\"base\":{\"/f\":\"B\"}}"
#define c2_EVENT "{\"changes\":{\"/f\":\"O\"},\"base\":{\"/f\":\"T\"}}"
#define c3_EVENT "{\"changes\":{\"/f\":\"O\"},\"base\":{\"/f\":\"O\"}}"
#define c4_EVENT "{\"changes\":{\"/f\":\"O\"},\"base\":{\"/f\":\"B\"}}"
#define c5_EVENT "{\"changes\":{\"/f\":\"O\"}}"

/* A cell, in the order T, O, X; '-' is no decision at all. */
#define CELL(rule, cell, wanted)                                                                             \
    START_TEST(rule##_##cell##_gives_##wanted)                                                               \
    {                                                                                                        \
        ck_assert_int_eq(result_of(#rule, cell##_EVENT), #wanted[0]);                                        \
    }                                                                                                        \
    END_TEST
#define NO_DECISION(rule, cell)                                                                              \
    START_TEST(rule##_##cell##_decides_nothing)                                                              \
    {                                                                                                        \
        ck_assert_int_eq(result_of(#rule, cell##_EVENT), '-');                                               \
    }                                                                                                        \
    END_TEST
#define BY_MEMBER(rule, cell, base, decisions)                                                               \
    START_TEST(rule##_##cell##_goes_by_member)                                                               \
    {                                                                                                        \
        check_by_member(#rule, base, decisions);                                                             \
    }                                                                                                        \
    END_TEST
#define C1_GIVES(rule)                                                                                       \
    START_TEST(rule##_c1_is_never_a_write)                                                                   \
    {                                                                                                        \
        struct trial *trial = trial_new();                                                                   \
                                                                                                             \
        trial_rule(trial, "/f", #rule);                                                                      \
        trial_merge(trial, "{\"f\":\"T\"}", c1_EVENT);                                                       \
        ck_assert_int_eq(trial->output.verdict, MERGE_NOTHING);                                              \
        ck_assert_int_eq(trial->output.edit_count, 0);                                                       \
        trial_free(trial);                                                                                   \
    }                                                                                                        \
    END_TEST
/* Nothing in this version makes a field unreadable, so the sixth case is read from the table itself. */
#define C6(rule, identifier, wanted)                                                                         \
    START_TEST(rule##_c6_gives_##wanted)                                                                     \
    {                                                                                                        \
        ck_assert_int_eq("TOX"[rule_result(RULE_##identifier, CASE_6)], #wanted[0]);                         \
    }                                                                                                        \
    END_TEST

C1_GIVES(merge) CELL(merge, c2, O) CELL(merge, c3, T) CELL(merge, c4, X) CELL(merge, c5, O) C6(merge, MERGE, X)
C1_GIVES(external) CELL(external, c2, O) CELL(external, c3, O) CELL(external, c4, O) CELL(external, c5, O)
C6(external, EXTERNAL, O)
C1_GIVES(prefer_external) CELL(prefer_external, c2, O) CELL(prefer_external, c3, T) CELL(prefer_external, c4, O)
CELL(prefer_external, c5, O) C6(prefer_external, PREFER_EXTERNAL, X)
C1_GIVES(prefer_document) CELL(prefer_document, c2, O) CELL(prefer_document, c3, T) CELL(prefer_document, c4, T)
CELL(prefer_document, c5, T) C6(prefer_document, PREFER_DOCUMENT, T)
C1_GIVES(document) CELL(document, c2, T) CELL(document, c3, T) CELL(document, c4, T) CELL(document, c5, T)
C6(document, DOCUMENT, T)
C1_GIVES(atomic) CELL(atomic, c2, O) CELL(atomic, c3, T) CELL(atomic, c4, X) CELL(atomic, c5, O)
C6(atomic, ATOMIC, X)
C1_GIVES(immutable) CELL(immutable, c2, X) CELL(immutable, c3, T) CELL(immutable, c4, X) CELL(immutable, c5, X)
C6(immutable, IMMUTABLE, T)
C1_GIVES(max) CELL(max, c2, X) CELL(max, c3, X) CELL(max, c4, X) CELL(max, c5, X) C6(max, MAX, X)
C1_GIVES(min) CELL(min, c2, X) CELL(min, c3, X) CELL(min, c4, X) CELL(min, c5, X) C6(min, MIN, X)
C1_GIVES(rank) CELL(rank, c2, O) CELL(rank, c3, T) CELL(rank, c4, O) CELL(rank, c5, O) C6(rank, RANK, X)
C1_GIVES(transition) CELL(transition, c2, O) CELL(transition, c3, T) CELL(transition, c4, O) CELL(transition, c5, O)
C6(transition, TRANSITION, X)
C1_GIVES(add) CELL(add, c2, O) CELL(add, c3, T) CELL(add, c4, X) CELL(add, c5, X) C6(add, ADD, X)
C1_GIVES(append) CELL(append, c2, O) CELL(append, c3, T) CELL(append, c4, X) CELL(append, c5, X) C6(append, APPEND, X)
C1_GIVES(latest) CELL(latest, c2, O) CELL(latest, c3, T) CELL(latest, c4, X) CELL(latest, c5, X) C6(latest, LATEST, X)
C1_GIVES(keyed) CELL(keyed, c2, O) CELL(keyed, c3, T) CELL(keyed, c4, X) CELL(keyed, c5, X) C6(keyed, KEYED, X)
C1_GIVES(set) CELL(set, c2, O) CELL(set, c3, T) CELL(set, c4, X) CELL(set, c5, X) C6(set, SET, X)
C1_GIVES(fill) CELL(fill, c2, T) CELL(fill, c3, T) CELL(fill, c4, T) CELL(fill, c5, T) C6(fill, FILL, T)
C1_GIVES(ignore) NO_DECISION(ignore, c2) NO_DECISION(ignore, c3) NO_DECISION(ignore, c4) NO_DECISION(ignore, c5)
C6(ignore, IGNORE, T)
C1_GIVES(object) C6(object, OBJECT, X)
BY_MEMBER(object, c2, ",\"base\":{\"/f\":{\"a\":\"T\",\"b\":\"B\"}}", "/f/a c2 O; /f/b c1 T")
BY_MEMBER(object, c3, ",\"base\":{\"/f\":{\"a\":\"O\",\"b\":\"B\"}}", "/f/a c3 T; /f/b c1 T")
BY_MEMBER(object, c4, ",\"base\":{\"/f\":{\"a\":\"B\",\"b\":\"B\"}}", "/f/a c4 X; /f/b c1 T")
BY_MEMBER(object, c5, "", "/f/a c5 O no_base; /f/b c1 T")

/* One member in each case: what does not overlap merges. */
START_TEST(object_goes_by_member_in_every_case)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/f", "object");
    trial_merge(trial, "{\"f\":{\"c1\":1,\"c2\":2,\"c3\":30,\"c4\":40,\"mine\":5}}",
                "{\"changes\":{\"/f\":{\"c1\":1,\"c2\":20,\"c3\":3,\"c4\":41}},"
                "\"base\":{\"/f\":{\"c1\":0,\"c2\":2,\"c3\":3,\"c4\":4}}}");
    ck_assert_str_eq(trial_decisions(trial), "/f/c1 c1 T; /f/c2 c2 O; /f/c3 c3 T; /f/c4 c4 X");
    trial_free(trial);
}
END_TEST

START_TEST(object_without_a_base_is_c5_by_member)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/f", "object");
    trial_merge(trial, "{\"f\":{\"a\":1,\"mine\":5}}", "{\"changes\":{\"/f\":{\"a\":2}}}");
    ck_assert_str_eq(trial_decisions(trial), "/f/a c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{\"f\":{\"a\":2,\"mine\":5}}");
    trial_free(trial);
}
END_TEST

/* What the document gets for `ours` (JSON; NULL: removed) over `theirs` (NULL: missing), with `base` (NULL: unknown). */
static char given(const char *rule, const char *theirs, const char *base, const char *ours)
{
    struct trial *trial = trial_new();
    auto_text document = theirs != NULL ? memory_format("{\"f\":%s}", theirs) : memory_text("{}");
    auto_text asked = ours != NULL ? memory_format("\"changes\":{\"/f\":%s}", ours) : memory_text("\"remove\":[\"/f\"]");
    auto_text event = base != NULL ? memory_format("{%s,\"base\":{\"/f\":%s}}", asked, base) : memory_format("{%s}", asked);
    struct rule_entry *entry = trial_rule(trial, "/f", rule);
    char result;

    if (entry->rule == RULE_RANK || entry->rule == RULE_TRANSITION)
        entry->values = bytes_of(entry->rule == RULE_RANK ? "1\nDRAFT\n2\ntrue\n" : "1\t2\n2\tOLD\nOLD\t2\nOLD\ttrue\n");
    trial_merge(trial, document, event);
    result = "TOX"[trial->output.decisions[0].result];
    trial_free(trial);
    return result;
}

START_TEST(rank_goes_forward_only)
{
    ck_assert_int_eq(given("rank", "1", "1", "2"), 'O');
    ck_assert_int_eq(given("rank", "1.0", NULL, "\"DR\\u0041FT\""), 'O');
    ck_assert_int_eq(given("rank", "2", NULL, "true"), 'O');
    ck_assert_int_eq(given("rank", "2", "2", "1"), 'T');
    ck_assert_int_eq(given("rank", "2", "true", "\"DRAFT\""), 'T');
    ck_assert_int_eq(given("rank", "true", NULL, "1"), 'T');
}
END_TEST

START_TEST(rank_does_not_guess_the_place_of_a_value_that_it_has_not)
{
    ck_assert_int_eq(given("rank", "1", NULL, "3"), 'X');
    ck_assert_int_eq(given("rank", "3", NULL, "1"), 'X');
    ck_assert_int_eq(given("rank", NULL, NULL, "1"), 'X');
    ck_assert_int_eq(given("rank", "null", NULL, "1"), 'X');
    ck_assert_int_eq(given("rank", "1", "1", NULL), 'X');
    ck_assert_int_eq(given("rank", "1", NULL, "[2]"), 'X');
}
END_TEST

START_TEST(transition_goes_the_named_ways_only)
{
    ck_assert_int_eq(given("transition", "1", "1", "2"), 'O');
    ck_assert_int_eq(given("transition", "1", "\"OLD\"", "2"), 'O');
    ck_assert_int_eq(given("transition", "2", NULL, "\"OLD\""), 'O');
    ck_assert_int_eq(given("transition", "\"OLD\"", NULL, "2"), 'O');
    ck_assert_int_eq(given("transition", "2", NULL, "1"), 'X');
    ck_assert_int_eq(given("transition", "1", "1", "\"OLD\""), 'X');
    ck_assert_int_eq(given("transition", "2", "1", "1"), 'T');
    ck_assert_int_eq(given("transition", NULL, NULL, "1"), 'X');
    ck_assert_int_eq(given("transition", "1", NULL, NULL), 'X');
}
END_TEST

/* `ours` over "T" without a base. */
static void check_note(const char *rule, const char *ours, const char *decisions)
{
    struct trial *trial = trial_new();
    auto_text event = memory_format("{\"changes\":{\"/f\":%s}}", ours);

    trial_rule(trial, "/f", rule);
    trial_merge(trial, "{\"f\":\"T\"}", event);
    ck_assert_str_eq(trial_decisions(trial), decisions);
    trial_free(trial);
}

START_TEST(rank_and_transition_say_why_there_is_a_conflict)
{
    check_note("rank", "\"new\"", "/f c5 X rank");
    check_note("transition", "\"B\"", "/f c5 X transition");
}
END_TEST

START_TEST(fill_sets_only_what_is_missing_or_null)
{
    ck_assert_int_eq(given("fill", NULL, NULL, "1"), 'O');
    ck_assert_int_eq(given("fill", "null", NULL, "1"), 'O');
    ck_assert_int_eq(given("fill", "null", "null", "1"), 'O');
    ck_assert_int_eq(given("fill", "null", "1", "1"), 'O');
    ck_assert_int_eq(given("fill", "null", "2", "1"), 'O');
    ck_assert_int_eq(given("fill", "\"\"", NULL, "1"), 'T');
    ck_assert_int_eq(given("fill", "false", NULL, "1"), 'T');
    ck_assert_int_eq(given("fill", "[]", NULL, "1"), 'T');
    ck_assert_int_eq(given("fill", "1", NULL, NULL), 'T');
}
END_TEST

/* In every case: the base is theirs, ours, a third value, or unknown. */
#define IN_EVERY_CASE(rule, theirs, ours, wanted)                                                            \
    do {                                                                                                     \
        ck_assert_int_eq(given(rule, theirs, theirs, ours), wanted);                                         \
        ck_assert_int_eq(given(rule, theirs, ours, ours), wanted);                                           \
        ck_assert_int_eq(given(rule, theirs, "[3]", ours), wanted);                                          \
        ck_assert_int_eq(given(rule, theirs, NULL, ours), wanted);                                           \
    } while (0)

START_TEST(max_takes_ours_in_every_case_only_if_it_is_greater)
{
    IN_EVERY_CASE("max", "9", "10", 'O');
    IN_EVERY_CASE("max", "10", "9", 'T');
    IN_EVERY_CASE("max", "9007199254740992", "9007199254740993", 'O');
    IN_EVERY_CASE("max", "1e400", "9e399", 'T');
    IN_EVERY_CASE("max", "null", "-5", 'O');
    IN_EVERY_CASE("max", "-5", "null", 'T');
    ck_assert_int_eq(given("max", NULL, NULL, "-5"), 'O');
    ck_assert_int_eq(given("max", "-5", NULL, NULL), 'T');
}
END_TEST

START_TEST(min_takes_ours_in_every_case_only_if_it_is_less)
{
    IN_EVERY_CASE("min", "10", "9", 'O');
    IN_EVERY_CASE("min", "9", "10", 'T');
    IN_EVERY_CASE("min", "null", "5", 'O');
    IN_EVERY_CASE("min", "5", "null", 'T');
}
END_TEST

START_TEST(max_and_min_order_instants_and_dates)
{
    IN_EVERY_CASE("max", "\"2026-11-24T10:00:00Z\"", "\"2026-11-24T12:00:00+01:00\"", 'O');
    IN_EVERY_CASE("max", "\"2026-11-24T10:00:00Z\"", "\"2026-11-24T11:00:00+01:00\"", 'T');
    IN_EVERY_CASE("min", "\"2026-11-24T10:00:00Z\"", "\"2026-11-24T11:00:00+01:00\"", 'T');
    IN_EVERY_CASE("max", "\"2026-11-24\"", "\"2026-12-01\"", 'O');
    IN_EVERY_CASE("min", "\"2026-11-24\"", "\"2026-12-01\"", 'T');
}
END_TEST

START_TEST(max_and_min_do_not_guess_an_order)
{
    IN_EVERY_CASE("max", "\"10\"", "\"9\"", 'X');
    IN_EVERY_CASE("max", "10", "\"9\"", 'X');
    IN_EVERY_CASE("min", "\"2026-11-24\"", "\"2026-11-24T10:00:00Z\"", 'X');
    IN_EVERY_CASE("min", "true", "false", 'X');
    IN_EVERY_CASE("max", "[1]", "[2]", 'X');
}
END_TEST

START_TEST(what_has_no_order_is_said)
{
    check_note("max", "\"A\"", "/f c5 X incomparable");
}
END_TEST

START_TEST(immutable_is_neither_changed_nor_removed)
{
    ck_assert_int_eq(given("immutable", "1", "1", NULL), 'X');
    ck_assert_int_eq(given("immutable", "1", NULL, "null"), 'X');
    ck_assert_int_eq(given("immutable", NULL, NULL, "1"), 'X');
    ck_assert_int_eq(given("immutable", "1", NULL, "1.0"), 'T');
}
END_TEST

/* Removed by the one, changed by the other. */
static char deletion(const char *rule, enum on_conflict way, const char *theirs, const char *event)
{
    struct trial *trial = trial_new();
    struct rule_entry *entry = trial_rule(trial, "/f", rule);
    char result;

    entry->has_on_delete_conflict = true;
    entry->on_delete_conflict = way;
    trial->defaults.on_conflict = ON_CONFLICT_EXTERNAL;
    trial_merge(trial, theirs, event);
    result = "TOX"[trial->output.decisions[0].result];
    trial_free(trial);
    return result;
}

START_TEST(on_delete_conflict_decides_where_one_side_removed_the_field)
{
    static const char *const rules[] = {"merge", "object", "atomic"}, removal[] = "{\"remove\":[\"/f\"],\"base\":{\"/f\":1}}";

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        ck_assert_int_eq(deletion(rules[i], ON_CONFLICT_MANUAL, "{\"f\":2}", removal), 'X');
        ck_assert_int_eq(deletion(rules[i], ON_CONFLICT_DOCUMENT, "{\"f\":2}", removal), 'T');
        ck_assert_int_eq(deletion(rules[i], ON_CONFLICT_EXTERNAL, "{\"f\":2}", removal), 'O');
        ck_assert_int_eq(deletion(rules[i], ON_CONFLICT_MANUAL, "{}", "{\"changes\":{\"/f\":2},\"base\":{\"/f\":1}}"), 'X');
        ck_assert_int_eq(deletion(rules[i], ON_CONFLICT_DOCUMENT, "{}", "{\"changes\":{\"/f\":2},\"base\":{\"/f\":1}}"), 'T');
    }
    ck_assert_int_eq(deletion("merge", ON_CONFLICT_MANUAL, "{\"f\":3}", "{\"changes\":{\"/f\":2},\"base\":{\"/f\":1}}"), 'O');
    ck_assert_int_eq(deletion("external", ON_CONFLICT_MANUAL, "{\"f\":2}", removal), 'O');
}
END_TEST

UNIT_TESTS("merge/table", on_delete_conflict_decides_where_one_side_removed_the_field, merge_c1_is_never_a_write, merge_c2_gives_O, merge_c3_gives_T, merge_c4_gives_X,
           merge_c5_gives_O, merge_c6_gives_X, external_c1_is_never_a_write, external_c2_gives_O,
           external_c3_gives_O, external_c4_gives_O, external_c5_gives_O, external_c6_gives_O,
           prefer_external_c1_is_never_a_write, prefer_external_c2_gives_O, prefer_external_c3_gives_T,
           prefer_external_c4_gives_O, prefer_external_c5_gives_O, prefer_external_c6_gives_X,
           prefer_document_c1_is_never_a_write, prefer_document_c2_gives_O, prefer_document_c3_gives_T,
           prefer_document_c4_gives_T, prefer_document_c5_gives_T, prefer_document_c6_gives_T,
           document_c1_is_never_a_write, document_c2_gives_T, document_c3_gives_T, document_c4_gives_T,
           document_c5_gives_T, document_c6_gives_T, atomic_c1_is_never_a_write, atomic_c2_gives_O,
           atomic_c3_gives_T, atomic_c4_gives_X, atomic_c5_gives_O, atomic_c6_gives_X,
           immutable_c1_is_never_a_write, immutable_c2_gives_X, immutable_c3_gives_T, immutable_c4_gives_X,
           immutable_c5_gives_X, immutable_c6_gives_T, immutable_is_neither_changed_nor_removed,
           max_c1_is_never_a_write, max_c2_gives_X, max_c3_gives_X, max_c4_gives_X, max_c5_gives_X, max_c6_gives_X,
           max_takes_ours_in_every_case_only_if_it_is_greater, min_c1_is_never_a_write, min_c2_gives_X,
           min_c3_gives_X, min_c4_gives_X, min_c5_gives_X, min_c6_gives_X,
           min_takes_ours_in_every_case_only_if_it_is_less, max_and_min_order_instants_and_dates,
           max_and_min_do_not_guess_an_order, what_has_no_order_is_said, rank_c1_is_never_a_write, rank_c2_gives_O,
           rank_c3_gives_T, rank_c4_gives_O, rank_c5_gives_O, rank_c6_gives_X, rank_goes_forward_only,
           rank_does_not_guess_the_place_of_a_value_that_it_has_not, transition_c1_is_never_a_write,
           transition_c2_gives_O, transition_c3_gives_T, transition_c4_gives_O, transition_c5_gives_O,
           transition_c6_gives_X, transition_goes_the_named_ways_only,
           rank_and_transition_say_why_there_is_a_conflict, add_c1_is_never_a_write, add_c2_gives_O, add_c3_gives_T, add_c4_gives_X,
           add_c5_gives_X, add_c6_gives_X, append_c1_is_never_a_write, append_c2_gives_O, append_c3_gives_T, append_c4_gives_X,
           append_c5_gives_X, append_c6_gives_X, latest_c1_is_never_a_write, latest_c2_gives_O, latest_c3_gives_T, latest_c4_gives_X,
           latest_c5_gives_X, latest_c6_gives_X, keyed_c1_is_never_a_write, keyed_c2_gives_O, keyed_c3_gives_T, keyed_c4_gives_X,
           keyed_c5_gives_X, keyed_c6_gives_X, set_c1_is_never_a_write, set_c2_gives_O, set_c3_gives_T,
           set_c4_gives_X, set_c5_gives_X, set_c6_gives_X, fill_c1_is_never_a_write, fill_c2_gives_T, fill_c3_gives_T, fill_c4_gives_T, fill_c5_gives_T,
           fill_c6_gives_T, fill_sets_only_what_is_missing_or_null, ignore_c1_is_never_a_write, ignore_c2_decides_nothing, ignore_c3_decides_nothing,
           ignore_c4_decides_nothing, ignore_c5_decides_nothing, ignore_c6_gives_T, object_c1_is_never_a_write,
           object_c2_goes_by_member, object_c3_goes_by_member, object_c4_goes_by_member, object_c5_goes_by_member,
           object_c6_gives_X, object_goes_by_member_in_every_case, object_without_a_base_is_c5_by_member)
