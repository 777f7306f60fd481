#include "engine/update.h"

/* The decisions of a part, and its place among those that were merged with it. */
static void copy_decisions(const struct copy *copy, const struct part *part, bool is_written)
{
    struct held *held = part->held;
    const struct merge_output *merged = &part->merged;
    struct decision *decisions = arena_take(held->arena, (merged->decision_count + 1) * sizeof(*decisions));

    for (size_t i = 0; i < merged->decision_count; i++) {
        struct decision *decision = &decisions[i];

        *decision = merged->decisions[i];
        decision->is_written = decision->is_written && is_written;
        decision->field = arena_keep(held->arena, decision->field);
        decision->base.text = arena_keep(held->arena, decision->base.text);
        decision->theirs.text = arena_keep(held->arena, decision->theirs.text);
        decision->ours.text = arena_keep(held->arena, decision->ours.text);
        decision->value.text = arena_keep(held->arena, decision->value.text);
        decision->element = arena_keep(held->arena, decision->element);
    }
    held->finished.decisions = decisions;
    held->finished.decision_count = merged->decision_count;
    held->finished.folded = copy->part_count;
    held->finished.fold_position = (size_t)(part - copy->parts) + 1;
}

/* What the event asks for stands there, and a write of which nothing was heard had the field. */
static bool was_sent(const struct update *update, const struct copy *copy, const struct decision *decision)
{
    if (copy->is_absent)
        return false; /* nothing stands in it */
    for (size_t i = 0; i < update->possible_edit_count && decision->merge_case == CASE_1; i++) {
        if (bytes_equal(update->possible_edits[i].pointer, decision->field))
            return true;
    }
    return false;
}

/* The document has the value now, by this event: the base of the next event of the producer. */
static void remember(struct engine *engine, struct update *update, const struct copy *copy, const struct part *part,
                     bool is_written)
{
    const struct merge_output *merged = &part->merged;

    for (size_t i = 0; i < merged->decision_count; i++) {
        const struct decision *decision = &merged->decisions[i];

        if ((is_written && decision->is_written) || was_sent(update, copy, decision))
            documents_remember(&engine->documents, lane_document(update->lane), update->partition->number,
                               decision->field,
                               decision->value.state == VALUE_PRESENT ? decision->value.text : BYTES_NONE);
    }
}

static enum reason conflict_reason(const struct held *held, const struct merge_output *merged)
{
    if (held->is_possibly_written)
        return REASON_POSSIBLY_WRITTEN;
    for (size_t i = 0; i < merged->decision_count; i++) {
        const struct decision *decision = &merged->decisions[i];

        if (decision->result != RESULT_CONFLICT)
            continue;
        switch (decision->note) {
        case DECISION_NOTE_GUARD:
            return REASON_GUARD;
        case DECISION_NOTE_PARENT:
            return REASON_PARENT;
        case DECISION_NOTE_BASE_VERSION:
            return REASON_BASE_VERSION;
        case DECISION_NOTE_NOT_REPEATABLE:
            return REASON_NOT_REPEATABLE;
        default:
            return REASON_FIELD;
        }
    }
    never("a conflict has a field in conflict");
}

static struct bytes conflict_field(const struct merge_output *merged)
{
    for (size_t i = 0; i < merged->decision_count; i++) {
        if (merged->decisions[i].result == RESULT_CONFLICT)
            return merged->decisions[i].field;
    }
    return BYTES_NONE;
}

static bool has_blind_write(const struct merge_output *merged)
{
    for (size_t i = 0; i < merged->decision_count; i++) {
        const struct decision *decision = &merged->decisions[i];

        if ((decision->is_written || decision->superseded_by >= 0) && decision->merge_case == CASE_5)
            return true;
    }
    return false;
}

static void end_writer(struct held *held, const struct merge_output *merged, bool is_written)
{
    if (!is_written)
        held_end(held, OUTCOME_UNCHANGED, REASON_FOLDED_AWAY, BYTES_NONE);
    else if (merged->is_plain && held->stale_answers == 0)
        held_end(held, OUTCOME_APPLIED, REASON_NONE, BYTES_NONE);
    else
        held_end(held, OUTCOME_MERGED, has_blind_write(merged) ? REASON_NO_BASE : REASON_NONE, BYTES_NONE);
}

/* Each member by what its own merge said; `is_written`: the edits of all of them are in the service. */
static void end_part(const struct copy *copy, const struct part *part, bool is_written)
{
    struct held *held = part->held;
    const struct merge_output *merged = &part->merged;

    held->finished.is_written = is_written && merged->edit_count > 0;
    copy_decisions(copy, part, is_written);
    switch (merged->verdict) {
    case MERGE_WRITE:
        end_writer(held, merged, is_written);
        return;
    case MERGE_NOTHING:
        held_end(held, OUTCOME_UNCHANGED,
                 merged->is_already      ? REASON_ALREADY
                 : merged->is_superseded ? REASON_SUPERSEDED
                                         : REASON_KEPT,
                 BYTES_NONE);
        return;
    case MERGE_CONFLICT:
        held_end(held, OUTCOME_CONFLICT, conflict_reason(held, merged), conflict_field(merged));
        return;
    case MERGE_REJECT:
        held_end(held, OUTCOME_REJECTED, REASON_ARRAY_INDEX, merged->reject_field);
        return;
    }
    never("every verdict is an end");
}

struct step finish_written(struct engine *engine, struct update *update)
{
    const struct copy *built = update->built;

    for (size_t i = 0; i < built->part_count; i++) {
        if (built->parts[i].held == NULL)
            continue;
        end_part(built, &built->parts[i], true);
        remember(engine, update, built, &built->parts[i], true);
    }
    return step_to(STATE_DONE);
}

struct step finish_unwritten(struct engine *engine, struct update *update)
{
    const struct copy *copy = update->current;

    ensure(!update->is_from_cache);
    ensure(copy->edit_count == 0);
    for (size_t i = 0; i < copy->part_count; i++) {
        end_part(copy, &copy->parts[i], false);
        remember(engine, update, copy, &copy->parts[i], false);
    }
    return step_to(STATE_DONE);
}

struct step finish_deleted(struct engine *engine, struct update *update)
{
    struct held *held = update_first(update);

    ensure(update->built->writes == WRITE_DELETE);
    finish_one(held, held->stale_answers == 0 ? OUTCOME_APPLIED : OUTCOME_MERGED, REASON_NONE, BYTES_NONE,
               update->built);
    held->finished.is_written = true;
    documents_drop(&engine->documents, lane_document(update->lane));
    return step_to(STATE_DONE);
}

void finish_one(struct held *held, enum outcome outcome, enum reason reason, struct bytes detail,
                const struct copy *copy)
{
    for (size_t i = 0; copy != NULL && i < copy->part_count; i++) {
        if (copy->parts[i].held == held)
            copy_decisions(copy, &copy->parts[i], false);
    }
    held_end(held, outcome, reason, detail);
}

struct step finish_all(struct update *update, enum outcome outcome, enum reason reason, struct bytes detail,
                       const struct copy *copy)
{
    list_each(node, &update->members)
        finish_one(list_item(node, struct held, in_queue), outcome, reason, detail, copy);
    return step_to(STATE_DONE);
}
