#include "common/memory.h"
#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* What counts as the same value, where a pattern says more than JSON does. */

static char *decided(enum compare compare, const char *rule, const char *theirs, const char *base, const char *ours)
{
    struct trial *trial = trial_new();
    struct rule_entry *entry = trial_rule(trial, "/f", rule);
    auto_text document = memory_format("{\"f\":%s}", theirs);
    auto_text event = base != NULL ? memory_format("{\"changes\":{\"/f\":%s},\"base\":{\"/f\":%s}}", ours, base)
                                   : memory_format("{\"changes\":{\"/f\":%s}}", ours);
    char *text;

    entry->compare = compare;
    if (compare == COMPARE_MEMBER)
        entry->compare_member = BYTES("Value");
    trial_merge(trial, document, event);
    text = memory_text(trial_decisions(trial));
    trial_free(trial);
    return text;
}

#define DECIDED(compare, theirs, base, ours, wanted)                                                         \
    do {                                                                                                     \
        auto_text got_ = decided(compare, "merge", theirs, base, ours);                                      \
        ck_assert_str_eq(got_, wanted);                                                                      \
    } while (0)

START_TEST(instants_are_the_same_in_every_zone)
{
    DECIDED(COMPARE_INSTANT, "\"2026-11-24T10:00:00Z\"", NULL, "\"2026-11-24T11:00:00.0+01:00\"", "/f c1 T");
    DECIDED(COMPARE_INSTANT, "\"2026-11-24T10:00:00Z\"", "\"2026-11-24T10:00:00+00:00\"", "\"2026-11-25T10:00:00Z\"", "/f c2 O");
    DECIDED(COMPARE_INSTANT, "\"2026-11-24T10:00:00Z\"", "\"2026-11-24T11:00:00Z\"", "\"2026-11-24T12:00:00+01:00\"", "/f c3 T");
    DECIDED(COMPARE_INSTANT, "\"x\"", NULL, "\"2026-11-24T10:00:00Z\"", "/f c5 O no_base");
    DECIDED(COMPARE_VALUE, "\"2026-11-24T10:00:00Z\"", NULL, "\"2026-11-24T11:00:00+01:00\"", "/f c5 O no_base");
}
END_TEST

START_TEST(arrays_are_the_same_set_in_any_order)
{
    DECIDED(COMPARE_SET, "[1,\"a\",2]", NULL, "[2.0,1,\"a\",1]", "/f c1 T");
    DECIDED(COMPARE_SET, "[2,1]", "[1,2]", "[3]", "/f c2 O");
    DECIDED(COMPARE_SET, "[2,1]", "[3,4]", "[4,3]", "/f c3 T");
    DECIDED(COMPARE_SET, "[1,2]", NULL, "[1]", "/f c5 O no_base");
    DECIDED(COMPARE_SET, "[[1],2]", NULL, "[2,[1]]", "/f c5 O no_base");
    DECIDED(COMPARE_SET, "null", NULL, "[]", "/f c5 O no_base");
}
END_TEST

START_TEST(texts_are_the_same_in_upper_and_lower_case)
{
    DECIDED(COMPARE_TEXT_CI, "\"Released\"", NULL, "\"RELEASED\"", "/f c1 T");
    DECIDED(COMPARE_TEXT_CI, "\"inwork\"", "\"INWORK\"", "\"RELEASED\"", "/f c2 O");
    DECIDED(COMPARE_TEXT_CI, "\"A\"", NULL, "\"B\"", "/f c5 O no_base");
    DECIDED(COMPARE_TEXT_CI, "[\"A\"]", NULL, "[\"a\"]", "/f c5 O no_base");
}
END_TEST

#define RELEASED "{\"Value\":\"RELEASED\",\"Display\":\"Freigegeben\"}"
#define INWORK   "{\"Value\":\"INWORK\",\"Display\":\"In Arbeit\"}"

START_TEST(an_object_is_what_its_member_is_and_one_value)
{
    DECIDED(COMPARE_MEMBER, RELEASED, NULL, "{\"Value\":\"RELEASED\",\"Display\":\"Released\"}", "/f c1 T");
    DECIDED(COMPARE_MEMBER, RELEASED, NULL, "\"RELEASED\"", "/f c1 T");
    DECIDED(COMPARE_MEMBER, INWORK, "\"INWORK\"", "{\"Value\":\"RELEASED\"}", "/f c2 O");
    DECIDED(COMPARE_MEMBER, RELEASED, "{\"Value\":\"INWORK\"}", INWORK, "/f c3 T");
    DECIDED(COMPARE_MEMBER, "{\"Display\":\"A\"}", NULL, "{\"Display\":\"B\"}", "/f c5 O no_base");
}
END_TEST

START_TEST(no_pattern_lies_below_one_that_compares_by_a_member)
{
    struct rules_defaults defaults = RULES_DEFAULTS;
    struct rules *rules = rules_new(&defaults);
    struct error error = {0};

    ck_assert(rules_add(rules, &(struct rule_entry){.pattern = BYTES("/f"), .compare = COMPARE_MEMBER, .compare_member = BYTES("Value")}, &error));
    ck_assert(rules_add(rules, &(struct rule_entry){.pattern = BYTES("/f/Display"), .rule = RULE_IGNORE}, &error));
    ck_assert(!rules_finish(rules, &error));
    rules_free(rules);
}
END_TEST

/* What somebody only spelt in another way since our write was refused is no change of his. */
START_TEST(a_copy_is_compared_in_the_same_way)
{
    struct trial *trial = trial_new();

    trial->refused_copy = trial_scan(trial, "{\"f\":\"a\"}");
    trial->input.refused_copy = &trial->refused_copy;
    trial_rule(trial, "/f", "merge")->compare = COMPARE_TEXT_CI;
    trial_merge(trial, "{\"f\":\"A\"}", "{\"changes\":{\"/f\":\"b\"}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c5 O no_base");
    trial_free(trial);
}
END_TEST

START_TEST(a_guard_is_compared_in_the_same_way)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/g", "merge")->compare = COMPARE_TEXT_CI;
    trial_merge(trial, "{\"f\":1,\"g\":\"A\"}", "{\"changes\":{\"/f\":2},\"base\":{\"/f\":1,\"/g\":\"a\"}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O");
    trial_free(trial);
}
END_TEST

UNIT_TESTS("merge/compare", instants_are_the_same_in_every_zone, arrays_are_the_same_set_in_any_order,
           texts_are_the_same_in_upper_and_lower_case, an_object_is_what_its_member_is_and_one_value,
           no_pattern_lies_below_one_that_compares_by_a_member, a_copy_is_compared_in_the_same_way,
           a_guard_is_compared_in_the_same_way)
