#include "demo/check_state.h"

#include "common/json_compare.h"
#include "common/memory.h"
#include "common/pointer.h"

struct difference {
    struct arena *arena;
    struct leaf *leaves, **end;
    const struct json *before, *after;
};

static void add(struct difference *difference, struct bytes pointer)
{
    struct leaf *leaf = arena_zero(difference->arena, sizeof(*leaf));

    leaf->pointer = pointer;
    *difference->end = leaf;
    difference->end = &leaf->next;
}

static bool is_object(const struct json *json, uint32_t index)
{
    return index != JSON_NOT_FOUND && json->values[index].kind == JSON_OBJECT;
}

/* Two objects, or one with members beside nothing at all. */
static bool goes_down(const struct difference *difference, uint32_t before, uint32_t after)
{
    const struct json *old = difference->before, *new = difference->after;

    if (before == JSON_NOT_FOUND)
        return is_object(new, after) && new->values[after].count > 0;
    if (after == JSON_NOT_FOUND)
        return is_object(old, before) && old->values[before].count > 0;
    return is_object(old, before) && is_object(new, after);
}

static struct bytes below(struct difference *difference, struct bytes pointer, struct bytes key)
{
    auto_buffer out;

    buffer_init(&out, 1 << 20);
    buffer_add(&out, pointer);
    pointer_add(&out, key);
    return (struct bytes){arena_copy(difference->arena, out.data, out.size), out.size};
}

static void compare(struct difference *difference, struct bytes pointer, uint32_t before, uint32_t after)
{
    const struct json *old = difference->before, *new = difference->after;

    if (before != JSON_NOT_FOUND && after != JSON_NOT_FOUND && json_equal(old, before, new, after))
        return;
    if (!goes_down(difference, before, after)) {
        add(difference, pointer);
        return;
    }
    for (uint32_t i = before + 1; before != JSON_NOT_FOUND && i < old->values[before].after; i = old->values[i].after) {
        struct bytes key = json_key(old, i, difference->arena);

        compare(difference, below(difference, pointer, key), i,
                after == JSON_NOT_FOUND ? JSON_NOT_FOUND : json_member(new, after, key));
    }
    for (uint32_t i = after + 1; after != JSON_NOT_FOUND && i < new->values[after].after; i = new->values[i].after) {
        struct bytes key = json_key(new, i, difference->arena);

        if (before == JSON_NOT_FOUND || json_member(old, before, key) == JSON_NOT_FOUND)
            compare(difference, below(difference, pointer, key), JSON_NOT_FOUND, i);
    }
}

struct leaf *leaves_changed(struct arena *arena, struct bytes before, struct bytes after)
{
    struct json old, new;
    struct difference difference = {.arena = arena, .before = &old, .after = &new};

    difference.end = &difference.leaves;
    if (parse_scan(arena, before, &old) && parse_scan(arena, after, &new))
        compare(&difference, BYTES(""), 0, 0);
    return difference.leaves;
}
