#include "common/json_decimal.h"
#include "common/json_number.h"
#include "common/json_write.h"
#include "common/pointer.h"
#include "merge/state.h"

/* Rules for which it counts how often an event is applied: what it adds to its base is added to theirs. */

/* A write that had this field was perhaps applied, and the field is not what it was on the copy of that write. */
static bool may_have_been_added(struct merging *merging, const struct place *place)
{
    const struct merge_input *input = merging->input;
    struct side before;
    bool was_sent = false;

    for (size_t i = 0; i < input->own_edit_count && !was_sent; i++)
        was_sent = pointer_covers(input->own_edits[i].pointer, place->field) ||
                   pointer_covers(place->field, input->own_edits[i].pointer);
    if (!was_sent)
        return false;
    return input->refused_copy == NULL || was_another_when_refused(merging, place, &before);
}

static enum merge_result conflict(struct decision *decision, enum decision_note note)
{
    decision->note = note;
    return RESULT_CONFLICT;
}

static bool may_add(struct merging *merging, const struct place *place, struct decision *decision)
{
    if (place->base.state != VALUE_UNKNOWN && !may_have_been_added(merging, place))
        return true;
    conflict(decision, DECISION_NOTE_NOT_REPEATABLE);
    return false;
}

/* Nothing (missing, null) that the producer saw is 0. */
enum merge_result by_adding(struct merging *merging, const struct place *place, struct decision *decision)
{
    struct bytes base = BYTES("0"), text = BYTES_NONE;
    struct buffer sum;

    if (!may_add(merging, place, decision))
        return RESULT_CONFLICT;
    if (!side_is_empty(&place->base))
        base = side_value(&place->base).text;
    if (!side_is(&place->ours, JSON_NUMBER) || !side_is(&place->theirs, JSON_NUMBER) || !json_number_is(base))
        return conflict(decision, DECISION_NOTE_INCOMPARABLE);
    buffer_init(&sum, 4 * JSON_DECIMAL_DIGITS_MAX);
    if (json_decimal_sum(side_value(&place->theirs).text, side_value(&place->ours).text, base, &sum))
        text = arena_keep(merging->arena, buffer_bytes(&sum));
    buffer_release(&sum);
    return bytes_present(text) ? made(merging, place, text, decision) : conflict(decision, DECISION_NOTE_INCOMPARABLE);
}

static enum merge_result append_text(struct merging *merging, const struct place *place, struct decision *decision)
{
    struct bytes ours = json_string(place->ours.json, place->ours.index, merging->arena), base = BYTES("");
    struct bytes theirs = side_is_empty(&place->theirs) ? BYTES("\"\"") : side_value(&place->theirs).text, text;
    struct buffer out, added;

    if (!side_is_empty(&place->base))
        base = json_string(place->base.json, place->base.index, merging->arena);
    if (!bytes_start_with(ours, base))
        return conflict(decision, DECISION_NOTE_PREFIX);
    buffer_init(&out, UINT32_MAX / 2);
    buffer_init(&added, UINT32_MAX / 2);
    json_write_quoted(&added, bytes_from(ours, base.size));
    buffer_add(&out, (struct bytes){theirs.data, theirs.size - 1});
    buffer_add(&out, bytes_from(buffer_bytes(&added), 1));
    text = arena_keep(merging->arena, buffer_bytes(&out));
    buffer_release(&added);
    buffer_release(&out);
    return made(merging, place, text, decision);
}

/* The element of ours behind those of the base; 0: ours does not begin with them. */
static uint32_t first_added(const struct place *place)
{
    const struct json *ours = place->ours.json, *base = place->base.json;
    uint32_t at = place->ours.index + 1;

    if (side_is_empty(&place->base))
        return at;
    for (uint32_t i = place->base.index + 1; i < base->values[place->base.index].after; i = base->values[i].after) {
        if (at == ours->values[place->ours.index].after || !json_equal(ours, at, base, i))
            return 0;
        at = ours->values[at].after;
    }
    return at;
}

static enum merge_result append_elements(struct merging *merging, const struct place *place,
                                         struct decision *decision)
{
    const struct json *ours = place->ours.json;
    uint32_t at = first_added(place), index;
    struct array_edit edit;

    if (at == 0)
        return conflict(decision, DECISION_NOTE_PREFIX);
    array_edit_begin(&edit, &place->theirs);
    while (array_edit_next(&edit, &index))
        array_edit_keep(&edit, json_text(place->theirs.json, index));
    for (; at < ours->values[place->ours.index].after; at = ours->values[at].after)
        array_edit_add(&edit, json_text(ours, at));
    return made(merging, place, array_edit_end(&edit, merging->arena), decision);
}

static bool is_kind_or_empty(const struct side *side, enum json_kind kind)
{
    return side_is(side, kind) || side_is_empty(side);
}

enum merge_result by_appending(struct merging *merging, const struct place *place, struct decision *decision)
{
    enum json_kind kind = side_is(&place->ours, JSON_STRING) ? JSON_STRING : JSON_ARRAY;

    if (!may_add(merging, place, decision))
        return RESULT_CONFLICT;
    if (!side_is(&place->ours, kind) || !is_kind_or_empty(&place->theirs, kind) ||
        !is_kind_or_empty(&place->base, kind))
        return conflict(decision, DECISION_NOTE_SHAPE);
    return kind == JSON_STRING ? append_text(merging, place, decision) : append_elements(merging, place, decision);
}
