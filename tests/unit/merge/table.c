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

#define C1_EVENT "{\"changes\":{\"/f\":\"T\"},\"base\":{\"/f\":\"B\"}}"
#define C2_EVENT "{\"changes\":{\"/f\":\"O\"},\"base\":{\"/f\":\"T\"}}"
#define C3_EVENT "{\"changes\":{\"/f\":\"O\"},\"base\":{\"/f\":\"O\"}}"
#define C4_EVENT "{\"changes\":{\"/f\":\"O\"},\"base\":{\"/f\":\"B\"}}"
#define C5_EVENT "{\"changes\":{\"/f\":\"O\"}}"

/* A cell, in the order T, O, X; '-' is no decision at all. */
#define CELL(rule, cell, wanted)                                                                             \
    START_TEST(rule##_##cell##_gives_##wanted)                                                               \
    {                                                                                                        \
        ck_assert_int_eq(result_of(#rule, cell##_EVENT), #wanted[0]);                                        \
    }                                                                                                        \
    END_TEST
#define C1_GIVES(rule)                                                                                       \
    START_TEST(rule##_c1_is_never_a_write)                                                                   \
    {                                                                                                        \
        struct trial *trial = trial_new();                                                                   \
                                                                                                             \
        trial_rule(trial, "/f", #rule);                                                                      \
        trial_merge(trial, "{\"f\":\"T\"}", C1_EVENT);                                                       \
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

C1_GIVES(merge) CELL(merge, C2, O) CELL(merge, C3, T) CELL(merge, C4, X) CELL(merge, C5, O) C6(merge, MERGE, X)
C1_GIVES(external) CELL(external, C2, O) CELL(external, C3, O) CELL(external, C4, O) CELL(external, C5, O)
C6(external, EXTERNAL, O)
C1_GIVES(prefer_external) CELL(prefer_external, C2, O) CELL(prefer_external, C3, T) CELL(prefer_external, C4, O)
CELL(prefer_external, C5, O) C6(prefer_external, PREFER_EXTERNAL, X)
C1_GIVES(prefer_document) CELL(prefer_document, C2, O) CELL(prefer_document, C3, T) CELL(prefer_document, C4, T)
CELL(prefer_document, C5, T) C6(prefer_document, PREFER_DOCUMENT, T)
C1_GIVES(document) CELL(document, C2, T) CELL(document, C3, T) CELL(document, C4, T) CELL(document, C5, T)
C6(document, DOCUMENT, T)
C1_GIVES(atomic) CELL(atomic, C2, O) CELL(atomic, C3, T) CELL(atomic, C4, X) CELL(atomic, C5, O)
C6(atomic, ATOMIC, X)
C1_GIVES(ignore) C6(ignore, IGNORE, T)
C1_GIVES(object) C6(object, OBJECT, X)

START_TEST(ignore_decides_nothing_in_any_case)
{
    ck_assert_int_eq(result_of("ignore", C2_EVENT), '-');
    ck_assert_int_eq(result_of("ignore", C3_EVENT), '-');
    ck_assert_int_eq(result_of("ignore", C4_EVENT), '-');
    ck_assert_int_eq(result_of("ignore", C5_EVENT), '-');
}
END_TEST

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

UNIT_TESTS("merge/table", merge_c1_is_never_a_write, merge_C2_gives_O, merge_C3_gives_T, merge_C4_gives_X,
           merge_C5_gives_O, merge_c6_gives_X, external_c1_is_never_a_write, external_C2_gives_O,
           external_C3_gives_O, external_C4_gives_O, external_C5_gives_O, external_c6_gives_O,
           prefer_external_c1_is_never_a_write, prefer_external_C2_gives_O, prefer_external_C3_gives_T,
           prefer_external_C4_gives_O, prefer_external_C5_gives_O, prefer_external_c6_gives_X,
           prefer_document_c1_is_never_a_write, prefer_document_C2_gives_O, prefer_document_C3_gives_T,
           prefer_document_C4_gives_T, prefer_document_C5_gives_T, prefer_document_c6_gives_T,
           document_c1_is_never_a_write, document_C2_gives_T, document_C3_gives_T, document_C4_gives_T,
           document_C5_gives_T, document_c6_gives_T, atomic_c1_is_never_a_write, atomic_C2_gives_O,
           atomic_C3_gives_T, atomic_C4_gives_X, atomic_C5_gives_O, atomic_c6_gives_X,
           ignore_c1_is_never_a_write, ignore_c6_gives_T, ignore_decides_nothing_in_any_case,
           object_c1_is_never_a_write, object_c6_gives_X, object_goes_by_member_in_every_case,
           object_without_a_base_is_c5_by_member)
