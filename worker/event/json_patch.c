#include "event/json_patch.h"

#include "common/check.h"
#include "common/json_compare.h"
#include "event/fault.h"

/* JSON Patch (RFC 6902): operations one after the other become changes side by side. What the patch does not say of the
 * document is not known here: `move` and `copy` need a `test` of their source, elements a `test` of their array. */
#define OPERATIONS_MAX 1000 /* each may look at all tests before it */

enum verb { VERB_ADD, VERB_REPLACE, VERB_REMOVE, VERB_TEST, VERB_MOVE, VERB_COPY, VERB_COUNT };

static const struct {
    const char *name;
    bool has_value;
    bool has_from;
} verbs[VERB_COUNT] = {
    [VERB_ADD] = {"add", true, false},      [VERB_REPLACE] = {"replace", true, false},
    [VERB_REMOVE] = {"remove", false, false}, [VERB_TEST] = {"test", true, false},
    [VERB_MOVE] = {"move", false, true},    [VERB_COPY] = {"copy", false, true},
};

struct operation {
    enum verb verb;
    struct bytes path;
    struct bytes from;
    uint32_t value; /* index in the patch */
    size_t path_offset;
    size_t from_offset;
};

/* --- one operation --- */

static bool find_member(struct patch *patch, uint32_t object, const char *name, uint32_t *ret_index)
{
    size_t offset = patch->reading->json.values[object].start;

    *ret_index = json_member(&patch->reading->json, object, bytes_of(name));
    if (*ret_index != JSON_NOT_FOUND)
        return true;
    return fault_set(patch->reading->fault, EVENT_DEFECT_BAD_EVENT, offset, "byte %zu: an operation without `%s`",
                     offset, name);
}

static bool read_text(struct patch *patch, uint32_t object, const char *name, struct bytes *ret_text, size_t *ret_offset)
{
    uint32_t index;

    if (!find_member(patch, object, name, &index) || !reading_text(patch->reading, index, name, ret_text))
        return false;
    *ret_offset = patch->reading->json.values[index].start;
    return true;
}

static bool read_verb(struct patch *patch, uint32_t object, enum verb *ret_verb)
{
    char quote[FAULT_QUOTE_SIZE];
    struct bytes name;
    size_t offset;

    if (!read_text(patch, object, "op", &name, &offset))
        return false;
    for (unsigned i = 0; i < VERB_COUNT; i++)
        if (bytes_equal(name, bytes_of(verbs[i].name)))
            return *ret_verb = i, true;
    return fault_set(patch->reading->fault, EVENT_DEFECT_BAD_EVENT, offset,
                     "byte %zu: `op` is '%s', none of RFC 6902", offset, fault_quote(name, quote));
}

static bool read_operation(struct patch *patch, uint32_t index, struct operation *operation)
{
    size_t offset = patch->reading->json.values[index].start;

    if (patch->reading->json.values[index].kind != JSON_OBJECT)
        return fault_set(patch->reading->fault, EVENT_DEFECT_BAD_EVENT, offset,
                         "byte %zu: an operation is an object, not %s", offset, reading_kind(patch->reading, index));
    return read_verb(patch, index, &operation->verb) &&
           read_text(patch, index, "path", &operation->path, &operation->path_offset) &&
           (!verbs[operation->verb].has_value || find_member(patch, index, "value", &operation->value)) &&
           (!verbs[operation->verb].has_from ||
            read_text(patch, index, "from", &operation->from, &operation->from_offset));
}

/* --- what it does --- */

static bool add_field(struct patch *patch, const struct field *field)
{
    struct tested *tested = tested_find(patch, field->pointer);

    if (tested != NULL)
        tested->is_touched = true;
    return fields_add(&patch->reading->fields, field, patch->reading->fault);
}

static bool set(struct patch *patch, const struct operation *operation)
{
    const struct element element = tested_element(patch, operation->path, operation->path_offset);
    const struct field field = {.pointer = operation->path,
                                .role = FIELD_SET,
                                .value = json_text(&patch->reading->json, operation->value),
                                .offset = operation->path_offset};

    if (element.array == NULL)
        return add_field(patch, &field);
    return operation->verb == VERB_REPLACE ? element_replace(patch, &element, operation->value)
                                           : element_insert(patch, &element, operation->value);
}

static bool unset(struct patch *patch, struct bytes pointer, size_t offset)
{
    const struct element element = tested_element(patch, pointer, offset);
    const struct field field = {.pointer = pointer, .role = FIELD_REMOVE, .offset = offset};

    return element.array != NULL ? element_remove(patch, &element) : add_field(patch, &field);
}

static bool test_element(struct patch *patch, const struct operation *operation, const struct element *element)
{
    struct reading *reading = patch->reading;
    uint32_t value;

    if (!element_value(patch, element, &value))
        return false;
    if (!json_equal(&reading->json, value, &reading->json, operation->value))
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, element->offset,
                         "byte %zu: the `test` fails on what the patch itself says of the array", element->offset);
    return true;
}

static bool test(struct patch *patch, const struct operation *operation)
{
    const struct element element = tested_element(patch, operation->path, operation->path_offset);
    const struct field field = {.pointer = operation->path,
                                .role = FIELD_BASE,
                                .value = json_text(&patch->reading->json, operation->value),
                                .offset = operation->path_offset};

    if (element.array != NULL)
        return test_element(patch, operation, &element);
    if (!fields_add(&patch->reading->fields, &field, patch->reading->fault))
        return false;
    tested_add(patch, operation->path, operation->value);
    return true;
}

/* The value that `move` or `copy` takes, if the patch says what it is. */
static bool find_source(struct patch *patch, struct operation *operation)
{
    const struct element element = tested_element(patch, operation->from, operation->from_offset);
    const struct tested *tested = tested_find(patch, operation->from);
    char quote[FAULT_QUOTE_SIZE];
    size_t size;

    if (element.array != NULL) {
        if (!element_value(patch, &element, &operation->value))
            return false;
    } else if (tested != NULL && !tested->is_touched) {
        operation->value = tested->value;
    } else {
        return fault_set(patch->reading->fault, EVENT_DEFECT_UNSUPPORTED, operation->from_offset,
                         "byte %zu: `%s` needs a `test` of '%s' right before it", operation->from_offset,
                         verbs[operation->verb].name, fault_quote(operation->from, quote));
    }
    size = json_text(&patch->reading->json, operation->value).size;
    if (size > patch->copies_left)
        return fault_set(patch->reading->fault, EVENT_DEFECT_TOO_LARGE, operation->from_offset,
                         "byte %zu: what the patch copies is larger than an event may be", operation->from_offset);
    patch->copies_left -= size;
    return true;
}

static bool perform(struct patch *patch, struct operation *operation)
{
    switch (operation->verb) {
    case VERB_ADD:
    case VERB_REPLACE:
        return set(patch, operation);
    case VERB_REMOVE:
        return unset(patch, operation->path, operation->path_offset);
    case VERB_TEST:
        return test(patch, operation);
    case VERB_MOVE:
        return find_source(patch, operation) && unset(patch, operation->from, operation->from_offset) &&
               set(patch, operation);
    case VERB_COPY:
        return find_source(patch, operation) && set(patch, operation);
    case VERB_COUNT:
        break;
    }
    never("every verb of the table is performed");
}

/* --- the patch --- */

/* A `test` behind the change of its field speaks of what the patch made of it: that is no base. */
static bool check_order(const struct reading *reading)
{
    char quote[FAULT_QUOTE_SIZE];

    for (size_t i = 0; i < reading->fields.count; i++) {
        const struct field *field = &reading->fields.items[i];

        if (field->base != NULL && field->base->offset > field->offset)
            return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, field->base->offset,
                             "byte %zu: the `test` of '%s' stands behind its change", field->base->offset,
                             fault_quote(field->pointer, quote));
    }
    return true;
}

static bool read_operations(struct patch *patch, uint32_t array)
{
    const struct json_value *values = patch->reading->json.values;

    for (uint32_t i = array + 1; i < values[array].after; i = values[i].after) {
        struct operation operation;

        if (!read_operation(patch, i, &operation) || !perform(patch, &operation))
            return false;
    }
    return tested_finish(patch) &&
           reading_finish(patch->reading, "no operation of the patch changes anything") &&
           check_order(patch->reading);
}

bool json_patch_read_value(struct reading *reading, uint32_t index)
{
    const struct json_value *value = &reading->json.values[index];
    struct patch patch = {.reading = reading, .copies_left = reading->limits->json.size_max};

    if (value->kind != JSON_ARRAY)
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, value->start,
                         "byte %u: a JSON Patch is an array, not %s", value->start, reading_kind(reading, index));
    if (value->count > OPERATIONS_MAX)
        return fault_set(reading->fault, EVENT_DEFECT_TOO_LARGE, value->start,
                         "byte %u: %u operations, at most %d are read", value->start, value->count, OPERATIONS_MAX);
    patch.tested = arena_take(reading->arena, (value->count + 1) * sizeof(struct tested));
    return read_operations(&patch, index);
}

bool json_patch_read(struct reading *reading)
{
    return reading_begin(reading) && reading_base_version(reading) && json_patch_read_value(reading, 0);
}
