#include "merge/state.h"

/* What a text that was scanned before is, by its first byte. */
static enum json_kind kind_of(char first)
{
    switch (first) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 'n':
        return JSON_NULL;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    default:
        return JSON_NUMBER;
    }
}

/* Most values of events are such, and the scan of one takes longer than all the rest of its decision. */
static struct side scalar_of_text(struct arena *arena, struct bytes text, enum json_kind kind)
{
    struct {
        struct json json;
        struct json_value value;
    } *scalar = arena_zero(arena, sizeof(*scalar));

    scalar->value = (struct json_value){.end = (uint32_t)text.size,
                                        .after = 1,
                                        .kind = (uint8_t)kind,
                                        .has_escape = kind == JSON_STRING && memchr(text.data, '\\', text.size) != NULL};
    scalar->json = (struct json){.text = text, .values = &scalar->value, .count = 1};
    return (struct side){.state = VALUE_PRESENT, .json = &scalar->json};
}

struct side side_of_text(struct merging *merging, struct bytes text)
{
    /* A value was within the limits of the text that it came in. */
    static const struct json_limits limits = {
        .size_max = UINT32_MAX / 2, .depth_max = 1024, .members_max = UINT32_MAX / 2};
    enum json_kind kind = kind_of(text.data[0]);
    struct json_fault fault;
    struct json *json;

    if (kind != JSON_OBJECT && kind != JSON_ARRAY)
        return scalar_of_text(merging->arena, text, kind);
    json = arena_take(merging->arena, sizeof(*json));
    if (!json_scan(text, &limits, merging->arena, json, &fault))
        never("the value was scanned with its event");
    return (struct side){.state = VALUE_PRESENT, .json = json};
}

struct side side_in(const struct json *json, struct bytes field)
{
    uint32_t index;

    if (pointer_find(json, field, &index) != POINTER_FOUND)
        return SIDE_MISSING;
    return (struct side){.state = VALUE_PRESENT, .json = json, .index = index};
}

struct side side_member(const struct side *side, struct bytes key)
{
    uint32_t index;

    if (side->state == VALUE_UNKNOWN)
        return SIDE_UNKNOWN;
    if (!side_is_object(side))
        return SIDE_MISSING;
    index = json_member(side->json, side->index, key);
    if (index == JSON_NOT_FOUND)
        return SIDE_MISSING;
    return (struct side){.state = VALUE_PRESENT, .json = side->json, .index = index};
}

bool side_equal(const struct side *a, const struct side *b)
{
    ensure(a->state != VALUE_UNKNOWN);
    ensure(b->state != VALUE_UNKNOWN);
    if (a->state != b->state)
        return false;
    return a->state == VALUE_MISSING || json_equal(a->json, a->index, b->json, b->index);
}
