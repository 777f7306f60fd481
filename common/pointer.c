#include "common/pointer.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/memory.h"
#include "common/utf8.h"

#define SEGMENT_ON_STACK 256

static bool pointer_fault(const char **ret_what, const char *what)
{
    *ret_what = what;
    return false;
}

bool pointer_is_valid(struct bytes pointer, const char **ret_what)
{
    size_t length;

    if (pointer.size > 0 && pointer.data[0] != '/')
        return pointer_fault(ret_what, "does not start with '/'");
    for (size_t i = 0; i < pointer.size; i += length) {
        unsigned char c = (unsigned char)pointer.data[i];

        if (c < 0x20 || c == 0x7F)
            return pointer_fault(ret_what, "control character");
        if (c == '~' && (i + 1 == pointer.size || (pointer.data[i + 1] != '0' && pointer.data[i + 1] != '1')))
            return pointer_fault(ret_what, "'~' is followed by neither 0 nor 1");
        length = utf8_length(pointer.data + i, pointer.size - i);
        if (length == 0)
            return pointer_fault(ret_what, "not UTF-8");
    }
    return true;
}

void pointer_walk_init(struct pointer_walk *walk, struct bytes pointer)
{
    walk->rest = pointer;
}

bool pointer_walk_next(struct pointer_walk *walk, struct bytes *ret_segment)
{
    struct bytes rest;
    size_t size;

    if (walk->rest.size == 0)
        return false;
    ensure(walk->rest.data[0] == '/');
    rest = bytes_from(walk->rest, 1);
    if (!bytes_find(rest, '/', &size))
        size = rest.size;
    *ret_segment = (struct bytes){rest.data, size};
    walk->rest = bytes_from(rest, size);
    return true;
}

/* `out` has room for the segment as it is. */
static struct bytes segment_decode(struct bytes segment, char *out)
{
    size_t size = 0;

    for (size_t i = 0; i < segment.size; i++) {
        char c = segment.data[i];

        if (c == '~')
            c = segment.data[++i] == '0' ? '~' : '/';
        out[size++] = c;
    }
    return (struct bytes){out, size};
}

static bool segment_has_escape(struct bytes segment)
{
    size_t position;

    return bytes_find(segment, '~', &position);
}

struct bytes pointer_unescape(struct bytes segment, struct arena *arena)
{
    if (!segment_has_escape(segment))
        return segment;
    return segment_decode(segment, arena_take(arena, segment.size));
}

void pointer_add(struct buffer *out, struct bytes member)
{
    buffer_add_char(out, '/');
    for (size_t i = 0; i < member.size; i++) {
        if (member.data[i] == '~')
            buffer_add(out, BYTES("~0"));
        else if (member.data[i] == '/')
            buffer_add(out, BYTES("~1"));
        else
            buffer_add_char(out, member.data[i]);
    }
}

bool pointer_segment_is_index(struct bytes segment)
{
    if (bytes_equal(segment, BYTES("-")) || bytes_equal(segment, BYTES("0")))
        return true;
    if (segment.size == 0 || segment.data[0] == '0')
        return false;
    for (size_t i = 0; i < segment.size; i++)
        if (segment.data[i] < '0' || segment.data[i] > '9')
            return false;
    return true;
}

bool pointer_covers(struct bytes prefix, struct bytes pointer)
{
    /* '~' and '/' have one spelling in a pointer, so equal bytes are equal names. */
    return bytes_start_with(pointer, prefix) &&
           (pointer.size == prefix.size || pointer.data[prefix.size] == '/');
}

static uint32_t segment_member(const struct json *json, uint32_t object, struct bytes segment)
{
    char few[SEGMENT_ON_STACK];
    auto_text many = NULL;

    if (!segment_has_escape(segment))
        return json_member(json, object, segment);
    if (segment.size > sizeof(few))
        many = memory_new(segment.size);
    return json_member(json, object, segment_decode(segment, many != NULL ? many : few));
}

enum pointer_found pointer_reach(const struct json *json, struct bytes pointer, uint32_t *ret_index,
                                 struct bytes *ret_rest)
{
    struct pointer_walk walk;
    struct bytes segment;
    uint32_t member;

    *ret_index = 0;
    pointer_walk_init(&walk, pointer);
    *ret_rest = walk.rest;
    while (pointer_walk_next(&walk, &segment)) {
        if (json->values[*ret_index].kind == JSON_ARRAY)
            return POINTER_PARENT_ARRAY;
        if (json->values[*ret_index].kind != JSON_OBJECT)
            return POINTER_PARENT_SCALAR;
        member = segment_member(json, *ret_index, segment);
        if (member == JSON_NOT_FOUND)
            return POINTER_MISSING;
        *ret_index = member;
        *ret_rest = walk.rest;
    }
    return POINTER_FOUND;
}

enum pointer_found pointer_find(const struct json *json, struct bytes pointer, uint32_t *ret_index)
{
    struct bytes rest;
    uint32_t index;
    enum pointer_found found = pointer_reach(json, pointer, &index, &rest);

    if (found == POINTER_FOUND)
        *ret_index = index;
    return found;
}
