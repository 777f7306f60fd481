#include "event/fault.h"
#include "event/reading.h"

/* The native format: a table of members, each with what reads it. */
struct member {
    const char *name;
    bool (*read)(struct reading *reading, uint32_t index, const struct member *member);
    size_t target; /* offset of a `struct bytes` in struct event, for read_text */
    enum field_role role;
};

static bool read_text(struct reading *reading, uint32_t index, const struct member *member)
{
    return reading_text(reading, index, member->name,
                        (struct bytes *)(void *)((char *)&reading->event + member->target));
}

static bool read_document(struct reading *reading, uint32_t index, const struct member *member)
{
    char quote[FAULT_QUOTE_SIZE], place[IDENTITY_PLACE_SIZE];
    size_t offset = reading->json.values[index].start;
    struct bytes document;

    if (!reading_text(reading, index, member->name, &document))
        return false;
    if (!bytes_equal(document, reading->event.document))
        return fault_set(reading->fault, EVENT_DEFECT_KEY_MISMATCH, offset,
                         "byte %zu: `document` is '%s', %s is another", offset, fault_quote(document, quote),
                         identity_place(&reading->input->topic.identity, place));
    return true;
}

static bool read_operation(struct reading *reading, uint32_t index, const struct member *member)
{
    char quote[FAULT_QUOTE_SIZE];
    size_t offset = reading->json.values[index].start;
    struct bytes operation;

    if (!reading_text(reading, index, member->name, &operation))
        return false;
    for (unsigned i = OPERATION_UPDATE; i <= OPERATION_UPSERT; i++)
        if (bytes_equal(operation, bytes_of(event_operation_name(i))))
            return reading->event.operation = i, true;
    return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset,
                     "byte %zu: `operation` is '%s': update, create, delete and upsert are known", offset,
                     fault_quote(operation, quote));
}

/* {pointer: value}: `changes` and `base`. */
static bool read_values(struct reading *reading, uint32_t index, const struct member *member)
{
    const struct json_value *values = reading->json.values;

    if (values[index].kind != JSON_OBJECT)
        return reading_wrong_kind(reading, index, member->name, "an object of pointers and values");
    for (uint32_t i = index + 1; i < values[index].after; i = values[i].after) {
        const struct field field = {.pointer = json_key(&reading->json, i, reading->arena),
                                    .role = member->role,
                                    .value = json_text(&reading->json, i),
                                    .offset = values[i].key_start};

        if (!fields_add(&reading->fields, &field, reading->fault))
            return false;
    }
    return true;
}

/* [pointer]: `remove` and `base_missing`. */
static bool read_pointers(struct reading *reading, uint32_t index, const struct member *member)
{
    const struct json_value *values = reading->json.values;

    if (values[index].kind != JSON_ARRAY)
        return reading_wrong_kind(reading, index, member->name, "an array of pointers");
    for (uint32_t i = index + 1; i < values[index].after; i = values[i].after) {
        struct field field = {.role = member->role, .offset = values[i].start};

        if (values[i].kind != JSON_STRING)
            return reading_wrong_kind(reading, i, member->name, "a pointer");
        field.pointer = json_string(&reading->json, i, reading->arena);
        if (!fields_add(&reading->fields, &field, reading->fault))
            return false;
    }
    return true;
}

static const struct member members[] = {
    {"id", read_text, offsetof(struct event, id), 0},
    {"source", read_text, offsetof(struct event, source), 0},
    {"document", read_document, 0, 0},
    {"operation", read_operation, 0, 0},
    {"changes", read_values, 0, FIELD_SET},
    {"remove", read_pointers, 0, FIELD_REMOVE},
    {"base", read_values, 0, FIELD_BASE},
    {"base_missing", read_pointers, 0, FIELD_BASE_MISSING},
    {"base_version", read_text, offsetof(struct event, base_version), 0},
    {"time", read_text, offsetof(struct event, time), 0},
    {"actor", read_text, offsetof(struct event, actor), 0},
    {"sequence", read_text, offsetof(struct event, sequence), 0},
};

static const struct member *member_find(struct bytes name)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (bytes_equal(name, bytes_of(members[i].name)))
            return &members[i];
    return NULL;
}

static bool read_members(struct reading *reading, uint32_t object)
{
    const struct json_value *values = reading->json.values;
    char quote[FAULT_QUOTE_SIZE];

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        struct bytes name = json_key(&reading->json, i, reading->arena);
        const struct member *member = member_find(name);

        if (member != NULL) {
            if (!member->read(reading, i, member))
                return false;
        } else if (!bytes_start_with(name, BYTES("x-"))) {
            return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, values[i].key_start,
                             "byte %u: unknown member '%s' (names that begin with x- are free)", values[i].key_start,
                             fault_quote(name, quote));
        }
    }
    return true;
}

/* A create says what the document is, a delete what its producer saw of it. */
static bool check_operation(const struct reading *reading)
{
    enum event_operation operation = reading->event.operation;
    char quote[FAULT_QUOTE_SIZE];

    for (size_t i = 0; i < reading->fields.count; i++) {
        const struct field *field = &reading->fields.items[i];
        bool is_base = field->role == FIELD_BASE || field->role == FIELD_BASE_MISSING;

        if (operation == OPERATION_CREATE ? field->role != FIELD_SET : operation == OPERATION_DELETE && !is_base)
            return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, field->offset,
                             "byte %zu: '%s': a %s has only %s", field->offset, fault_quote(field->pointer, quote),
                             event_operation_name(operation),
                             operation == OPERATION_CREATE ? "`changes`" : "`base` and `base_version`");
    }
    return true;
}

bool native_read_value(struct reading *reading, uint32_t index)
{
    uint32_t offset = reading->json.values[index].start;

    if (reading->json.values[index].kind != JSON_OBJECT)
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset, "byte %u: the value is %s, not an object",
                         offset, reading_kind(reading, index));
    return read_members(reading, index) && check_operation(reading) &&
           reading_finish(reading, "neither `changes` nor `remove` has an entry");
}

bool native_read(struct reading *reading)
{
    return reading_begin(reading) && native_read_value(reading, 0);
}
