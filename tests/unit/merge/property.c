#include "common/json_compare.h"
#include "common/json_write.h"
#include "common/pointer.h"
#include "common/random.h"
#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* What holds for every document, event and rule: documents and events are drawn, the properties are checked. */

#define TRIALS 4000

static const char *const names[] = {"a", "b", "c", "x/y"};
static const char *const patterns[] = {"/a", "/b", "/a/b", "/a/*", "/**/c", "/b/a/c"};

static void draw_value(struct random *random, struct buffer *out, int depth)
{
    static const char *const scalars[] = {"1", "1.0", "2", "\"t\"", "null", "true", "[1,2]", "[]"};
    bool has_member = false;

    if (depth == 0 || random_below(random, 3) == 0) {
        buffer_add_text(out, scalars[random_below(random, sizeof(scalars) / sizeof(scalars[0]))]);
        return;
    }
    buffer_add_char(out, '{');
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (random_below(random, 2) == 0)
            continue;
        buffer_add_text(out, has_member ? "," : "");
        json_write_quoted(out, bytes_of(names[i]));
        buffer_add_char(out, ':');
        draw_value(random, out, depth - 1);
        has_member = true;
    }
    buffer_add_char(out, '}');
}

static char *draw_document(struct random *random)
{
    struct buffer out;

    buffer_init(&out, 1 << 20);
    buffer_add_text(&out, "{ \"keep\" : 1.00 ,\"a\":");
    draw_value(random, &out, 3);
    buffer_add_text(&out, ",\"b\":");
    draw_value(random, &out, 3);
    buffer_add_text(&out, "}");
    return buffer_detach(&out);
}

/* Each of /a and /b is set, removed or left alone, with or without a base. */
static char *draw_event(struct random *random)
{
    struct buffer changes, bases, removals, out;

    buffer_init(&changes, 1 << 20);
    buffer_init(&bases, 1 << 20);
    buffer_init(&removals, 1 << 20);
    buffer_init(&out, 1 << 20);
    for (const char *name = "ab"; *name != '\0'; name++) {
        uint64_t way = random_below(random, 3);

        if (way == 0 || *name == 'a') {
            buffer_format(&changes, "%s\"/%c\":", changes.size > 0 ? "," : "", *name);
            draw_value(random, &changes, 3);
        } else if (way == 1) {
            buffer_format(&removals, "%s\"/%c\"", removals.size > 0 ? "," : "", *name);
        } else {
            continue;
        }
        if (random_below(random, 2) == 0) {
            buffer_format(&bases, "%s\"/%c\":", bases.size > 0 ? "," : "", *name);
            draw_value(random, &bases, 3);
        }
    }
    buffer_format(&out, "{\"changes\":{%.*s},\"remove\":[%.*s],\"base\":{%.*s}}", BYTES_ARG(buffer_bytes(&changes)),
                  BYTES_ARG(buffer_bytes(&removals)), BYTES_ARG(buffer_bytes(&bases)));
    buffer_release(&changes);
    buffer_release(&bases);
    buffer_release(&removals);
    return buffer_detach(&out);
}

static void draw_rules(struct random *random, struct trial *trial)
{
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        enum rule rule = (enum rule)random_below(random, RULE_ATOMIC); /* a pattern below an atomic one is refused */

        if (random_below(random, 2) == 0)
            trial_rule(trial, patterns[i], rule_name(rule));
    }
    trial->defaults.partial = random_below(random, 2) == 0;
    trial->defaults.on_conflict = (enum on_conflict)random_below(random, 3);
    trial->defaults.no_base = (enum no_base)random_below(random, 4);
}

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
}
END_TEST

static void writes_nothing_twice(struct trial *trial, const char *document, const char *event)
{
    char *result = strdup(trial_document(trial));

    (void)document;
    if (trial->output.verdict != MERGE_CONFLICT || trial->defaults.partial) {
        trial_merge(trial, result, event);
        ck_assert_msg(trial->output.edit_count == 0, "%s\n  by %s\n  gives %s\n  and then %s", document, event, result,
                      trial_document(trial));
    }
    free(result);
}

START_TEST(an_event_changes_nothing_in_its_own_result)
{
    for_all(2, writes_nothing_twice);
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
}
END_TEST

UNIT_TESTS("merge/property", the_same_input_gives_the_same_output, an_event_changes_nothing_in_its_own_result,
           what_is_not_mentioned_stays_byte_for_byte, a_protected_field_survives_every_event,
           a_conflict_has_its_field_on_record_and_is_not_written)
