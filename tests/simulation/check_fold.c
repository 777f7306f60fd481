#include "world.h"

#include "common/check.h"
#include "common/pointer.h"

/* Events that were written together: what the ones before did to the document that the next was merged onto. */

void fold_find_mate(struct world *world, struct record *record)
{
    const struct list *head = &world->kafka.partitions[record->asked->partition].asked;

    if (record->finished.fold_position == 1)
        return;
    for (const struct list *node = record->asked->in_partition.previous; node != head; node = node->previous) {
        const struct asked *asked = list_item(node, struct asked, in_partition);
        const struct record *other = asked->holdings[record->worker->number].record;

        if (other == NULL || other->epoch != record->epoch || other->life != record->life || !asked->is_good ||
            !bytes_equal(asked->key, record->asked->key) ||
            other->finished.reason == REASON_SKIPPED_BY_OPERATOR)
            continue;
        if (other->finished.fold_position + 1 == record->finished.fold_position)
            record->mate = other;
        return;
    }
}

static bool has_condition(const struct decision *decision)
{
    return decision->note == DECISION_NOTE_GUARD || decision->note == DECISION_NOTE_BASE_VERSION;
}

/* The event's decisions changed the document: it was not in conflict, or in part only. */
static bool took_effect(const struct world *world, const struct finished *finished)
{
    bool has_conflict = false, has_conditions = false;

    for (size_t i = 0; i < finished->decision_count; i++) {
        has_conflict = has_conflict || finished->decisions[i].result == RESULT_CONFLICT;
        has_conditions = has_conditions || has_condition(&finished->decisions[i]);
    }
    return !has_conflict || (world->options.partial && !has_conditions);
}

static bool set_all(struct world *world, const struct finished *finished, struct bytes *text, bool *has_changed)
{
    for (size_t i = 0; i < finished->decision_count; i++) {
        const struct decision *decision = &finished->decisions[i];
        struct model_value value = {decision->value.state == VALUE_PRESENT ? MODEL_VALUE : MODEL_MISSING,
                                    decision->value.text};

        if (!decision_changes(decision))
            continue;
        *has_changed = true;
        if (!model_set(*text, decision->field, value, world->scratch, text))
            return false;
    }
    return true;
}

struct bytes fold_document(struct world *world, const struct record *record, const struct state *state,
                           bool *ret_has_changed)
{
    struct bytes text;

    *ret_has_changed = false;
    if (record->finished.fold_position == 1)
        return state->text;
    if (record->mate == NULL)
        return BYTES_NONE;
    text = fold_document(world, record->mate, state, ret_has_changed);
    if (bytes_present(text) && took_effect(world, &record->mate->finished) &&
        !set_all(world, &record->mate->finished, &text, ret_has_changed))
        return BYTES_NONE;
    return text;
}

static bool sets(const struct record *record, struct bytes field)
{
    for (size_t i = 0; i < record->finished.decision_count; i++) {
        const struct decision *decision = &record->finished.decisions[i];

        if (decision_changes(decision) &&
            (pointer_covers(field, decision->field) || pointer_covers(decision->field, field)))
            return true;
    }
    return false;
}

bool fold_touched(const struct record *record, struct bytes field)
{
    for (const struct record *mate = record->mate; mate != NULL; mate = mate->mate) {
        if (sets(mate, field))
            return true;
    }
    return false;
}

bool fold_has_base(const struct world *world, const struct record *record, struct bytes field, struct value *ret_base)
{
    bool has_base = false;

    for (const struct record *mate = record->mate; mate != NULL; mate = mate->mate) {
        for (size_t i = 0; took_effect(world, &mate->finished) && i < mate->finished.decision_count; i++) {
            const struct decision *decision = &mate->finished.decisions[i];

            if (!decision_changes(decision) || has_base)
                continue;
            has_base = bytes_equal(decision->field, field);
            if (has_base)
                *ret_base = decision->value;
            else if (pointer_covers(field, decision->field) || pointer_covers(decision->field, field))
                return false;
        }
    }
    return has_base;
}

bool fold_changes_below(const struct request *request, const struct asked *asked, struct bytes field)
{
    size_t i = 0;

    while (i < request->asked_count && request->asked[i] != asked)
        i++;
    for (i++; i < request->asked_count; i++) {
        const struct event *event = &request->asked[i]->event;

        for (size_t k = 0; k < event->change_count; k++) {
            if (pointer_covers(field, event->changes[k].field))
                return true;
        }
    }
    return false;
}
