#include "engine/update.h"

#include "common/json_compare.h"
#include "common/pointer.h"

/* Several events of one document in one write. They are merged one after the other, each onto what the ones before
 * have made of the document, so that each gets the decisions that it would get alone; what an earlier one set counts
 * as this worker's own write for the next. */

/* --- the members --- */

/* Merging costs time in proportion to members times document, in one turn of the loop: no more than some 50 ms. */
#define FOLD_WORK_BYTES ((size_t)16 << 20)

static size_t event_bytes(const struct held *held)
{
    return held->finished.key.size + held->finished.value.size;
}

void fold_add(struct update *update, struct held *held)
{
    const struct repeats_event identity = held_identity(held);

    ensure(held->place == HELD_QUEUED);
    ensure(held->partition == update->partition);
    list_remove(&held->in_queue);
    list_push_back(&update->members, &held->in_queue);
    held->place = HELD_UPDATING;
    repeats_pend(update->partition->repeats, &identity);
    held->first_attempt = update->attempts_made;
    held->contested_count = 0;
    held->finished.folded = held->finished.fold_position = 1;
    update->member_count++;
    update->member_bytes += event_bytes(held);
}

/* Only a copy that was read since the event came may end it; a cached one ends nothing without a write. */
static bool is_seen_by(const struct update *update, const struct held *held)
{
    return update->is_from_cache || held->received_ms <= update->request_at_ms;
}

/* One that repeats another waits for its turn, and for the records of that. */
static bool is_new(const struct held *held)
{
    const struct repeats_event identity = held_identity(held);

    return repeats_judge(held->partition->repeats, &identity) == REPEAT_NONE;
}

static bool may_join(const struct engine *engine, const struct update *update, const struct held *held)
{
    const struct engine_options *options = &engine->options;

    return !held->is_single && held->partition == update->partition && is_seen_by(update, held) &&
           update->member_count < options->fold_events_max &&
           update->member_bytes + event_bytes(held) <= options->fold_bytes_max &&
           (update->member_count + 1) * update->current->text.size <= FOLD_WORK_BYTES && is_new(held);
}

void fold_join(struct engine *engine, struct update *update)
{
    struct list *queue = &update->lane->events;
    size_t before = update->member_count;

    /* an event that joined a document that fails would be given up before its own time */
    if (update_first(update)->is_single || update->failing_since_ms >= 0)
        return;
    while (!list_is_empty(queue) && may_join(engine, update, list_item(queue->next, struct held, in_queue)))
        fold_add(update, list_item(queue->next, struct held, in_queue));
    if (update->member_count > 1 && update->member_count > before)
        trace_line(&engine->trace, engine->now_ms, "%.*s fold %zu events",
                   BYTES_ARG(lane_document(update->lane)), update->member_count);
}

static void forget_part(struct copy *copy, const struct held *held)
{
    for (size_t i = 0; i < copy->part_count; i++) {
        if (copy->parts[i].held == held)
            copy->parts[i].held = NULL;
    }
}

static void member_remove(struct update *update, struct held *held)
{
    ensure(update->member_count > 0);
    ensure(update->member_bytes >= event_bytes(held));
    list_remove(&held->in_queue);
    update->member_count--;
    update->member_bytes -= event_bytes(held);
    forget_part(&update->copies[0], held);
    forget_part(&update->copies[1], held);
}

void fold_leave(struct engine *engine, struct update *update, struct held *held)
{
    if (update->member_count > 1)
        probe("a member leaves before the others");
    attempts_copy(update, held);
    member_remove(update, held);
    held_finish(engine, held);
}

void fold_leave_exhausted(struct engine *engine, struct update *update)
{
    while (update->member_count > 0) {
        struct held *held = update_first(update);

        if (held->stale_answers < engine->options.conflict_attempts)
            return;
        finish_one(held, OUTCOME_EXHAUSTED, REASON_CONFLICT_ATTEMPTS, BYTES_NONE, update->built);
        fold_leave(engine, update, held);
    }
}

void fold_take_apart(struct engine *engine, struct update *update)
{
    probe("events that were refused together are tried one by one");
    trace_line(&engine->trace, engine->now_ms, "%.*s one by one", BYTES_ARG(lane_document(update->lane)));
    update_first(update)->is_single = true;
    while (update->member_count > 1) {
        struct held *held = list_item(update->members.previous, struct held, in_queue);

        attempts_copy(update, held);
        member_remove(update, held);
        repeats_forget(update->partition->repeats, held->finished.offset);
        held->is_single = true;
        held->place = HELD_QUEUED;
        if (update->partition->is_draining)
            held_free(engine, held); /* back to Kafka */
        else
            list_push_front(&update->lane->events, &held->in_queue);
    }
    update->goes_one_by_one = false;
    update->lane->remedy = update->remedy; /* what the service wants of them it wants of each */
}

/* --- one after the other --- */

/* The document as the members make it: each text lives until the next but one. */
struct running {
    struct json json;
    struct arena *arenas[2];
    unsigned turn;
    struct base_memory *set; /* by the members so far; NULL: nothing */
    struct decision **standing; /* decisions of ours that no later member has replaced */
    struct bytes *fields;       /* of them */
    size_t standing_count;
    size_t standing_capacity;
};

static void apply(struct engine *engine, struct running *running, const struct merge_output *merged)
{
    static const struct json_limits limits = {
        .size_max = UINT32_MAX / 2, .depth_max = UINT32_MAX / 2, .members_max = UINT32_MAX / 2};
    struct json_fault fault;
    struct bytes text;

    running->turn = !running->turn;
    if (running->arenas[running->turn] == NULL)
        running->arenas[running->turn] = engine_arena(engine);
    arena_reset(running->arenas[running->turn]);
    text = copy_splice(engine, &running->json, merged->edits, merged->edit_count, running->arenas[running->turn]);
    if (!json_scan(text, &limits, running->arenas[running->turn], &running->json, &fault))
        never("a document stays JSON when JSON is set in it");
}

/* The decisions outlive what is remembered, the copy that was refused, and a text that only the next member sees. */
static void keep_decisions(struct copy *copy, struct merge_output *merged, bool is_fold, bool is_after_ambiguous)
{
    struct decision *decisions = arena_take(copy->arena, (merged->decision_count + 1) * sizeof(*decisions));

    if (merged->decision_count > 0)
        memcpy(decisions, merged->decisions, merged->decision_count * sizeof(*decisions));
    for (size_t i = 0; i < merged->decision_count; i++) {
        struct decision *decision = &decisions[i];

        decision->is_after_ambiguous = is_after_ambiguous;
        if (is_fold || decision->base_from == BASE_FROM_MEMORY || decision->base_from == BASE_FROM_REFUSED_COPY)
            decision->base.text = arena_keep(copy->arena, decision->base.text);
        if (is_fold) {
            decision->theirs.text = arena_keep(copy->arena, decision->theirs.text);
            decision->element = arena_keep(copy->arena, decision->element);
        }
        if (!decision_changes(decision))
            decision->value.text = decision->theirs.text;
    }
    merged->decisions = decisions;
}

static void stand(struct copy *copy, struct running *running, struct decision *decision)
{
    if (running->standing_count == running->standing_capacity) {
        size_t capacity = running->standing_capacity == 0 ? 16 : 2 * running->standing_capacity;

        running->standing =
            arena_grow(copy->arena, running->standing, running->standing_capacity * sizeof(struct decision *),
                       capacity * sizeof(struct decision *));
        running->fields = arena_grow(copy->arena, running->fields, running->standing_capacity * sizeof(struct bytes),
                                     capacity * sizeof(struct bytes));
        running->standing_capacity = capacity;
    }
    running->fields[running->standing_count] = decision->field;
    running->standing[running->standing_count++] = decision;
}

/* A value that a later member replaces is never written, and its decision says by whom it was replaced. */
static void supersede(struct running *running, const struct decision *by, int64_t offset)
{
    size_t kept = 0;

    for (size_t i = 0; i < running->standing_count; i++) {
        struct decision *decision = running->standing[i];

        if (pointer_covers(by->field, decision->field)) {
            decision->is_written = false;
            decision->superseded_by = offset;
        } else {
            running->fields[kept] = decision->field;
            running->standing[kept++] = decision;
        }
    }
    running->standing_count = kept;
}

static void note_own(struct copy *copy, struct running *running, const struct part *part)
{
    struct decision *decisions = (struct decision *)(uintptr_t)part->merged.decisions; /* keep_decisions made them */

    for (size_t i = 0; i < part->merged.decision_count; i++) {
        struct decision *decision = &decisions[i];

        if (!decision->is_written)
            continue;
        supersede(running, decision, part->held->finished.offset);
        stand(copy, running, decision);
        if (running->set == NULL)
            running->set = base_memory_new();
        base_memory_set(running->set, decision->field,
                        decision->value.state == VALUE_PRESENT ? decision->value.text : BYTES_NONE);
    }
}

/* --- all of it --- */

static const struct base_memory *memory_of(struct engine *engine, const struct update *update)
{
    const struct document *document = documents_find(&engine->documents, lane_document(update->lane));

    return document != NULL ? document->memory : NULL;
}

#define TRACED_PARTS 16

static void trace_part(struct engine *engine, const struct update *update, const struct part *part, size_t position)
{
    static const char *const letters[] = {
        [RESULT_THEIRS] = "T", [RESULT_OURS] = "O", [RESULT_CONFLICT] = "X", [RESULT_MERGED] = "M"};
    char text[TRACE_LINE_SIZE] = "";
    size_t used = 0;

    if (position >= TRACED_PARTS || part->merged.decision_count == 0)
        return;
    if (update->member_count > 1)
        used = (size_t)snprintf(text, sizeof(text), "p%d/%lld: ", part->held->finished.partition,
                                (long long)part->held->finished.offset);
    for (size_t i = 0; i < part->merged.decision_count && used + 1 < sizeof(text); i++) {
        const struct decision *decision = &part->merged.decisions[i];

        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.*s %s %s", i > 0 ? ", " : "",
                                 BYTES_ARG(decision->field), merge_case_name(decision->merge_case),
                                 letters[decision->result]);
    }
    trace_line(&engine->trace, engine->now_ms, "%.*s merge %s%s", BYTES_ARG(lane_document(update->lane)), text,
               update->is_from_cache ? " (cached copy)" : "");
}

static void merge_parts(struct engine *engine, struct update *update, struct running *running)
{
    struct copy *copy = update->current;
    size_t events_count, position = 0;
    const struct event *const *events = fold_line_up(update, copy->arena, &events_count);
    struct merge_input input = {
        .rules = engine->options.rules,
        .version = copy->version,
        .own_edits = update->possible_edits,
        .own_edit_count = update->possible_edit_count,
        .memory = memory_of(engine, update),
        .limits = &engine->options.event_limits.json,
    };

    list_each(node, &update->members) {
        struct part *part = &copy->parts[position];

        part->held = list_item(node, struct held, in_queue);
        input.theirs = &running->json;
        input.event = whole_event(copy, events[position++]);
        input.fold = running->set;
        input.fold_fields = running->fields;
        input.fold_field_count = running->standing_count;
        input.refused_copy = refused_copy(update, part->held);
        input.contested = part->held->contested;
        input.contested_count = part->held->contested_count;
        input.later = events + position;
        input.later_count = events_count - position;
        merge(&input, copy->arena, &part->merged);
        refused_note(update, part);
        keep_decisions(copy, &part->merged, update->member_count > 1, part->held->is_possibly_written);
        trace_part(engine, update, part, position - 1);
        if (update->member_count == 1 || part->merged.edit_count == 0)
            continue;
        apply(engine, running, &part->merged);
        note_own(copy, running, part);
        input.version = BYTES_NONE; /* what follows is no state that the service gave out */
    }
}

/* --- the edits of all parts together --- */

struct edits {
    struct json_edit *items;
    size_t count;
};

/* Only the outermost of fields that contain each other. */
static void edits_add(struct edits *edits, struct bytes pointer)
{
    size_t kept = 0;

    for (size_t i = 0; i < edits->count; i++) {
        if (pointer_covers(edits->items[i].pointer, pointer))
            return;
    }
    for (size_t i = 0; i < edits->count; i++) {
        if (!pointer_covers(pointer, edits->items[i].pointer))
            edits->items[kept++] = edits->items[i];
    }
    edits->items[kept++] = (struct json_edit){.pointer = pointer};
    edits->count = kept;
}

/* What is at the pointer in the end; false: the same as in the beginning. */
static bool edit_settle(struct copy *copy, const struct json *last, struct json_edit *edit)
{
    uint32_t before, after;
    bool was_there = pointer_find(&copy->json, edit->pointer, &before) == POINTER_FOUND;
    bool is_there = pointer_find(last, edit->pointer, &after) == POINTER_FOUND;

    if (was_there && is_there && json_equal(&copy->json, before, last, after))
        return false;
    if (is_there)
        edit->value = arena_keep(copy->arena, json_text(last, after));
    return was_there || is_there;
}

static void sum_up(struct copy *copy, const struct json *last)
{
    struct edits edits = {0};
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < copy->part_count; i++)
        count += copy->parts[i].merged.edit_count;
    edits.items = arena_take(copy->arena, (count + 1) * sizeof(*edits.items));
    for (size_t i = 0; i < copy->part_count; i++)
        for (size_t k = 0; k < copy->parts[i].merged.edit_count; k++)
            edits_add(&edits, copy->parts[i].merged.edits[k].pointer);
    for (size_t i = 0; i < edits.count; i++) {
        if (edit_settle(copy, last, &edits.items[i]))
            edits.items[kept++] = edits.items[i];
    }
    copy->edits = edits.items;
    copy->edit_count = kept;
}

void fold_merge(struct engine *engine, struct update *update)
{
    struct copy *copy = update->current;
    struct running running = {.json = copy->json};

    ensure(update->member_count >= 1);
    copy->parts = arena_zero(copy->arena, update->member_count * sizeof(*copy->parts));
    copy->part_count = update->member_count;
    merge_parts(engine, update, &running);
    if (update->member_count == 1) {
        copy->edits = copy->parts[0].merged.edits;
        copy->edit_count = copy->parts[0].merged.edit_count;
    } else {
        sum_up(copy, &running.json);
    }
    engine_arena_back(engine, running.arenas[0]);
    engine_arena_back(engine, running.arenas[1]);
    base_memory_free(running.set);
}
