#include "event/json_patch.h"

#include "common/pointer.h"
#include "event/fault.h"

struct tested *tested_find(const struct patch *patch, struct bytes pointer)
{
    for (size_t i = 0; i < patch->tested_count; i++)
        if (bytes_equal(patch->tested[i].pointer, pointer))
            return &patch->tested[i];
    return NULL;
}

struct element tested_element(const struct patch *patch, struct bytes pointer, size_t offset)
{
    struct element element = {.offset = offset};
    size_t slash = pointer.size;

    while (slash > 0 && pointer.data[slash - 1] != '/')
        slash--;
    if (slash == 0)
        return element;
    element.segment = bytes_from(pointer, slash);
    element.array = tested_find(patch, (struct bytes){pointer.data, slash - 1});
    if (element.array != NULL && patch->reading->json.values[element.array->value].kind != JSON_ARRAY)
        element.array = NULL;
    return element;
}

void tested_add(struct patch *patch, struct bytes pointer, uint32_t value)
{
    const struct json_value *values = patch->reading->json.values;
    struct tested tested = {.pointer = pointer, .value = value};

    if (values[value].kind == JSON_ARRAY) {
        tested.capacity = values[value].count;
        tested.elements = arena_take(patch->reading->arena, (tested.capacity + 1) * sizeof(uint32_t));
        for (uint32_t i = value + 1; i < values[value].after; i = values[i].after)
            tested.elements[tested.count++] = i;
    }
    patch->tested[patch->tested_count++] = tested;
}

/* Where the element is among the first `count`, or behind them: "-". */
static bool position_of(struct patch *patch, const struct element *element, size_t count, size_t *ret_position)
{
    char quote[FAULT_QUOTE_SIZE];
    uint64_t position = element->array->count;

    if (pointer_segment_is_index(element->segment) &&
        (bytes_equal(element->segment, BYTES("-")) || bytes_to_uint64(element->segment, &position)) &&
        position < count)
        return *ret_position = (size_t)position, true;
    return fault_set(patch->reading->fault, EVENT_DEFECT_BAD_POINTER, element->offset,
                     "byte %zu: the tested array of %zu elements has no place '%s'", element->offset,
                     element->array->count, fault_quote(element->segment, quote));
}

static void note_change(const struct element *element)
{
    struct tested *array = element->array;

    if (!array->is_changed)
        array->changed_at = element->offset;
    array->is_changed = true;
    array->is_touched = true;
}

bool element_insert(struct patch *patch, const struct element *element, uint32_t value)
{
    struct tested *array = element->array;
    size_t position;

    if (!position_of(patch, element, array->count + 1, &position))
        return false;
    if (array->count == array->capacity) {
        size_t capacity = 2 * array->capacity + 8;

        array->elements = arena_grow(patch->reading->arena, array->elements, array->capacity * sizeof(uint32_t),
                                     capacity * sizeof(uint32_t));
        array->capacity = capacity;
    }
    memmove(array->elements + position + 1, array->elements + position,
            (array->count - position) * sizeof(uint32_t));
    array->elements[position] = value;
    array->count++;
    note_change(element);
    return true;
}

bool element_replace(struct patch *patch, const struct element *element, uint32_t value)
{
    size_t position;

    if (!position_of(patch, element, element->array->count, &position))
        return false;
    element->array->elements[position] = value;
    note_change(element);
    return true;
}

bool element_remove(struct patch *patch, const struct element *element)
{
    struct tested *array = element->array;
    size_t position;

    if (!position_of(patch, element, array->count, &position))
        return false;
    array->count--;
    memmove(array->elements + position, array->elements + position + 1,
            (array->count - position) * sizeof(uint32_t));
    note_change(element);
    return true;
}

bool element_value(struct patch *patch, const struct element *element, uint32_t *ret_value)
{
    size_t position;

    if (!position_of(patch, element, element->array->count, &position))
        return false;
    *ret_value = element->array->elements[position];
    return true;
}

/* The array as it is now, as JSON text. */
static struct bytes array_text(const struct patch *patch, const struct tested *array)
{
    const struct json *json = &patch->reading->json;
    size_t size = 2, used = 0;
    char *text;

    for (size_t i = 0; i < array->count; i++)
        size += json_text(json, array->elements[i]).size + 1;
    text = arena_take(patch->reading->arena, size);
    text[used++] = '[';
    for (size_t i = 0; i < array->count; i++) {
        struct bytes element = json_text(json, array->elements[i]);

        if (i > 0)
            text[used++] = ',';
        memcpy(text + used, element.data, element.size);
        used += element.size;
    }
    text[used++] = ']';
    return (struct bytes){text, used};
}

bool tested_finish(struct patch *patch)
{
    for (size_t i = 0; i < patch->tested_count; i++) {
        const struct tested *array = &patch->tested[i];
        struct field field = {.pointer = array->pointer, .role = FIELD_SET, .offset = array->changed_at};

        if (!array->is_changed)
            continue;
        field.value = array_text(patch, array);
        if (!fields_add(&patch->reading->fields, &field, patch->reading->fault))
            return false;
    }
    return true;
}
