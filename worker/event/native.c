#include "event/event.h"

#include "event/fault.h"
#include "event/fields.h"

/* The native format: a table of members, each with what reads it. */
struct parse {
    struct json json;
    struct arena *arena;
    struct fields fields;
    struct event event;
    struct event_fault *fault;
};

struct member {
    const char *name;
    bool (*read)(struct parse *parse, uint32_t index, const struct member *member);
    size_t target; /* offset of a `struct bytes` in struct event, for read_text */
    enum field_role role;
};

static const char *kind_name(const struct parse *parse, uint32_t index)
{
    static const char *const names[] = {"null", "a boolean", "a boolean", "a number", "a string", "an array",
                                        "an object"};

    return names[parse->json.values[index].kind];
}

static bool wrong_kind(struct parse *parse, uint32_t index, const char *name, const char *wanted)
{
    size_t offset = parse->json.values[index].start;

    return fault_set(parse->fault, EVENT_DEFECT_BAD_EVENT, offset, "byte %zu: `%s` is %s, not %s", offset, name,
                     kind_name(parse, index), wanted);
}

static bool read_text(struct parse *parse, uint32_t index, const struct member *member)
{
    if (parse->json.values[index].kind != JSON_STRING)
        return wrong_kind(parse, index, member->name, "a string");
    *(struct bytes *)(void *)((char *)&parse->event + member->target) =
        json_string(&parse->json, index, parse->arena);
    return true;
}

static bool read_document(struct parse *parse, uint32_t index, const struct member *member)
{
    char quote[FAULT_QUOTE_SIZE];
    size_t offset = parse->json.values[index].start;
    struct bytes document;

    if (parse->json.values[index].kind != JSON_STRING)
        return wrong_kind(parse, index, member->name, "a string");
    document = json_string(&parse->json, index, parse->arena);
    if (!bytes_equal(document, parse->event.document))
        return fault_set(parse->fault, EVENT_DEFECT_KEY_MISMATCH, offset,
                         "byte %zu: `document` is '%s', the Kafka key is another", offset,
                         fault_quote(document, quote));
    return true;
}

static bool read_operation(struct parse *parse, uint32_t index, const struct member *member)
{
    char quote[FAULT_QUOTE_SIZE];
    size_t offset = parse->json.values[index].start;
    struct bytes operation;

    if (parse->json.values[index].kind != JSON_STRING)
        return wrong_kind(parse, index, member->name, "a string");
    operation = json_string(&parse->json, index, parse->arena);
    if (!bytes_equal(operation, BYTES("update")))
        return fault_set(parse->fault, EVENT_DEFECT_UNSUPPORTED, offset,
                         "byte %zu: `operation` is '%s', only update is applied", offset,
                         fault_quote(operation, quote));
    return true;
}

/* {pointer: value}: `changes` and `base`. */
static bool read_values(struct parse *parse, uint32_t index, const struct member *member)
{
    const struct json_value *values = parse->json.values;

    if (values[index].kind != JSON_OBJECT)
        return wrong_kind(parse, index, member->name, "an object of pointers and values");
    for (uint32_t i = index + 1; i < values[index].after; i = values[i].after) {
        const struct field field = {.pointer = json_key(&parse->json, i, parse->arena),
                                    .role = member->role,
                                    .value = json_text(&parse->json, i),
                                    .offset = values[i].key_start};

        if (!fields_add(&parse->fields, &field, parse->fault))
            return false;
    }
    return true;
}

/* [pointer]: `remove` and `base_missing`. */
static bool read_pointers(struct parse *parse, uint32_t index, const struct member *member)
{
    const struct json_value *values = parse->json.values;

    if (values[index].kind != JSON_ARRAY)
        return wrong_kind(parse, index, member->name, "an array of pointers");
    for (uint32_t i = index + 1; i < values[index].after; i = values[i].after) {
        struct field field = {.role = member->role, .offset = values[i].start};

        if (values[i].kind != JSON_STRING)
            return wrong_kind(parse, i, member->name, "a pointer");
        field.pointer = json_string(&parse->json, i, parse->arena);
        if (!fields_add(&parse->fields, &field, parse->fault))
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

static bool read_members(struct parse *parse)
{
    const struct json_value *values = parse->json.values;
    char quote[FAULT_QUOTE_SIZE];

    if (values[0].kind != JSON_OBJECT)
        return fault_set(parse->fault, EVENT_DEFECT_BAD_EVENT, values[0].start, "byte %u: the value is %s, not an object",
                         values[0].start, kind_name(parse, 0));
    for (uint32_t i = 1; i < values[0].after; i = values[i].after) {
        struct bytes name = json_key(&parse->json, i, parse->arena);
        const struct member *member = member_find(name);

        if (member != NULL) {
            if (!member->read(parse, i, member))
                return false;
        } else if (!bytes_start_with(name, BYTES("x-"))) {
            return fault_set(parse->fault, EVENT_DEFECT_BAD_EVENT, values[i].key_start,
                             "byte %u: unknown member '%s' (names that begin with x- are free)", values[i].key_start,
                             fault_quote(name, quote));
        }
    }
    return true;
}

static bool scan(struct parse *parse, struct bytes value, const struct json_limits *limits)
{
    struct json_fault fault;

    if (!bytes_present(value))
        return fault_set(parse->fault, EVENT_DEFECT_NO_VALUE, FAULT_NOWHERE, "the Kafka value is null");
    if (json_scan(value, limits, parse->arena, &parse->json, &fault))
        return true;
    return fault_set(parse->fault, fault.is_limit ? EVENT_DEFECT_TOO_LARGE : EVENT_DEFECT_NOT_JSON, fault.offset,
                     "byte %zu: %s", fault.offset, fault.what);
}

static bool check_key(struct bytes key, size_t size_max, struct event_fault *ret_fault)
{
    char quote[FAULT_QUOTE_SIZE];
    const char *why;

    if (key.size == 0)
        return fault_set(ret_fault, EVENT_DEFECT_NO_KEY, FAULT_NOWHERE, "the Kafka key is %s",
                         bytes_present(key) ? "empty" : "missing");
    if (!event_document_is_valid(key, size_max, &why))
        return fault_set(ret_fault, EVENT_DEFECT_BAD_DOCUMENT, FAULT_NOWHERE, "the document id '%s' %s",
                         fault_quote(key, quote), why);
    return true;
}

bool event_parse(const struct event_input *input, const struct event_limits *limits, struct arena *arena,
                 struct event *ret_event, struct event_fault *ret_fault)
{
    struct parse parse = {
        .arena = arena, .fields.arena = arena, .event.document = input->key, .fault = ret_fault};

    if (!check_key(input->key, limits->document_id_max, ret_fault) || !scan(&parse, input->value, &limits->json) ||
        !read_members(&parse) || !fields_finish(&parse.fields, &parse.event, ret_fault))
        return false;
    *ret_event = parse.event;
    return true;
}
