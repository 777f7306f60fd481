#include "common/json_number.h"
#include "common/timestamp.h"
#include "merge/state.h"

static bool compare(struct merging *merging, const struct side *a, const struct side *b, int *ret_order)
{
    if (side_is(a, JSON_NUMBER) && side_is(b, JSON_NUMBER)) {
        *ret_order = json_number_compare(json_text(a->json, a->index), json_text(b->json, b->index));
        return true;
    }
    return side_is(a, JSON_STRING) && side_is(b, JSON_STRING) &&
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

    if (side_is_empty(&place->ours))
        return RESULT_THEIRS;
    if (side_is_empty(&place->theirs))
        return RESULT_OURS;
    if (!compare(merging, &place->ours, &place->theirs, &order))
        return conflict(decision, DECISION_NOTE_INCOMPARABLE);
    if (decision->entry->rule == RULE_MIN)
        order = -order;
    return order > 0 ? RESULT_OURS : RESULT_THEIRS;
}

/* Is the value the word that the configuration has for it? */
static bool is_word(struct merging *merging, const struct side *side, struct bytes word)
{
    if (side->state != VALUE_PRESENT)
        return false;
    switch ((enum json_kind)side->json->values[side->index].kind) {
    case JSON_STRING:
        return bytes_equal(json_string(side->json, side->index, merging->arena), word);
    case JSON_NUMBER:
        return json_number_is(word) && json_number_compare(json_text(side->json, side->index), word) == 0;
    case JSON_TRUE:
    case JSON_FALSE:
        return bytes_equal(json_text(side->json, side->index), word);
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        return false;
    }
    never("a value is of one of these kinds");
}

/* From 1; 0: it has none. */
static size_t rank_of(struct merging *merging, struct bytes values, const struct side *side)
{
    struct bytes word;

    for (size_t rank = 1; bytes_line(&values, &word); rank++)
        if (is_word(merging, side, word))
            return rank;
    return 0;
}

static enum merge_result only_forward(struct merging *merging, const struct place *place, struct decision *decision)
{
    size_t ours = rank_of(merging, decision->entry->values, &place->ours);
    size_t theirs = rank_of(merging, decision->entry->values, &place->theirs);

    if (ours == 0 || theirs == 0)
        return conflict(decision, DECISION_NOTE_RANK);
    return ours > theirs ? RESULT_OURS : RESULT_THEIRS;
}

static enum merge_result only_named_ways(struct merging *merging, const struct place *place,
                                         struct decision *decision)
{
    struct bytes rest = decision->entry->values, line;
    size_t tab;

    while (bytes_line(&rest, &line))
        if (bytes_find(line, '\t', &tab) && is_word(merging, &place->theirs, (struct bytes){line.data, tab}) &&
            is_word(merging, &place->ours, bytes_from(line, tab + 1)))
            return RESULT_OURS;
    return conflict(decision, DECISION_NOTE_TRANSITION);
}

/* The time of the event against the one that the document says of itself. */
static enum merge_result the_newer(struct merging *merging, struct decision *decision)
{
    struct side theirs = side_in(merging->input->theirs, decision->entry->values);
    int order = 0;

    if (!side_is(&theirs, JSON_STRING) || !bytes_present(merging->input->event->time) ||
        !timestamp_compare(merging->input->event->time, json_string(theirs.json, theirs.index, merging->arena), &order) ||
        order == 0)
        return conflict(decision, DECISION_NOTE_TIME);
    return order > 0 ? RESULT_OURS : RESULT_THEIRS;
}

enum merge_result by_values(struct merging *merging, const struct place *place, struct decision *decision)
{
    switch (decision->entry->rule) {
    case RULE_FILL:
        return side_is_empty(&place->theirs) ? RESULT_OURS : RESULT_THEIRS;
    case RULE_MAX:
    case RULE_MIN:
        return keep_extreme(merging, place, decision);
    case RULE_SET:
        return by_set(merging, place, decision);
    case RULE_KEYED:
        return by_key(merging, place, decision);
    case RULE_ADD:
        return by_adding(merging, place, decision);
    case RULE_APPEND:
        return by_appending(merging, place, decision);
    case RULE_LATEST:
        return the_newer(merging, decision);
    case RULE_RANK:
        return only_forward(merging, place, decision);
    case RULE_TRANSITION:
        return only_named_ways(merging, place, decision);
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
