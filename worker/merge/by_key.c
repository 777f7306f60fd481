#include "merge/state.h"

/* Arrays of objects, in which a member names each element: the elements are merged one by one, as `merge` does with
 * objects, wherever in the array they stand. */

struct keyed {
    struct merging *merging;
    struct decision *decision;
    struct three three;
    struct array_edit edit;
    bool is_changed;
    bool is_conflict;
};

static void clash(struct keyed *keyed, const struct side *element, enum decision_note note)
{
    struct side name = side_member(element, keyed->decision->entry->values);

    if (keyed->is_conflict)
        return;
    keyed->is_conflict = true;
    keyed->decision->note = note;
    keyed->decision->element = side_value(&name).text;
}

/* --- one element --- */

struct members {
    struct keyed *keyed;
    struct json_edit *edits;
    size_t count;
};

static enum merge_result member_result(const struct keyed *keyed, const struct side *ours, const struct side *theirs,
                                       const struct side *base)
{
    static const enum merge_result blind[] = {[NO_BASE_RULE] = RESULT_OURS,
                                              [NO_BASE_EXTERNAL] = RESULT_OURS,
                                              [NO_BASE_DOCUMENT] = RESULT_THEIRS,
                                              [NO_BASE_CONFLICT] = RESULT_CONFLICT};

    if (side_equal(ours, theirs))
        return RESULT_THEIRS;
    if (base->state == VALUE_UNKNOWN)
        return blind[no_base_of(keyed->merging, keyed->decision->entry)];
    if (side_equal(theirs, base))
        return RESULT_OURS;
    return side_equal(ours, base) ? RESULT_THEIRS : RESULT_CONFLICT;
}

static enum merge_result settled(enum on_conflict on_conflict)
{
    static const enum merge_result results[] = {[ON_CONFLICT_MANUAL] = RESULT_CONFLICT,
                                                [ON_CONFLICT_EXTERNAL] = RESULT_OURS,
                                                [ON_CONFLICT_DOCUMENT] = RESULT_THEIRS};

    return results[on_conflict];
}

static void merge_member(struct members *members, struct bytes field, const struct side *ours,
                         const struct side *theirs, const struct side *base, const struct side *element)
{
    struct keyed *keyed = members->keyed;
    struct arena *arena = keyed->merging->arena;
    enum merge_result result = member_result(keyed, ours, theirs, base);

    if (result == RESULT_CONFLICT)
        result = settled(on_conflict_of(keyed->merging, keyed->decision->entry));
    if (result == RESULT_CONFLICT)
        clash(keyed, element, DECISION_NOTE_ELEMENT);
    if (result != RESULT_OURS)
        return;
    members->edits = arena_grow(arena, members->edits, members->count * sizeof(*members->edits),
                                (members->count + 1) * sizeof(*members->edits));
    members->edits[members->count++] = (struct json_edit){.pointer = field, .value = side_value(ours).text};
}

/* A member that ours does not have is not mentioned. */
static void merge_members(struct members *members, struct bytes field, const struct side *ours,
                          const struct side *theirs, const struct side *base, const struct side *element)
{
    struct merging *merging = members->keyed->merging;
    const struct json_value *values = ours->json->values;

    for (uint32_t i = ours->index + 1; i < values[ours->index].after; i = values[i].after) {
        struct bytes key = json_key(ours->json, i, merging->arena), below = field_below(merging, field, key);
        struct side mine = {VALUE_PRESENT, ours->json, i}, yours = side_member(theirs, key);
        struct side before = side_member(base, key);
        bool has_members = side_is_object(&mine) && (side_count(&mine) > 0 || side_is_object(&yours));

        if (has_members && (side_is_object(&yours) || yours.state == VALUE_MISSING))
            merge_members(members, below, &mine, &yours, &before, element);
        else
            merge_member(members, below, &mine, &yours, &before, element);
    }
}

static struct bytes merge_element(struct keyed *keyed, struct bytes text, const struct side *ours,
                                  const struct side *base)
{
    struct members members = {.keyed = keyed};
    struct side theirs = side_of_text(keyed->merging, text);
    struct buffer out;
    size_t failed;

    merge_members(&members, BYTES(""), ours, &theirs, base, ours);
    if (members.count == 0)
        return text;
    buffer_init(&out, UINT32_MAX / 2);
    if (json_splice(theirs.json, members.edits, members.count, &out, &failed) != JSON_SPLICED)
        never("every parent of a member is an object");
    text = arena_keep(keyed->merging->arena, buffer_bytes(&out));
    buffer_release(&out);
    keyed->is_changed = true;
    return text;
}

/* --- all of them --- */

static struct side side_at(const struct side *array, const struct item *item)
{
    return item != NULL ? (struct side){VALUE_PRESENT, array->json, item->index} : SIDE_MISSING;
}

/* The event has removed the element that is there: does it go? */
static bool is_dropped(struct keyed *keyed, const struct side *theirs, const struct side *base)
{
    enum merge_result result = RESULT_OURS;

    if (!side_equal(theirs, base))
        result = settled(on_delete_conflict_of(keyed->merging, keyed->decision->entry));
    if (result == RESULT_CONFLICT)
        clash(keyed, theirs, DECISION_NOTE_DELETED);
    return result == RESULT_OURS;
}

static void take_theirs(struct keyed *keyed, const struct place *place, uint32_t index, struct bytes member)
{
    struct side theirs = {VALUE_PRESENT, place->theirs.json, index}, ours, base;
    struct bytes text = json_text(place->theirs.json, index);
    struct item item;

    item_of(keyed->merging, &place->theirs, index, member, &item);
    ours = side_at(&place->ours, items_find(&keyed->three.ours, &item));
    base = keyed->three.has_base ? side_at(&place->base, items_find(&keyed->three.base, &item)) : SIDE_UNKNOWN;
    if (ours.state == VALUE_PRESENT) {
        array_edit_keep(&keyed->edit, merge_element(keyed, text, &ours, &base));
        return;
    }
    if (base.state == VALUE_PRESENT && is_dropped(keyed, &theirs, &base))
        keyed->is_changed = true;
    else
        array_edit_keep(&keyed->edit, text);
}

/* An element that theirs does not have: new, or removed there while the event changed it. */
static void take_ours(struct keyed *keyed, const struct place *place, uint32_t index, struct bytes member)
{
    struct side ours = {VALUE_PRESENT, place->ours.json, index}, base;
    enum merge_result result = RESULT_OURS;
    struct item item;

    item_of(keyed->merging, &place->ours, index, member, &item);
    if (items_find(&keyed->three.theirs, &item) != NULL)
        return;
    base = side_at(&place->base, items_find(&keyed->three.base, &item));
    if (base.state == VALUE_PRESENT)
        result = side_equal(&ours, &base) ? RESULT_THEIRS
                                          : settled(on_delete_conflict_of(keyed->merging, keyed->decision->entry));
    if (result == RESULT_CONFLICT)
        clash(keyed, &ours, DECISION_NOTE_DELETED);
    if (result != RESULT_OURS)
        return;
    array_edit_add(&keyed->edit, json_text(place->ours.json, index));
    keyed->is_changed = true;
}

enum merge_result by_key(struct merging *merging, const struct place *place, struct decision *decision)
{
    const struct json_value *values = place->ours.state == VALUE_PRESENT ? place->ours.json->values : NULL;
    struct keyed keyed = {.merging = merging, .decision = decision};
    struct bytes member = decision->entry->values, text;
    uint32_t index;

    if (!three_read(merging, place, member, &keyed.three) || !items_are_unique(&keyed.three.ours) ||
        !items_are_unique(&keyed.three.theirs) || !items_are_unique(&keyed.three.base))
        return as_one_value(decision);
    array_edit_begin(&keyed.edit, &place->theirs);
    while (array_edit_next(&keyed.edit, &index))
        take_theirs(&keyed, place, index, member);
    for (index = place->ours.index + 1; index < values[place->ours.index].after; index = values[index].after)
        take_ours(&keyed, place, index, member);
    text = array_edit_end(&keyed.edit, merging->arena);
    if (keyed.is_conflict)
        return RESULT_CONFLICT;
    return keyed.is_changed ? made(merging, place, text, decision) : RESULT_THEIRS;
}
