#include "engine/update.h"

#include "common/buffer.h"

void copy_reset(struct engine *engine, struct copy *copy)
{
    struct arena *arena = copy->arena != NULL ? copy->arena : engine_arena(engine);

    arena_reset(arena);
    *copy = (struct copy){.arena = arena};
}

bool copy_read(struct engine *engine, struct copy *copy, struct bytes text, struct json_fault *ret_fault)
{
    copy_reset(engine, copy);
    if (!bytes_present(text))
        text = BYTES("");
    if (text.size > engine->options.document_limits.size_max) {
        *ret_fault = (struct json_fault){.what = "larger than the limit", .is_limit = true};
        return false;
    }
    text.data = arena_copy(copy->arena, text.data, text.size);
    if (!json_scan(text, &engine->options.document_limits, copy->arena, &copy->json, ret_fault))
        return false;
    copy->text = text;
    return true;
}

static const struct base_memory *memory_of(struct engine *engine, const struct update *update)
{
    const struct document *document = documents_find(&engine->documents, lane_document(update->lane));

    return document != NULL ? document->memory : NULL;
}

static void trace_merge(struct engine *engine, const struct update *update)
{
    const struct merge_output *merged = &update->current->merged;
    static const char *const letters[] = {
        [RESULT_THEIRS] = "T", [RESULT_OURS] = "O", [RESULT_CONFLICT] = "X", [RESULT_MEMBERS] = "?"};
    char text[TRACE_LINE_SIZE] = "";
    size_t used = 0;

    for (size_t i = 0; i < merged->decision_count && used + 1 < sizeof(text); i++) {
        const struct decision *decision = &merged->decisions[i];

        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.*s %s %s", i > 0 ? ", " : "",
                                 BYTES_ARG(decision->field), merge_case_name(decision->merge_case),
                                 letters[decision->result]);
    }
    trace_line(&engine->trace, engine->now_ms, "%.*s merge %s%s", BYTES_ARG(lane_document(update->lane)), text,
               update->is_from_cache ? " (cached copy)" : "");
}

/* What is remembered may be evicted or replaced while the write is under way, and the refused copy makes room for the
 * next one that is read; the decisions outlive both. */
static void keep_bases(struct copy *copy)
{
    struct merge_output *merged = &copy->merged;
    struct decision *decisions = arena_take(copy->arena, (merged->decision_count + 1) * sizeof(*decisions));

    if (merged->decision_count > 0)
        memcpy(decisions, merged->decisions, merged->decision_count * sizeof(*decisions));
    for (size_t i = 0; i < merged->decision_count; i++) {
        struct bytes *text = &decisions[i].base.text;

        if ((decisions[i].base_from == BASE_FROM_MEMORY || decisions[i].base_from == BASE_FROM_REFUSED_COPY) &&
            bytes_present(*text))
            text->data = arena_copy(copy->arena, text->data, text->size);
    }
    merged->decisions = decisions;
}

/* The events that wait in the lane behind this one. */
static size_t later_events(const struct update *update, struct arena *arena, const struct event *const **ret_later)
{
    const struct event **later;
    size_t count = 0;

    list_each(node, &update->lane->events)
        count++;
    later = arena_take(arena, (count + 1) * sizeof(*later));
    count = 0;
    list_each(node, &update->lane->events)
        later[count++] = &list_item(node, struct held, in_queue)->finished.event;
    *ret_later = later;
    return count;
}

static void merge_event(struct engine *engine, struct update *update)
{
    struct copy *copy = update->current;
    struct merge_input input = {
        .rules = engine->options.rules,
        .theirs = &copy->json,
        .event = &update->held->finished.event,
        .version = copy->version,
        .refused_copy = bytes_present(update->built->text) ? &update->built->json : NULL,
        .own_edits = update->possible_edits,
        .own_edit_count = update->possible_edit_count,
        .memory = memory_of(engine, update),
        .limits = &engine->options.event_limits.json,
    };

    input.later_count = later_events(update, copy->arena, &input.later);
    merge(&input, copy->arena, &copy->merged);
    if (input.memory != NULL || input.refused_copy != NULL)
        keep_bases(copy);
    trace_merge(engine, update);
}

static void make_body(struct update *update)
{
    struct copy *copy = update->current;
    struct buffer body;
    size_t failed;

    buffer_init(&body, SIZE_MAX / 2);
    if (json_splice(&copy->json, copy->merged.edits, copy->merged.edit_count, &body, &failed) != JSON_SPLICED)
        never("the merge has judged every edit against the document");
    copy->body = (struct bytes){arena_copy(copy->arena, body.data, body.size), body.size};
    buffer_release(&body);
}

/* The edits of a write that was possibly applied all stand: it was, and its decisions hold. */
static bool is_settled(struct engine *engine, struct update *update)
{
    (void)engine;
    return update->is_ambiguous &&
           merge_edits_stand(&update->current->json, update->built->merged.edits,
                             update->built->merged.edit_count, update->current->arena);
}

static void note_version_before(struct update *update)
{
    struct finished *finished = &update->held->finished;
    struct bytes version = update->current->version;

    finished->version_before =
        bytes_present(version)
            ? (struct bytes){arena_copy(update->held->arena, version.data, version.size), version.size}
            : BYTES_NONE;
}

static struct step settled(struct engine *engine, struct update *update)
{
    struct bytes version = update->current->version;
    struct held *held = update->held;

    probe("an ambiguous write was applied");
    trace_line(&engine->trace, engine->now_ms, "%.*s the write was applied",
               BYTES_ARG(lane_document(update->lane)));
    held->finished.is_written = true;
    /* Others may have written since; the version after our write is known only if it is the one just read. */
    held->finished.version_after =
        bytes_present(version) ? (struct bytes){arena_copy(held->arena, version.data, version.size), version.size}
                               : BYTES_NONE;
    return finish_written(engine, update);
}

static void mark_after_ambiguous(struct update *update)
{
    struct merge_output *merged = &update->current->merged;
    struct decision *decisions = arena_take(update->current->arena, (merged->decision_count + 1) * sizeof(*decisions));

    if (merged->decision_count > 0)
        memcpy(decisions, merged->decisions, merged->decision_count * sizeof(*decisions));
    for (size_t i = 0; i < merged->decision_count; i++)
        decisions[i].is_after_ambiguous = true;
    merged->decisions = decisions;
}

struct step merge_current(struct engine *engine, struct update *update)
{
    if (is_settled(engine, update))
        return settled(engine, update);
    if (update->is_ambiguous)
        probe("an ambiguous write was not applied, or changed since");
    if (update->stale_answers >= engine->options.conflict_attempts) {
        finish_decisions(update, update->built);
        return step_done(OUTCOME_EXHAUSTED, REASON_CONFLICT_ATTEMPTS, BYTES_NONE);
    }
    merge_event(engine, update);
    if (update->possible_edit_count > 0)
        mark_after_ambiguous(update);
    note_version_before(update);
    if (update->current->merged.edit_count > 0 && update->current->merged.verdict != MERGE_REJECT &&
        (update->current->merged.verdict == MERGE_WRITE || !update->is_from_cache)) {
        make_body(update);
        return step_to(STATE_WRITE);
    }
    if (update->is_from_cache) {
        probe("a cached copy ends nothing");
        return step_to(STATE_READ);
    }
    return finish_unwritten(update);
}

static bool is_known_edit(const struct update *update, const struct json_edit *edit)
{
    for (size_t i = 0; i < update->possible_edit_count; i++) {
        const struct json_edit *known = &update->possible_edits[i];

        if (bytes_equal(known->pointer, edit->pointer) &&
            bytes_present(known->value) == bytes_present(edit->value) && bytes_equal(known->value, edit->value))
            return true;
    }
    return false;
}

void possible_edits_add(struct update *update)
{
    struct arena *arena = update->held->arena;
    const struct merge_output *merged = &update->built->merged;

    for (size_t i = 0; i < merged->edit_count; i++) {
        const struct json_edit *edit = &merged->edits[i];
        struct json_edit kept = {
            .pointer = {arena_copy(arena, edit->pointer.data, edit->pointer.size), edit->pointer.size}};

        if (is_known_edit(update, edit))
            continue;
        if (bytes_present(edit->value))
            kept.value =
                (struct bytes){arena_copy(arena, edit->value.data, edit->value.size), edit->value.size};
        update->possible_edits =
            arena_grow(arena, update->possible_edits, update->possible_edit_count * sizeof(kept),
                       (update->possible_edit_count + 1) * sizeof(kept));
        update->possible_edits[update->possible_edit_count++] = kept;
    }
}
