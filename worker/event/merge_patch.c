#include "common/buffer.h"
#include "common/pointer.h"
#include "event/fault.h"
#include "event/reading.h"

/* JSON Merge Patch (RFC 7396): an object is by member, null is a removal, anything else is the new value. An empty
 * object is a value: the member becomes an object. */

/* Each leaf has a pointer of its own, of which the keys above it are a part in the text only once. */
#define POINTERS_PER_TEXT 8

struct walk {
    struct reading *reading;
    struct buffer pointer; /* of the value that is looked at */
    size_t pointers_left;  /* bytes */
};

static bool is_branch(const struct json_value *value)
{
    return value->kind == JSON_OBJECT && value->count > 0;
}

static bool add_field(struct walk *walk, uint32_t index)
{
    struct reading *reading = walk->reading;
    const struct json_value *value = &reading->json.values[index];
    struct bytes pointer = buffer_bytes(&walk->pointer);
    struct field field = {.role = FIELD_REMOVE, .offset = value->key_start};

    if (pointer.size > walk->pointers_left)
        return fault_set(reading->fault, EVENT_DEFECT_TOO_LARGE, field.offset,
                         "byte %zu: long names with too many members below them", field.offset);
    walk->pointers_left -= pointer.size;
    field.pointer = arena_keep(reading->arena, pointer);
    if (value->kind != JSON_NULL) {
        field.role = FIELD_SET;
        field.value = json_text(&reading->json, index);
    }
    return fields_add(&reading->fields, &field, reading->fault);
}

/* Goes no deeper than the scan did. */
static bool read_members(struct walk *walk, uint32_t object)
{
    const struct json *json = &walk->reading->json;
    size_t size = walk->pointer.size;
    bool is_good = true;

    for (uint32_t i = object + 1; is_good && i < json->values[object].after; i = json->values[i].after) {
        pointer_add(&walk->pointer, json_key(json, i, walk->reading->arena));
        is_good = is_branch(&json->values[i]) ? read_members(walk, i) : add_field(walk, i);
        walk->pointer.size = size;
    }
    return is_good;
}

bool merge_patch_read_value(struct reading *reading, uint32_t index)
{
    struct walk walk = {.reading = reading, .pointers_left = POINTERS_PER_TEXT * reading->limits->json.size_max};
    size_t offset = reading->json.values[index].start;
    bool is_good;

    if (reading->json.values[index].kind != JSON_OBJECT)
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset,
                         "byte %zu: a merge patch of a document is an object, not %s", offset,
                         reading_kind(reading, index));
    buffer_init(&walk.pointer, SIZE_MAX / 2);
    is_good = read_members(&walk, index);
    buffer_release(&walk.pointer);
    return is_good && reading_finish(reading, "the merge patch has no member");
}

bool merge_patch_read(struct reading *reading)
{
    return reading_begin(reading) && reading_base_version(reading) && merge_patch_read_value(reading, 0);
}
