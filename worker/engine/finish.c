#include "engine/update.h"

static struct bytes keep(struct arena *arena, struct bytes bytes)
{
    if (!bytes_present(bytes))
        return BYTES_NONE;
    return (struct bytes){arena_copy(arena, bytes.data, bytes.size), bytes.size};
}

void finish_decisions(struct update *update, const struct copy *copy)
{
    struct held *held = update->held;
    const struct merge_output *merged = &copy->merged;
    struct decision *decisions = arena_take(held->arena, (merged->decision_count + 1) * sizeof(*decisions));

    for (size_t i = 0; i < merged->decision_count; i++) {
        struct decision *decision = &decisions[i];

        *decision = merged->decisions[i];
        decision->is_written = decision->is_written && held->finished.is_written;
        decision->field = keep(held->arena, decision->field);
        decision->base.text = keep(held->arena, decision->base.text);
        decision->theirs.text = keep(held->arena, decision->theirs.text);
        decision->ours.text = keep(held->arena, decision->ours.text);
        decision->value.text = keep(held->arena, decision->value.text);
    }
    held->finished.decisions = decisions;
    held->finished.decision_count = merged->decision_count;
}

/* The document has ours now, by this event: the base of the next event of the producer. */
static void remember(struct engine *engine, struct update *update, const struct merge_output *merged)
{
    for (size_t i = 0; i < merged->decision_count; i++) {
        const struct decision *decision = &merged->decisions[i];

        if (decision->is_written)
            documents_remember(&engine->documents, lane_document(update->lane),
                               update->held->partition->number, decision->field,
                               decision->ours.state == VALUE_PRESENT ? decision->ours.text : BYTES_NONE);
    }
}

static enum reason conflict_reason(const struct update *update, const struct merge_output *merged)
{
    if (update->possible_edit_count > 0)
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
        if (merged->decisions[i].is_written && merged->decisions[i].merge_case == CASE_5)
            return true;
    }
    return false;
}

struct step finish_written(struct engine *engine, struct update *update)
{
    const struct merge_output *merged = &update->built->merged;

    finish_decisions(update, update->built);
    remember(engine, update, merged);
    if (merged->verdict == MERGE_CONFLICT)
        return step_done(OUTCOME_CONFLICT, conflict_reason(update, merged), conflict_field(merged));
    if (merged->is_plain && update->stale_answers == 0)
        return step_done(OUTCOME_APPLIED, REASON_NONE, BYTES_NONE);
    return step_done(OUTCOME_MERGED, has_blind_write(merged) ? REASON_NO_BASE : REASON_NONE, BYTES_NONE);
}

struct step finish_unwritten(struct update *update)
{
    const struct merge_output *merged = &update->current->merged;

    ensure(!update->is_from_cache);
    finish_decisions(update, update->current);
    switch (merged->verdict) {
    case MERGE_NOTHING:
        return step_done(OUTCOME_UNCHANGED,
                         merged->is_already      ? REASON_ALREADY
                         : merged->is_superseded ? REASON_SUPERSEDED
                                                 : REASON_KEPT,
                         BYTES_NONE);
    case MERGE_CONFLICT:
        return step_done(OUTCOME_CONFLICT, conflict_reason(update, merged), conflict_field(merged));
    case MERGE_REJECT:
        return step_done(OUTCOME_REJECTED, REASON_ARRAY_INDEX, merged->reject_field);
    case MERGE_WRITE:
        break;
    }
    never("a merge that asks for a write is written");
}
