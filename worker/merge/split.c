#include "merge/state.h"

/* No rule on a child is bypassed through its parent: a value is taken apart until no pattern reaches below it. */

struct bytes field_below(struct merging *merging, struct bytes field, struct bytes key)
{
    char *text = arena_take(merging->arena, field.size + 1 + 2 * key.size);
    size_t size = field.size;

    memcpy(text, field.data, field.size);
    text[size++] = '/';
    for (size_t i = 0; i < key.size; i++) {
        if (key.data[i] == '~' || key.data[i] == '/') {
            text[size++] = '~';
            text[size++] = key.data[i] == '~' ? '0' : '1';
        } else {
            text[size++] = key.data[i];
        }
    }
    return (struct bytes){text, size};
}

/* The member at `index` of `object` as a place of its own, with the three values that it has. */
static struct place member_place(struct merging *merging, const struct place *place, const struct side *object,
                                 uint32_t index)
{
    struct bytes key = json_key(object->json, index, merging->arena);
    bool theirs_is_parent = place->theirs.state == VALUE_MISSING || side_is_object(&place->theirs);

    return (struct place){
        .field = field_below(merging, place->field, key),
        .ours = side_member(&place->ours, key),
        .theirs = side_member(&place->theirs, key),
        .base = side_member(&place->base, key),
        .is_blocked = place->is_blocked || !theirs_is_parent,
    };
}

/* A member that is absent from ours is not mentioned: theirs stays. */
static void split_members(struct merging *merging, const struct place *place)
{
    const struct json_value *values = place->ours.json->values;
    uint32_t object = place->ours.index;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        struct place member = member_place(merging, place, &place->ours, i);

        split(merging, &member);
    }
}

static void whole_begin(struct merging *merging, struct bytes field)
{
    if (merging->whole_count == merging->whole_capacity) {
        size_t capacity = merging->whole_capacity == 0 ? 4 : 2 * merging->whole_capacity;

        merging->wholes =
            arena_grow(merging->arena, merging->wholes, merging->whole_capacity * sizeof(*merging->wholes),
                       capacity * sizeof(*merging->wholes));
        merging->whole_capacity = capacity;
    }
    merging->wholes[merging->whole_count++] = (struct whole){.field = field, .first = merging->decision_count};
}

/* Ours is missing, theirs is an object with rules inside: each member of theirs is removed by its own rule. */
static void split_removal(struct merging *merging, const struct place *place)
{
    const struct json_value *values = place->theirs.json->values;
    uint32_t object = place->theirs.index;
    size_t whole = merging->whole_count, ignored = merging->ignored_count;

    whole_begin(merging, place->field);
    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        struct place member = member_place(merging, place, &place->theirs, i);

        member.ours = SIDE_MISSING;
        split(merging, &member);
    }
    merging->wholes[whole].count = merging->decision_count - merging->wholes[whole].first;
    merging->wholes[whole].has_ignored = merging->ignored_count > ignored;
}

/* Would a rule inside keep something of theirs if all of it had to go? */
static bool keeps_a_child(struct merging *merging, const struct place *place)
{
    size_t decisions = merging->decision_count, wholes = merging->whole_count, ignored = merging->ignored_count;
    bool keeps;

    split_removal(merging, place);
    keeps = merging->ignored_count > ignored;
    for (size_t i = decisions; i < merging->decision_count; i++)
        keeps = keeps || merging->decisions[i].result != RESULT_OURS;
    merging->decision_count = decisions;
    merging->whole_count = wholes;
    return keeps;
}

/* A value that is no object would take the place of an object with rules inside. */
static void replace_object(struct merging *merging, const struct place *place)
{
    bool keeps = keeps_a_child(merging, place);
    size_t first = merging->decision_count;

    decide(merging, place);
    for (size_t i = first; keeps && i < merging->decision_count; i++)
        if (decision_changes(&merging->decisions[i]))
            refuse(&merging->decisions[i], DECISION_NOTE_CHILD);
}

static void split_object(struct merging *merging, const struct place *place, bool has_rules_inside)
{
    bool is_by_member = has_rules_inside || (rule_splits_objects(place->entry->rule) &&
                                             place->entry->compare != COMPARE_MEMBER);
    bool theirs_takes_members = place->theirs.state == VALUE_MISSING || side_is_object(&place->theirs);

    if (is_by_member && side_count(&place->ours) > 0 && (has_rules_inside || theirs_takes_members))
        split_members(merging, place);
    else if (is_by_member && side_count(&place->ours) == 0 && side_is_object(&place->theirs))
        decide_already(merging, place);
    else
        decide(merging, place);
}

void split(struct merging *merging, const struct place *place)
{
    struct place known = *place;
    bool has_rules_inside, replaces_members;

    known.entry = rules_govern(merging->input->rules, place->field, &has_rules_inside);
    replaces_members = side_is_object(&place->theirs) && side_count(&place->theirs) > 0;
    if (side_is_object(&place->ours))
        split_object(merging, &known, has_rules_inside);
    else if (!has_rules_inside || !replaces_members)
        decide(merging, &known);
    else if (place->ours.state == VALUE_MISSING)
        split_removal(merging, &known);
    else
        replace_object(merging, &known);
}
