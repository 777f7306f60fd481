#include "common/json_number.h"
#include "common/timestamp.h"
#include "merge/state.h"

static bool is_kind(const struct side *side, enum json_kind kind)
{
    return side->state == VALUE_PRESENT && side->json->values[side->index].kind == kind;
}

static bool is_empty(const struct side *side)
{
    return side->state == VALUE_MISSING || is_kind(side, JSON_NULL);
}

static bool compare(struct merging *merging, const struct side *a, const struct side *b, int *ret_order)
{
    if (is_kind(a, JSON_NUMBER) && is_kind(b, JSON_NUMBER)) {
        *ret_order = json_number_compare(json_text(a->json, a->index), json_text(b->json, b->index));
        return true;
    }
    return is_kind(a, JSON_STRING) && is_kind(b, JSON_STRING) &&
           timestamp_compare(json_string(a->json, a->index, merging->arena),
                             json_string(b->json, b->index, merging->arena), ret_order);
}

static enum merge_result conflict(struct decision *decision, enum decision_note note)
{
    decision->note = note;
    return RESULT_CONFLICT;
}

/* The first value stands against nothing (missing or null), and nothing takes no value away. */
static enum merge_result keep_extreme(struct merging *merging, const struct place *place, struct decision *decision)
{
    int order;

    if (is_empty(&place->ours))
        return RESULT_THEIRS;
    if (is_empty(&place->theirs))
        return RESULT_OURS;
    if (!compare(merging, &place->ours, &place->theirs, &order))
        return conflict(decision, DECISION_NOTE_INCOMPARABLE);
    if (decision->entry->rule == RULE_MIN)
        order = -order;
    return order > 0 ? RESULT_OURS : RESULT_THEIRS;
}

enum merge_result by_values(struct merging *merging, const struct place *place, struct decision *decision)
{
    switch (decision->entry->rule) {
    case RULE_FILL:
        return is_empty(&place->theirs) ? RESULT_OURS : RESULT_THEIRS;
    case RULE_MAX:
    case RULE_MIN:
        return keep_extreme(merging, place, decision);
    case RULE_MERGE:
    case RULE_EXTERNAL:
    case RULE_PREFER_EXTERNAL:
    case RULE_PREFER_DOCUMENT:
    case RULE_DOCUMENT:
    case RULE_IGNORE:
    case RULE_OBJECT:
    case RULE_IMMUTABLE:
    case RULE_ATOMIC:
    case RULE_COUNT:
        break;
    }
    never("the table sends no other rule here");
}
