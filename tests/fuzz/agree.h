#ifndef IFMATCH_TESTS_FUZZ_AGREE_H
#define IFMATCH_TESTS_FUZZ_AGREE_H

#include "fuzz.h"
#include "second_parser.h"

/* Is this value the same to both parsers? Numbers are compared as doubles: what is equal by decimal value is equal
 * so, too. */
static inline bool agree(const struct json *json, uint32_t index, const struct second *second, struct arena *arena);

static inline bool agree_number(struct bytes text, const struct second *second, struct arena *arena)
{
    return second_kind(second) == '0' && strtod(arena_copy(arena, text.data, text.size), NULL) == second_number(second);
}

static inline bool agree_string(struct bytes text, const struct second *second)
{
    struct bytes other = {NULL, 0};

    if (second_kind(second) != 's')
        return false;
    other.data = second_string(second, &other.size);
    return bytes_equal(text, other);
}

static inline bool agree_children(const struct json *json, uint32_t index, const struct second *second,
                                  struct arena *arena)
{
    const struct json_value *values = json->values;
    bool is_object = values[index].kind == JSON_OBJECT;
    size_t position = 0;

    if (second_kind(second) != (is_object ? '{' : '[') || second_count(second) != values[index].count)
        return false;
    for (uint32_t i = index + 1; i < values[index].after; i = values[i].after, position++) {
        struct bytes key = is_object ? json_key(json, i, arena) : BYTES_NONE;
        const struct second *child =
            is_object ? second_member(second, key.data, key.size) : second_element(second, position);

        if (child == NULL || !agree(json, i, child, arena))
            return false;
    }
    return position == values[index].count;
}

static inline bool agree(const struct json *json, uint32_t index, const struct second *second, struct arena *arena)
{
    switch ((enum json_kind)json->values[index].kind) {
    case JSON_NULL:
        return second_kind(second) == 'n';
    case JSON_FALSE:
        return second_kind(second) == 'f';
    case JSON_TRUE:
        return second_kind(second) == 't';
    case JSON_NUMBER:
        return agree_number(json_text(json, index), second, arena);
    case JSON_STRING:
        return agree_string(json_string(json, index, arena), second);
    case JSON_ARRAY:
    case JSON_OBJECT:
        return agree_children(json, index, second, arena);
    }
    never("a value is of one of the kinds");
}

#endif
