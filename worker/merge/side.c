#include "merge/state.h"

struct side side_of_text(struct merging *merging, struct bytes text)
{
    /* A value was within the limits of the text that it came in. */
    static const struct json_limits limits = {
        .size_max = UINT32_MAX / 2, .depth_max = 1024, .members_max = UINT32_MAX / 2};
    struct json *json = arena_take(merging->arena, sizeof(*json));
    struct json_fault fault;

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
