#include "common/buffer.h"
#include "common/json_compare.h"
#include "common/pointer.h"
#include "event/base64.h"
#include "event/fault.h"
#include "event/reading.h"

/* Debezium's change events, as its JSON converter writes them: `before` is a ready-made base. The members of a row are the
 * fields of the document; the columns of the key are its id. */
#define UNAVAILABLE_DEFAULT "__debezium_unavailable_value"

struct row_change {
    struct reading *reading;
    uint32_t envelope;
    uint32_t before; /* JSON_NOT_FOUND: it has none, or null */
    uint32_t after;
};

static bool nothing(struct reading *reading, const char *why)
{
    return fault_set(reading->fault, EVENT_DEFECT_NOT_AN_UPDATE, FAULT_NOWHERE, "%s", why);
}

/* --- the rows --- */

static bool stands_for_unavailable(const struct reading *reading, struct bytes text)
{
    struct bytes wanted = reading->input->topic.debezium_unavailable, decoded;

    if (!bytes_present(wanted))
        wanted = BYTES(UNAVAILABLE_DEFAULT);
    if (bytes_equal(text, wanted))
        return true;
    /* as the value of a column of bytes */
    return text.size == (wanted.size + 2) / 3 * 4 && base64_decode(text, reading->arena, &decoded) &&
           bytes_equal(decoded, wanted);
}

/* A value that the database did not read for this change; a column of arrays has it as the one element. */
static bool is_unavailable(const struct reading *reading, uint32_t index)
{
    const struct json_value *value = &reading->json.values[index];

    if (value->kind == JSON_ARRAY && value->count == 1)
        value = &reading->json.values[++index];
    return value->kind == JSON_STRING &&
           stands_for_unavailable(reading, json_string(&reading->json, index, reading->arena));
}

static bool add(struct reading *reading, uint32_t index, enum field_role role, struct bytes value)
{
    struct bytes name = json_key(&reading->json, index, reading->arena);
    struct field field = {.role = role, .value = value, .offset = reading->json.values[index].key_start};
    auto_buffer pointer;

    buffer_init(&pointer, SIZE_MAX / 2);
    pointer_add(&pointer, name);
    field.pointer = arena_keep(reading->arena, buffer_bytes(&pointer));
    return fields_add(&reading->fields, &field, reading->fault);
}

/* A member of `after`, which may stand in `before` too. */
static bool add_new(const struct row_change *change, uint32_t index)
{
    struct reading *reading = change->reading;
    const struct json *json = &reading->json;
    uint32_t old;

    if (is_unavailable(reading, index))
        return true;
    if (change->before == JSON_NOT_FOUND)
        return add(reading, index, FIELD_SET, json_text(json, index));
    old = json_member(json, change->before, json_key(json, index, reading->arena));
    if (old == JSON_NOT_FOUND)
        return add(reading, index, FIELD_SET, json_text(json, index)) &&
               add(reading, index, FIELD_BASE_MISSING, BYTES_NONE);
    if (json_equal(json, index, json, old))
        return true;
    return add(reading, index, FIELD_SET, json_text(json, index)) &&
           (is_unavailable(reading, old) || add(reading, old, FIELD_BASE, json_text(json, old)));
}

/* A member of `before` alone is no longer there. */
static bool add_old(const struct row_change *change, uint32_t index)
{
    struct reading *reading = change->reading;
    const struct json *json = &reading->json;

    if (json_member(json, change->after, json_key(json, index, reading->arena)) != JSON_NOT_FOUND)
        return true;
    return add(reading, index, FIELD_REMOVE, BYTES_NONE) &&
           (is_unavailable(reading, index) || add(reading, index, FIELD_BASE, json_text(json, index)));
}

static bool read_rows(const struct row_change *change)
{
    struct reading *reading = change->reading;
    const struct json_value *values = reading->json.values;

    for (uint32_t i = change->after + 1; i < values[change->after].after; i = values[i].after)
        if (!add_new(change, i))
            return false;
    if (change->before != JSON_NOT_FOUND)
        for (uint32_t i = change->before + 1; i < values[change->before].after; i = values[i].after)
            if (!add_old(change, i))
                return false;
    if (reading->fields.count == 0)
        return nothing(reading, "no column differs");
    return reading_identify(reading) && reading_finish(reading, "no column differs");
}

/* --- the operations --- */

/* An object, or null or missing: JSON_NOT_FOUND. */
static bool find_row(const struct row_change *change, const char *name, uint32_t *ret_index)
{
    struct reading *reading = change->reading;
    uint32_t index = json_member(&reading->json, change->envelope, bytes_of(name));

    if (index != JSON_NOT_FOUND && reading->json.values[index].kind == JSON_NULL)
        index = JSON_NOT_FOUND;
    if (index != JSON_NOT_FOUND && reading->json.values[index].kind != JSON_OBJECT)
        return reading_wrong_kind(reading, index, name, "an object of columns");
    *ret_index = index;
    return true;
}

static bool read_change(struct row_change *change, bool is_new)
{
    struct reading *reading = change->reading;
    size_t offset = reading->json.values[change->envelope].start;

    if (!find_row(change, "before", &change->before) || !find_row(change, "after", &change->after))
        return false;
    if (change->after == JSON_NOT_FOUND)
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset, "byte %zu: a change without `after`", offset);
    if (change->before == JSON_NOT_FOUND && !is_new && !reading->input->topic.debezium_takes_without_before)
        return fault_set(reading->fault, EVENT_DEFECT_NO_BEFORE, offset,
                         "byte %zu: an update without `before` (Postgres: REPLICA IDENTITY FULL gives it)", offset);
    return read_rows(change);
}

/* A new row is the document; a row that was read for a snapshot may be known already. */
static bool read_new_row(struct row_change *change, enum event_operation operation)
{
    change->reading->event.operation = operation;
    return read_change(change, true);
}

/* What the row was is what the producer saw of the document. */
static bool read_delete(struct row_change *change)
{
    struct reading *reading = change->reading;
    const struct json_value *values = reading->json.values;

    reading->event.operation = OPERATION_DELETE;
    if (!find_row(change, "before", &change->before))
        return false;
    if (change->before != JSON_NOT_FOUND)
        for (uint32_t i = change->before + 1; i < values[change->before].after; i = values[i].after)
            if (!is_unavailable(reading, i) && !add(reading, i, FIELD_BASE, json_text(&reading->json, i)))
                return false;
    return reading_identify(reading) && reading_finish(reading, "");
}

static bool read_operation(struct row_change *change, uint32_t index)
{
    struct reading *reading = change->reading;
    size_t offset = reading->json.values[index].start;
    char quote[FAULT_QUOTE_SIZE];
    struct bytes operation;

    if (!reading_text(reading, index, "op", &operation))
        return false;
    if (bytes_equal(operation, BYTES("u")))
        return read_change(change, false);
    if (bytes_equal(operation, BYTES("r")))
        return reading->input->topic.debezium_applies_snapshots ? read_new_row(change, OPERATION_UPSERT)
                                                                : nothing(reading, "`op` r: a row of a snapshot");
    if (bytes_equal(operation, BYTES("t")))
        return nothing(reading, "`op` t: a table was emptied");
    if (bytes_equal(operation, BYTES("m")))
        return nothing(reading, "`op` m: a message");
    if (bytes_equal(operation, BYTES("c")))
        return read_new_row(change, OPERATION_CREATE);
    if (bytes_equal(operation, BYTES("d")))
        return read_delete(change);
    return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset, "byte %zu: `op` is '%s', none of Debezium's",
                     offset, fault_quote(operation, quote));
}

bool debezium_read(struct reading *reading)
{
    struct row_change change = {.reading = reading};
    const struct json_value *envelope;
    uint32_t op;

    if (!bytes_present(reading->input->value))
        return nothing(reading, "the Kafka value is null: a tombstone");
    if (!reading_scan_value(reading))
        return false;
    change.envelope = payload_of(&reading->json);
    envelope = &reading->json.values[change.envelope];
    if (envelope->kind == JSON_NULL)
        return nothing(reading, "the payload is null: a tombstone");
    if (envelope->kind != JSON_OBJECT)
        return reading_wrong_kind(reading, change.envelope, "payload", "an object");
    op = json_member(&reading->json, change.envelope, BYTES("op"));
    if (op != JSON_NOT_FOUND)
        return read_operation(&change, op);
    if (envelope->count == 1 && json_member(&reading->json, change.envelope, BYTES("ts_ms")) != JSON_NOT_FOUND)
        return nothing(reading, "a heartbeat");
    return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, envelope->start,
                     "byte %u: no `op`: Debezium's envelope has before, after and op", envelope->start);
}
