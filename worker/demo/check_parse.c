#include "demo/check_state.h"

#include "common/memory.h"
#include "common/pointer.h"
#include "common/timestamp.h"

bool parse_scan(struct arena *arena, struct bytes text, struct json *ret_json)
{
    struct json_limits limits = CHECK_DOCUMENT_LIMITS;
    struct json_fault fault;

    return bytes_present(text) && json_scan(text, &limits, arena, ret_json, &fault);
}

static bool find(const struct json *json, uint32_t object, const char *name, uint32_t *ret_index)
{
    *ret_index = json->values[object].kind == JSON_OBJECT ? json_member(json, object, bytes_of(name)) : JSON_NOT_FOUND;
    return *ret_index != JSON_NOT_FOUND;
}

struct bytes parse_string(const struct json *json, uint32_t object, const char *name, struct arena *arena)
{
    uint32_t index;

    if (!find(json, object, name, &index) || json->values[index].kind != JSON_STRING)
        return BYTES_NONE;
    return json_string(json, index, arena);
}

bool parse_int(const struct json *json, uint32_t object, const char *name, int64_t *ret_value)
{
    uint64_t value;
    uint32_t index;

    if (!find(json, object, name, &index) || !bytes_to_uint64(json_text(json, index), &value) || value > INT64_MAX)
        return false;
    *ret_value = (int64_t)value;
    return true;
}

static struct model_change *change_of(struct arena *arena, struct sent_event *event, struct bytes pointer)
{
    size_t size = sizeof(*event->changes);

    for (size_t i = 0; i < event->change_count; i++) {
        if (bytes_equal(event->changes[i].pointer, pointer))
            return &event->changes[i];
    }
    event->changes =
        arena_grow(arena, event->changes, event->change_count * size, (event->change_count + 1) * size);
    event->changes[event->change_count] = (struct model_change){.pointer = pointer};
    return &event->changes[event->change_count++];
}

/* "changes" or "base": an object of pointers and values. */
static void parse_values(struct arena *arena, const struct json *json, const char *name, bool is_base,
                         struct sent_event *event)
{
    uint32_t object;

    if (!find(json, 0, name, &object) || json->values[object].kind != JSON_OBJECT)
        return;
    for (uint32_t i = object + 1; i < json->values[object].after; i = json->values[i].after) {
        struct model_change *change = change_of(arena, event, json_key(json, i, arena));

        *(is_base ? &change->base : &change->ours) = (struct model_value){MODEL_VALUE, json_text(json, i)};
    }
}

/* "remove" or "base_missing": an array of pointers. */
static void parse_pointers(struct arena *arena, const struct json *json, const char *name, bool is_base,
                           struct sent_event *event)
{
    uint32_t array;

    if (!find(json, 0, name, &array) || json->values[array].kind != JSON_ARRAY)
        return;
    for (uint32_t i = array + 1; i < json->values[array].after; i = json->values[i].after) {
        struct model_change *change;

        if (json->values[i].kind != JSON_STRING)
            continue;
        change = change_of(arena, event, json_string(json, i, arena));
        *(is_base ? &change->base : &change->ours) = (struct model_value){MODEL_MISSING, BYTES_NONE};
    }
}

void parse_event(struct arena *arena, struct sent_event *event)
{
    struct json json;

    event->is_good = false;
    event->changes = NULL;
    event->change_count = 0;
    if (!parse_scan(arena, event->value, &json) || json.values[0].kind != JSON_OBJECT)
        return;
    parse_values(arena, &json, "changes", false, event);
    parse_pointers(arena, &json, "remove", false, event);
    event->is_good = event->change_count > 0;
    parse_values(arena, &json, "base", true, event);
    parse_pointers(arena, &json, "base_missing", true, event);
    event->base_version = parse_string(&json, 0, "base_version", arena);
    event->id = parse_string(&json, 0, "id", arena);
    event->source = parse_string(&json, 0, "source", arena);
    event->sequence = parse_string(&json, 0, "sequence", arena);
    event->time = parse_string(&json, 0, "time", arena);
}

/* A value of a decision: there, said to be missing, or not known. */
static struct model_value parse_state(const struct json *json, uint32_t object, const char *name)
{
    char missing[32];
    uint32_t index;

    if (find(json, object, name, &index))
        return (struct model_value){MODEL_VALUE, json_text(json, index)};
    snprintf(missing, sizeof(missing), "%s_missing", name);
    if (find(json, object, missing, &index))
        return (struct model_value){MODEL_MISSING, BYTES_NONE};
    return (struct model_value){MODEL_UNKNOWN, BYTES_NONE};
}

static bool parse_true(const struct json *json, uint32_t object, const char *name)
{
    uint32_t index;

    return find(json, object, name, &index) && json->values[index].kind == JSON_TRUE;
}

/* The words say it, except for a value that was made of both. */
static struct model_value result_of(const struct ruling *ruling, struct model_value made)
{
    switch (ruling->decided) {
    case MODEL_OURS:
        return ruling->ours;
    case MODEL_MERGED:
        return made;
    case MODEL_THEIRS:
    case MODEL_CONFLICT:
        break;
    }
    return ruling->theirs;
}

static void parse_ruling(struct arena *arena, const struct json *json, uint32_t object, struct ruling *ruling)
{
    const char *what; /* of a pointer is wrong */

    ruling->field = parse_string(json, object, "field", arena);
    ruling->base = parse_state(json, object, "base");
    ruling->theirs = parse_state(json, object, "theirs");
    ruling->ours = parse_state(json, object, "ours");
    ruling->note = parse_string(json, object, "note", arena);
    ruling->is_written = parse_true(json, object, "written");
    ruling->is_superseded = parse_int(json, object, "superseded_by", &ruling->superseded_by);
    ruling->is_parsed = bytes_present(ruling->field) && pointer_is_valid(ruling->field, &what) &&
                        model_rule_parse(parse_string(json, object, "rule", arena), &ruling->rule) &&
                        model_case_parse(parse_string(json, object, "case", arena), &ruling->kase) &&
                        model_base_parse(parse_string(json, object, "base_from", arena), &ruling->base_from) &&
                        model_result_parse(parse_string(json, object, "decided", arena), &ruling->decided);
    ruling->result = result_of(ruling, parse_state(json, object, "result"));
}

static void parse_attempt(struct arena *arena, const struct json *json, uint32_t object, struct attempt *attempt)
{
    attempt->version = parse_string(json, object, "version", arena);
    attempt->found = parse_string(json, object, "found", arena);
    attempt->is_write = !bytes_equal(parse_string(json, object, "request", arena), BYTES("GET"));
    attempt->is_stale = bytes_equal(parse_string(json, object, "meaning", arena), BYTES("stale"));
    attempt->has_failed =
        attempt->is_write && !bytes_equal(parse_string(json, object, "meaning", arena), BYTES("ok"));
}

/* The items of the array `name`; the array of structs that they go to is allocated. */
static uint32_t items_of(const struct json *json, const char *name, struct arena *arena, size_t size, void *ret_items)
{
    uint32_t array;
    void *items;

    if (!find(json, 0, name, &array) || json->values[array].kind != JSON_ARRAY)
        return 0;
    items = arena_zero(arena, (json->values[array].count + 1) * size);
    memcpy(ret_items, &items, sizeof(items));
    return array;
}

void parse_audit(struct arena *arena, struct audit *audit)
{
    struct json json;
    uint32_t array, version;

    audit->ruling_count = audit->attempt_count = 0;
    audit->before = audit->after = BYTES_NONE;
    audit->folded = audit->position = 1;
    if (!parse_scan(arena, audit->text, &json))
        return;
    audit->reason = parse_string(&json, 0, "reason", arena);
    audit->worker = parse_string(&json, 0, "worker", arena);
    if (parse_int(&json, 0, "folded", &audit->folded) && audit->folded > 1 &&
        !parse_int(&json, 0, "fold_position", &audit->position))
        audit->position = 0;
    array = items_of(&json, "decisions", arena, sizeof(*audit->rulings), &audit->rulings);
    for (uint32_t i = array + 1; array != 0 && i < json.values[array].after; i = json.values[i].after)
        parse_ruling(arena, &json, i, &audit->rulings[audit->ruling_count++]);
    array = items_of(&json, "attempts", arena, sizeof(*audit->attempts), &audit->attempts);
    for (uint32_t i = array + 1; array != 0 && i < json.values[array].after; i = json.values[i].after)
        parse_attempt(arena, &json, i, &audit->attempts[audit->attempt_count++]);
    if (find(&json, 0, "version", &version)) {
        audit->before = parse_string(&json, version, "before", arena);
        audit->after = parse_string(&json, version, "after", arena);
    }
}

bool parse_write(struct arena *arena, struct change_write *write)
{
    struct json json;
    uint32_t before, after;

    if (!parse_scan(arena, write->text, &json) || !parse_int(&json, 0, "seq", &write->seq) ||
        !parse_int(&json, 0, "at_ms", &write->at_ms))
        return false;
    write->is_foreign = !bytes_equal(parse_string(&json, 0, "writer", arena), BYTES("anonymous"));
    write->is_answer_lost = bytes_equal(parse_string(&json, 0, "fault", arena), BYTES("answer_lost"));
    write->is_request_lost = bytes_equal(parse_string(&json, 0, "fault", arena), BYTES("request_lost"));
    write->version_before = parse_string(&json, 0, "version_before", arena);
    write->version_after = parse_string(&json, 0, "version_after", arena);
    write->is_applied =
        bytes_present(write->version_after) && !bytes_equal(write->version_after, write->version_before);
    if (find(&json, 0, "before", &before))
        write->before = json_text(&json, before);
    if (find(&json, 0, "after", &after))
        write->after = json_text(&json, after);
    return true;
}
