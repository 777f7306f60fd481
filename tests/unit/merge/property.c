#include "common/json_compare.h"
#include "common/pointer.h"
#include "tests/support/drawn.h"
#include "tests/support/unit.h"

/* What holds for every document, event and rule: documents and events are drawn, the properties are checked. */

#define TRIALS 1500

typedef void property(struct trial *trial, const char *document, const char *event);

static void for_all(uint64_t seed, property *holds)
{
    struct random random;

    random_init(&random, seed);
    for (size_t i = 0; i < TRIALS; i++) {
        struct trial *trial = trial_new();
        auto_text document = draw_document(&random);
        auto_text event = draw_event(&random);

        draw_rules(&random, trial);
        draw_settings(&random, trial);
        trial_merge(trial, document, event);
        holds(trial, document, event);
        trial_free(trial);
    }
}

/* The same for values of the rules that take arrays, numbers and texts apart. */
static void for_all_made(uint64_t seed, property *holds)
{
    struct random random;

    random_init(&random, seed);
    for (size_t i = 0; i < TRIALS; i++) {
        struct trial *trial = trial_new();
        auto_text document = NULL;
        auto_text event = NULL;

        draw_made(&random, trial, &document, &event);
        draw_settings(&random, trial);
        trial->entries[0].compare = (enum compare)random_below(&random, COMPARE_MEMBER);
        trial_merge(trial, document, event);
        holds(trial, document, event);
        trial_free(trial);
    }
}

static void same_again(struct trial *trial, const char *document, const char *event)
{
    char *decisions = strdup(trial_decisions(trial)), *result = strdup(trial_document(trial));

    trial_merge(trial, document, event);
    ck_assert_str_eq(trial_decisions(trial), decisions);
    ck_assert_str_eq(trial_document(trial), result);
    free(decisions);
    free(result);
}

START_TEST(the_same_input_gives_the_same_output)
{
    for_all(1, same_again);
    for_all_made(11, same_again);
}
END_TEST

/* What `add` and `append` have made of a field differs from what the event asks for, and is added to again. */
static bool counts_repeats(const struct trial *trial)
{
    for (size_t i = 0; i < trial->output.decision_count; i++)
        if (rule_counts_repeats(trial->output.decisions[i].entry->rule) &&
            trial->output.decisions[i].result == RESULT_MERGED)
            return true;
    return false;
}

static void writes_nothing_twice(struct trial *trial, const char *document, const char *event)
{
    char *result = strdup(trial_document(trial));

    (void)document;
    if (!counts_repeats(trial) && (trial->output.verdict != MERGE_CONFLICT || trial->defaults.partial)) {
        trial_merge(trial, result, event);
        ck_assert_msg(trial->output.edit_count == 0, "%s\n  by %s\n  gives %s\n  and then %s", document, event, result,
                      trial_document(trial));
    }
    free(result);
}

START_TEST(an_event_changes_nothing_in_its_own_result)
{
    for_all(2, writes_nothing_twice);
    for_all_made(12, writes_nothing_twice);
}
END_TEST

static void leaves_the_rest(struct trial *trial, const char *document, const char *event)
{
    (void)document;
    (void)event;
    ck_assert(strncmp(trial_document(trial), "{ \"keep\" : 1.00 ,", 17) == 0);
}

START_TEST(what_is_not_mentioned_stays_byte_for_byte)
{
    for_all(3, leaves_the_rest);
    for_all_made(13, leaves_the_rest);
}
END_TEST

static void holds_protected_fields(struct trial *trial, const char *document, const char *event)
{
    struct json result = trial_scan(trial, trial_document(trial));
    static const char *const fields[] = {"/a/b", "/b/a/c", "/a/c", "/a/a", "/b"};

    (void)document;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct bytes field = bytes_of(fields[i]);
        enum rule rule = rules_find(trial->rules, field)->rule;
        uint32_t before, after;

        if ((rule != RULE_DOCUMENT && rule != RULE_IGNORE) || rules_reach_below(trial->rules, field) ||
            pointer_find(&trial->theirs, field, &before) != POINTER_FOUND)
            continue;
        ck_assert_msg(pointer_find(&result, field, &after) == POINTER_FOUND, "%s in %s by %s", fields[i], document,
                      event);
        ck_assert(json_equal(&trial->theirs, before, &result, after));
    }
}

START_TEST(a_protected_field_survives_every_event)
{
    for_all(4, holds_protected_fields);
}
END_TEST

static void records_conflicts(struct trial *trial, const char *document, const char *event)
{
    size_t conflicts = 0;

    (void)document;
    (void)event;
    for (size_t i = 0; i < trial->output.decision_count; i++) {
        conflicts += trial->output.decisions[i].result == RESULT_CONFLICT;
        ck_assert(trial->output.decisions[i].result != RESULT_CONFLICT || !trial->output.decisions[i].is_written);
    }
    ck_assert_int_eq(conflicts > 0, trial->output.verdict == MERGE_CONFLICT);
}

START_TEST(a_conflict_has_its_field_on_record_and_is_not_written)
{
    for_all(5, records_conflicts);
    for_all_made(15, records_conflicts);
}
END_TEST

UNIT_TESTS("merge/property", the_same_input_gives_the_same_output, an_event_changes_nothing_in_its_own_result,
           what_is_not_mentioned_stays_byte_for_byte, a_protected_field_survives_every_event,
           a_conflict_has_its_field_on_record_and_is_not_written)
