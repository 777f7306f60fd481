/* merge/merge.h: for every document, event, copy and set of rules: the same input gives the same output; the edits splice
 * and stand afterwards; what the event does not mention stays byte for byte; every conflict has its field on record and is
 * not written; an event without a conflict asks for nothing in its own result, except what `add` and `append` made.
 *
 * Input, with "--" between: rules, one a line, as "PATTERN RULE", "PATTERN RULE VALUES" or "partial", "conflict=WORD", "no_base=WORD"; the
 * document; the event; if there is a fourth part, the copy that a stale write was built on. */
#include "common/buffer.h"
#include "common/json_compare.h"
#include "common/pointer.h"
#include "fuzz.h"
#include "merge/merge.h"

#define RULES_MAX 16

struct input {
    struct rules *rules;
    struct json theirs;
    struct json refused_copy;
    bool has_refused_copy;
    struct event event;
};

/* --- the input --- */

static void read_setting(struct bytes line, struct rules_defaults *defaults)
{
    const struct bytes conflict = BYTES("conflict="), no_base = BYTES("no_base=");

    if (bytes_equal(line, BYTES("partial")))
        defaults->partial = true;
    else if (bytes_start_with(line, conflict))
        on_conflict_parse(bytes_from(line, conflict.size), &defaults->on_conflict);
    else if (bytes_start_with(line, no_base))
        no_base_parse(bytes_from(line, no_base.size), &defaults->no_base);
}

/* RULE, or RULE VALUES */
static bool read_rule(struct bytes words, struct rule_entry *entry)
{
    size_t space;

    if (bytes_find(words, ' ', &space)) {
        entry->values = bytes_from(words, space + 1);
        words.size = space;
    }
    return rule_parse(words, &entry->rule);
}

static struct rules *read_rules(struct bytes lines)
{
    struct rules_defaults defaults = RULES_DEFAULTS;
    struct rule_entry entries[RULES_MAX];
    struct rules *rules;
    size_t count = 0;

    while (lines.size > 0 && count < RULES_MAX) {
        struct bytes line = fuzz_line(&lines);
        struct rule_entry entry = {.pattern = line};
        size_t space;

        if (!bytes_find(line, ' ', &space)) {
            read_setting(line, &defaults);
        } else if (read_rule(bytes_from(line, space + 1), &entry)) {
            entry.pattern.size = space;
            entries[count++] = entry;
        }
    }
    rules = rules_new(&defaults);
    for (size_t i = 0; i < count; i++)
        rules_add(rules, &entries[i], NULL); /* a bad one is left out */
    if (rules_finish(rules, NULL))
        return rules;
    rules_free(rules);
    return NULL;
}

static bool scan(struct bytes text, struct arena *arena, struct json *ret_json)
{
    struct json_fault fault;

    return json_scan(text, &JSON_LIMITS_DEFAULT, arena, ret_json, &fault) && ret_json->values[0].kind == JSON_OBJECT;
}

static bool read_input(struct bytes rest, struct arena *arena, struct input *ret_input)
{
    struct bytes rules = fuzz_part(&rest), document = fuzz_part(&rest);
    const struct event_input event = {.key = BYTES("4711"), .value = fuzz_part(&rest)};
    struct event_fault fault;

    ret_input->rules = NULL;
    ret_input->has_refused_copy = scan(rest, arena, &ret_input->refused_copy);
    if (!scan(document, arena, &ret_input->theirs) ||
        !event_parse(&event, &EVENT_LIMITS_DEFAULT, arena, &ret_input->event, &fault))
        return false;
    ret_input->rules = read_rules(rules);
    return ret_input->rules != NULL;
}

static void run(const struct input *input, const struct json *theirs, const struct json *refused_copy,
                struct arena *arena, struct merge_output *ret_output)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    const struct merge_input merge_input = {.rules = input->rules, .theirs = theirs, .event = &input->event,
                                            .version = BYTES("\"v1\""), .refused_copy = refused_copy,
                                            .limits = &limits};

    merge(&merge_input, arena, ret_output);
}

/* --- what holds --- */

static void expect_same(const struct merge_output *a, const struct merge_output *b)
{
    ensure(a->verdict == b->verdict);
    ensure(a->decision_count == b->decision_count);
    ensure(a->edit_count == b->edit_count);
    for (size_t i = 0; i < a->edit_count; i++) {
        ensure(bytes_equal(a->edits[i].pointer, b->edits[i].pointer));
        ensure(bytes_equal(a->edits[i].value, b->edits[i].value));
    }
    for (size_t i = 0; i < a->decision_count; i++) {
        ensure(bytes_equal(a->decisions[i].field, b->decisions[i].field));
        ensure(a->decisions[i].result == b->decisions[i].result);
        ensure(a->decisions[i].merge_case == b->decisions[i].merge_case);
    }
}

static void expect_decisions(const struct merge_output *output, bool is_partial)
{
    size_t conflicts = 0;

    for (size_t i = 0; i < output->decision_count; i++) {
        conflicts += output->decisions[i].result == RESULT_CONFLICT;
        ensure(output->decisions[i].result != RESULT_CONFLICT || !output->decisions[i].is_written);
    }
    ensure(output->verdict == MERGE_REJECT || (conflicts > 0) == (output->verdict == MERGE_CONFLICT));
    ensure(output->edit_count == 0 || output->verdict == MERGE_WRITE || (output->verdict == MERGE_CONFLICT && is_partial));
    ensure(output->verdict != MERGE_WRITE || output->edit_count > 0);
}

static bool is_mentioned(const struct event *event, struct bytes pointer)
{
    for (size_t i = 0; i < event->change_count; i++)
        if (!event->changes[i].is_guard && (pointer_covers(event->changes[i].field, pointer) ||
                                            pointer_covers(pointer, event->changes[i].field)))
            return true;
    return false;
}

/* The members of the root that the event does not mention. */
static void expect_rest(const struct input *input, const struct json *after, struct arena *arena)
{
    const struct json *before = &input->theirs;

    for (uint32_t i = 1; i < before->count; i = before->values[i].after) {
        struct bytes key = json_key(before, i, arena);
        struct buffer pointer;
        uint32_t index;

        buffer_init(&pointer, SIZE_MAX / 2);
        pointer_add(&pointer, key);
        if (!is_mentioned(&input->event, buffer_bytes(&pointer))) {
            index = json_member(after, 0, key);
            ensure(index != JSON_NOT_FOUND);
            ensure(bytes_equal(json_text(before, i), json_text(after, index)));
        }
        buffer_release(&pointer);
    }
}

/* What was made differs from what the event asks for; `latest` looks at a time that the event may have set itself. */
static bool may_go_on(const struct merge_output *output)
{
    for (size_t i = 0; i < output->decision_count; i++)
        if (rule_counts_repeats(output->decisions[i].entry->rule) || output->decisions[i].entry->rule == RULE_LATEST)
            return true;
    return false;
}

static void expect_settled(const struct input *input, const struct json *after, struct arena *arena)
{
    struct merge_output again;

    run(input, after, NULL, arena, &again);
    ensure(again.edit_count == 0);
}

static void expect_result(const struct input *input, const struct merge_output *output, struct arena *arena)
{
    const struct json_limits wide = {.size_max = 1 << 24, .depth_max = UINT32_MAX, .members_max = 1 << 24};
    struct json_fault fault;
    struct json after;
    struct buffer out;
    size_t failed;

    buffer_init(&out, SIZE_MAX / 2);
    ensure(json_splice(&input->theirs, output->edits, output->edit_count, &out, &failed) == JSON_SPLICED);
    ensure(json_scan(buffer_bytes(&out), &wide, arena, &after, &fault));
    ensure(output->edit_count == 0 || merge_edits_stand(&after, output->edits, output->edit_count, arena));
    expect_rest(input, &after, arena);
    if (output->verdict != MERGE_CONFLICT && !input->has_refused_copy && !may_go_on(output))
        expect_settled(input, &after, arena);
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 14);
    struct merge_output output, again;
    struct input input;

    if (read_input((struct bytes){(const char *)data, size}, arena, &input)) {
        const struct json *refused_copy = input.has_refused_copy ? &input.refused_copy : NULL;

        run(&input, &input.theirs, refused_copy, arena, &output);
        run(&input, &input.theirs, refused_copy, arena, &again);
        expect_same(&output, &again);
        expect_decisions(&output, rules_defaults(input.rules)->partial);
        if (output.verdict != MERGE_REJECT)
            expect_result(&input, &output, arena);
    }
    rules_free(input.rules);
    arena_free(arena);
    return 0;
}
