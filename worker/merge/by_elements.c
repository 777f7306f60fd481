#include "merge/state.h"

/* Arrays that are not one value: by what each side has added to the base and taken from it. */

bool three_read(struct merging *merging, const struct place *place, struct bytes member, struct three *ret_three)
{
    ret_three->has_base = place->base.state != VALUE_UNKNOWN;
    return side_is(&place->ours, JSON_ARRAY) && items_read(merging, &place->ours, member, &ret_three->ours) &&
           items_read(merging, &place->theirs, member, &ret_three->theirs) &&
           items_read(merging, &place->base, member, &ret_three->base);
}

enum merge_result as_one_value(struct decision *decision)
{
    if (decision->merge_case == CASE_2)
        return RESULT_OURS;
    decision->note = DECISION_NOTE_SHAPE;
    return RESULT_CONFLICT;
}

enum merge_result made(struct merging *merging, const struct place *place, struct bytes text,
                       struct decision *decision)
{
    struct side value = side_of_text(merging, text);

    if (side_equal(&value, &place->ours))
        return RESULT_OURS;
    decision->value = (struct value){VALUE_PRESENT, text};
    return RESULT_MERGED;
}

/* Was taken away since the producer saw it. */
static bool is_removed(const struct three *three, const struct item *item)
{
    return three->has_base && items_find(&three->base, item) != NULL && items_find(&three->ours, item) == NULL;
}

/* Neither theirs nor what the producer saw has it; only once, however often ours has. */
static bool is_added(const struct three *three, const struct item *item)
{
    return items_find(&three->ours, item)->index == item->index && items_find(&three->theirs, item) == NULL &&
           (!three->has_base || items_find(&three->base, item) == NULL);
}

/* What theirs has and the event did not take away, then what the event has added. */
enum merge_result by_set(struct merging *merging, const struct place *place, struct decision *decision)
{
    const struct json_value *values = place->ours.state == VALUE_PRESENT ? place->ours.json->values : NULL;
    struct three three;
    struct array_edit edit;
    struct item item;
    struct bytes text;
    bool is_changed = false;
    uint32_t index;

    if (!three_read(merging, place, BYTES_NONE, &three))
        return as_one_value(decision);
    array_edit_begin(&edit, &place->theirs);
    while (array_edit_next(&edit, &index)) {
        item_of(merging, &place->theirs, index, BYTES_NONE, &item);
        if (is_removed(&three, &item))
            is_changed = true;
        else
            array_edit_keep(&edit, json_text(place->theirs.json, index));
    }
    for (index = place->ours.index + 1; index < values[place->ours.index].after; index = values[index].after) {
        item_of(merging, &place->ours, index, BYTES_NONE, &item);
        if (!is_added(&three, &item))
            continue;
        is_changed = true;
        array_edit_add(&edit, json_text(place->ours.json, index));
    }
    text = array_edit_end(&edit, merging->arena);
    return is_changed ? made(merging, place, text, decision) : RESULT_THEIRS;
}
