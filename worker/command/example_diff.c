#include "command/example_diff.h"

#include "common/json_compare.h"
#include "common/pointer.h"

struct difference {
    const struct json *expected;
    const struct json *seen;
    struct arena *arena;
    struct buffer path;
    struct buffer *out;
};

static void add_side(struct difference *difference, char sign, const struct json *json, uint32_t index)
{
    buffer_format(difference->out, "  %c %.*s: ", sign, BYTES_ARG(buffer_bytes(&difference->path)));
    buffer_add(difference->out, index != JSON_NOT_FOUND ? json_text(json, index) : BYTES("(nothing)"));
    buffer_add_char(difference->out, '\n');
}

static bool is_object(const struct json *json, uint32_t index)
{
    return index != JSON_NOT_FOUND && json->values[index].kind == JSON_OBJECT;
}

static bool compare(struct difference *difference, uint32_t expected, uint32_t seen);

/* The members of one side; `only_new`: those that the other side lacks. */
static bool compare_members(struct difference *difference, uint32_t expected, uint32_t seen, bool only_new)
{
    const struct json *json = only_new ? difference->seen : difference->expected;
    uint32_t object = only_new ? seen : expected;
    size_t path_size = difference->path.size;
    bool differs = false;

    for (uint32_t i = object + 1; i < json->values[object].after; i = json->values[i].after) {
        struct bytes key = json_key(json, i, difference->arena);
        uint32_t here = json_member(difference->expected, expected, key);

        if (only_new && here != JSON_NOT_FOUND)
            continue;
        pointer_add(&difference->path, key);
        differs |= compare(difference, here, json_member(difference->seen, seen, key));
        difference->path.size = path_size;
    }
    return differs;
}

static bool compare(struct difference *difference, uint32_t expected, uint32_t seen)
{
    if (is_object(difference->expected, expected) && is_object(difference->seen, seen)) {
        bool differs = compare_members(difference, expected, seen, false);

        return compare_members(difference, expected, seen, true) || differs;
    }
    if (expected != JSON_NOT_FOUND && seen != JSON_NOT_FOUND &&
        json_equal(difference->expected, expected, difference->seen, seen))
        return false;
    add_side(difference, '-', difference->expected, expected);
    add_side(difference, '+', difference->seen, seen);
    return true;
}

bool example_diff(const struct json *expected, const struct json *seen, struct arena *arena, struct buffer *out)
{
    struct difference difference = {.expected = expected, .seen = seen, .arena = arena, .out = out};
    bool differs;

    buffer_init(&difference.path, SIZE_MAX / 2);
    differs = compare(&difference, 0, 0);
    buffer_release(&difference.path);
    return differs;
}
