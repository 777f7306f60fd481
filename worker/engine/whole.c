#include "engine/update.h"

/* What an event asks of the document as a whole: that it is there, that it is made, that it goes. A create and a delete
 * are alone in their update; an update or upsert that finds no document is alone from then on. */

bool whole_is_asked(const struct event *event)
{
    return event->operation == OPERATION_CREATE || event->operation == OPERATION_DELETE;
}

const struct event *whole_event(struct copy *copy, const struct event *event)
{
    struct event *made;
    struct change *changes;
    size_t count = 0;

    if (!copy->is_absent && event->operation != OPERATION_CREATE)
        return event;
    made = arena_take(copy->arena, sizeof(*made));
    changes = arena_take(copy->arena, (event->change_count + 1) * sizeof(*changes));
    for (size_t i = 0; i < event->change_count; i++) {
        if (event->changes[i].is_guard)
            continue;
        changes[count] = event->changes[i];
        changes[count].base = BYTES_NONE;
        changes[count++].base_known = BASE_MISSING;
    }
    *made = *event;
    made->base_version = BYTES_NONE;
    made->changes = changes;
    made->change_count = count;
    return made;
}

/* --- it is not there --- */

struct step whole_read_absent(struct engine *engine, struct update *update, const struct answer *answer)
{
    struct copy *copy = update->current;
    struct json_fault fault;

    documents_forget(&engine->documents, lane_document(update->lane));
    if (!copy_read(engine, copy, BYTES("{}"), &fault))
        never("an empty object is JSON within every limit");
    copy->is_absent = true;
    copy->absence = answer->meaning;
    copy->absence_detail = arena_keep(copy->arena, answer->detail);
    update->is_from_cache = false;
    update->was_stale = false;
    return step_to(STATE_MERGE);
}

static enum when_absent when_absent(const struct engine *engine, const struct copy *copy)
{
    return copy->absence == MEANING_GONE ? engine->options.when_gone : engine->options.when_missing;
}

static bool may_create(const struct engine *engine, const struct update *update, const struct event *event)
{
    switch (event->operation) {
    case OPERATION_CREATE:
    case OPERATION_UPSERT:
        return true;
    case OPERATION_UPDATE:
        return when_absent(engine, update->current) == WHEN_ABSENT_CREATE;
    case OPERATION_DELETE:
        return false;
    }
    never("every operation says whether it creates");
}

/* An update that is met again after a crash, whose document a later event, still to come, has deleted. */
static bool is_deleted_later(struct update *update)
{
    size_t count;
    const struct event *const *events = fold_line_up(update, update->current->arena, &count);

    for (size_t i = 1; i < count; i++)
        if (events[i]->operation == OPERATION_DELETE)
            return true;
    return false;
}

static void end_absent(const struct engine *engine, struct update *update, struct held *held)
{
    const struct copy *copy = update->current;
    enum reason reason = copy->absence == MEANING_GONE ? REASON_GONE : REASON_MISSING;

    if (held->finished.event.operation == OPERATION_DELETE)
        held_end(held, OUTCOME_UNCHANGED, REASON_ALREADY, BYTES_NONE);
    else if (when_absent(engine, copy) == WHEN_ABSENT_SKIP)
        held_end(held, OUTCOME_UNCHANGED, reason, copy->absence_detail);
    else if (is_deleted_later(update))
        held_end(held, OUTCOME_UNCHANGED, REASON_SUPERSEDED, BYTES_NONE);
    else
        held_end(held, OUTCOME_REJECTED, reason, copy->absence_detail);
}

struct step whole_absent(struct engine *engine, struct update *update)
{
    if (update->is_ambiguous && update->built->writes == WRITE_DELETE) {
        probe("an ambiguous delete was applied");
        return finish_deleted(engine, update);
    }
    while (update->member_count > 0) {
        struct held *held = update_first(update);

        if (may_create(engine, update, &held->finished.event)) {
            if (update->member_count > 1)
                fold_take_apart(engine, update);
            return step_to(STATE_WRITE);
        }
        end_absent(engine, update, held);
        fold_leave(engine, update, held);
    }
    return step_to(STATE_DONE);
}

/* --- it is there, and an event wants to make it --- */

static struct step end_one(struct update *update, enum outcome outcome, enum reason reason)
{
    if (update->is_from_cache) {
        probe("a cached copy ends no create and no delete");
        return step_to(STATE_READ);
    }
    finish_one(update_first(update), outcome, reason, BYTES_NONE, update->current);
    return step_to(STATE_DONE);
}

static struct step end_conflict(struct update *update, enum reason reason)
{
    return end_one(update, OUTCOME_CONFLICT,
                   update_first(update)->is_possibly_written ? REASON_POSSIBLY_WRITTEN : reason);
}

static struct step judge_create(struct update *update)
{
    const struct merge_output *merged = &update->current->parts[0].merged;
    bool is_superseded = false;

    for (size_t i = 0; i < merged->decision_count; i++) {
        const struct decision *decision = &merged->decisions[i];

        is_superseded = is_superseded || decision->note == DECISION_NOTE_SUPERSEDED;
        if (decision->merge_case != CASE_1 && decision->note != DECISION_NOTE_SUPERSEDED)
            return end_conflict(update, REASON_EXISTS);
    }
    return end_one(update, OUTCOME_UNCHANGED, is_superseded ? REASON_SUPERSEDED : REASON_ALREADY);
}

/* --- it is there, and an event wants it to go --- */

static bool rule_is_external(const struct engine *engine)
{
    return rules_find(engine->options.rules, BYTES(""))->rule == RULE_EXTERNAL;
}

/* Why the document must not go: nobody knows that it is what the producer saw. */
static enum reason objection(const struct engine *engine, const struct update *update)
{
    const struct copy *copy = update->current;
    const struct event *event = &update_first(update)->finished.event;
    bool has_version = bytes_present(event->base_version);
    bool is_version = has_version && copy->version.size > 0 && bytes_equal(event->base_version, copy->version);

    if (copy->parts[0].merged.verdict == MERGE_CONFLICT)
        return REASON_GUARD;
    if (event->change_count == 0)
        return is_version ? REASON_NONE : has_version ? REASON_BASE_VERSION : REASON_UNSEEN;
    if (has_version && !is_version && rules_defaults(engine->options.rules)->base_version == BASE_VERSION_REQUIRE)
        return REASON_BASE_VERSION;
    return REASON_NONE;
}

static bool stands(struct update *update, const struct event *event)
{
    struct json_edit *edits = arena_take(update->current->arena, (event->change_count + 1) * sizeof(*edits));

    for (size_t i = 0; i < event->change_count; i++)
        edits[i] = (struct json_edit){.pointer = event->changes[i].field, .value = event->changes[i].ours};
    return merge_edits_stand(&update->current->json, edits, event->change_count, update->current->arena);
}

/* A delete that is met again after a crash, after which a later event, still to come, has made the document. */
static bool is_created_later(struct update *update)
{
    size_t count;
    const struct event *const *events = fold_line_up(update, update->current->arena, &count);

    for (size_t i = 1; i < count; i++)
        if (events[i]->operation == OPERATION_CREATE && stands(update, events[i]))
            return true;
    return false;
}

static struct step judge_delete(struct engine *engine, struct update *update)
{
    enum reason reason = objection(engine, update);

    if (update->current->version.size == 0)
        return end_one(update, OUTCOME_REJECTED, REASON_NO_VERSION);
    if (reason != REASON_NONE && !rule_is_external(engine))
        return is_created_later(update) ? end_one(update, OUTCOME_UNCHANGED, REASON_SUPERSEDED)
                                        : end_conflict(update, reason);
    update->current->writes = WRITE_DELETE;
    return step_to(STATE_WRITE);
}

struct step whole_judge(struct engine *engine, struct update *update)
{
    enum event_operation operation = update_first(update)->finished.event.operation;

    ensure(update->member_count == 1);
    ensure(!update->current->is_absent);
    if (update->current->parts[0].merged.verdict == MERGE_REJECT)
        return update->is_from_cache ? step_to(STATE_READ) : finish_unwritten(engine, update);
    return operation == OPERATION_CREATE ? judge_create(update) : judge_delete(engine, update);
}
