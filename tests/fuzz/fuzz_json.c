/* common/json_scan.h, json_compare.h, pointer.h: any text is accepted by our scan exactly when jansson accepts it (but
 * for our limits and its numbers), and then both say the same of every value; a refusal has its place in the text. Every
 * member is found by its key and its pointer. Two values are the same to json_equal only if they are to jansson, and
 * the other way round where no number is in the way.
 *
 * Input: a JSON text. */
#include "agree.h"
#include "common/buffer.h"
#include "common/json_compare.h"
#include "common/pointer.h"

static void expect_found(const struct json *json, uint32_t object, struct buffer *pointer, struct arena *arena)
{
    const struct json_value *values = json->values;
    size_t size = pointer->size;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        struct bytes key = json_key(json, i, arena);
        uint32_t found = 0;

        pointer_add(pointer, key);
        ensure(json_member(json, object, key) == i);
        ensure(pointer_find(json, buffer_bytes(pointer), &found) == POINTER_FOUND);
        ensure(found == i);
        if (values[i].kind == JSON_OBJECT)
            expect_found(json, i, pointer, arena);
        pointer->size = size;
    }
}

static bool has_number(const struct json *json, uint32_t index)
{
    for (uint32_t i = index; i < json->values[index].after; i++)
        if (json->values[i].kind == JSON_NUMBER)
            return true;
    return false;
}

/* Each child of the root with the first one. */
static void compare_children(const struct json *json, const struct second *second, struct arena *arena)
{
    const struct json_value *values = json->values;
    size_t position = 0;

    if (values[0].kind != JSON_ARRAY)
        return;
    for (uint32_t i = 1; i < values[0].after; i = values[i].after, position++) {
        bool is_equal = json_equal(json, 1, json, i);
        bool is_equal_to_second = agree(json, 1, second_element(second, position), arena);

        ensure(is_equal == json_equal(json, i, json, 1));
        ensure(!is_equal || is_equal_to_second);
        ensure(is_equal || !is_equal_to_second || has_number(json, 1));
    }
}

static void expect_whole(const struct json *json, struct arena *arena)
{
    struct buffer pointer;

    buffer_init(&pointer, SIZE_MAX / 2);
    ensure(json->values[0].after == json->count);
    ensure(json_equal(json, 0, json, 0));
    if (json->values[0].kind == JSON_OBJECT)
        expect_found(json, 0, &pointer, arena);
    buffer_release(&pointer);
}

static void try(struct bytes text, struct arena *arena)
{
    enum second_verdict verdict;
    struct second *second = second_parse(text.data, text.size, &verdict);
    struct json json;
    struct json_fault fault;

    if (json_scan(text, &JSON_LIMITS_DEFAULT, arena, &json, &fault)) {
        ensure(verdict != SECOND_REFUSES);
        ensure(memchr(text.data, '\0', text.size) == NULL);
        expect_whole(&json, arena);
        if (verdict == SECOND_ACCEPTS) {
            ensure(agree(&json, 0, second, arena));
            compare_children(&json, second, arena);
        }
    } else {
        ensure(fault.offset <= text.size);
        ensure(fault.what != NULL);
        ensure(fault.is_limit || verdict != SECOND_ACCEPTS);
    }
    second_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 14);

    try((struct bytes){(const char *)data, size}, arena);
    arena_free(arena);
    return 0;
}
