#include "command/example_event.h"

#include "common/json_write.h"
#include "common/pointer.h"

struct bytes example_event_key(const struct config *config, struct bytes value, struct arena *arena)
{
    const struct json_limits limits = {.size_max = 64 << 20, .depth_max = 64, .members_max = 1000000};
    struct json event;
    struct json_fault fault;
    uint32_t index = JSON_NOT_FOUND;

    if (config->topics.format == TOPICS_DEBEZIUM)
        return BYTES("\"document\"");
    if (bytes_present(value) && json_scan(value, &limits, arena, &event, &fault) && event.values[0].kind == JSON_OBJECT)
        index = json_member(&event, 0, BYTES("document"));
    if (index == JSON_NOT_FOUND || event.values[index].kind != JSON_STRING)
        return BYTES("document");
    return json_string(&event, index, arena);
}

void example_event_add_base(struct event *event, const struct json *base, struct arena *arena)
{
    struct change *changes = arena_take(arena, (event->change_count + 1) * sizeof(*changes));
    uint32_t index;

    memcpy(changes, event->changes, event->change_count * sizeof(*changes));
    for (size_t i = 0; i < event->change_count; i++) {
        if (changes[i].base_known != BASE_UNKNOWN)
            continue;
        changes[i].base_known = BASE_MISSING;
        if (pointer_find(base, changes[i].field, &index) == POINTER_FOUND) {
            changes[i].base_known = BASE_VALUE;
            changes[i].base = json_text(base, index);
        }
    }
    event->changes = changes;
}

static void add_text(struct json_write *write, const char *key, struct bytes text)
{
    if (!bytes_present(text))
        return;
    json_write_key(write, key);
    json_write_string(write, text);
}

static bool is_set(const struct change *change)
{
    return !change->is_guard && bytes_present(change->ours);
}

static bool is_removed(const struct change *change)
{
    return !change->is_guard && !bytes_present(change->ours);
}

static bool has_base(const struct change *change)
{
    return change->base_known == BASE_VALUE;
}

static bool has_no_base(const struct change *change)
{
    return change->base_known == BASE_MISSING;
}

/* The fields of those changes; an object has their values too. */
static void add_fields(struct json_write *write, const struct event *event, const char *key, bool is_object,
                       bool (*is_one)(const struct change *))
{
    json_write_key(write, key);
    if (is_object)
        json_write_object(write);
    else
        json_write_array(write);
    for (size_t i = 0; i < event->change_count; i++) {
        const struct change *change = &event->changes[i];

        if (!is_one(change))
            continue;
        if (!is_object) {
            json_write_string(write, change->field);
            continue;
        }
        json_write_key_bytes(write, change->field);
        json_write_raw(write, is_one == is_set ? change->ours : change->base);
    }
    json_write_end(write);
}

void example_event_print(const struct event *event, struct buffer *out)
{
    struct json_write write;

    json_write_init(&write, out);
    json_write_object(&write);
    add_text(&write, "id", event->id);
    add_text(&write, "source", event->source);
    add_text(&write, "time", event->time);
    add_text(&write, "actor", event->actor);
    add_text(&write, "sequence", event->sequence);
    add_text(&write, "base_version", event->base_version);
    add_text(&write, "operation", bytes_of(event_operation_name(event->operation)));
    add_fields(&write, event, "changes", true, is_set);
    add_fields(&write, event, "remove", false, is_removed);
    add_fields(&write, event, "base", true, has_base);
    add_fields(&write, event, "base_missing", false, has_no_base);
    json_write_end(&write);
}
