#include "record/record.h"

#include "common/check.h"
#include "common/json_write.h"
#include "common/sha256.h"
#include "common/timestamp.h"

/* How much a record tells; tried from the top until it fits. */
enum detail_level { EVERYTHING, SMALL_VALUES, NO_VALUES, NO_DECISIONS, NO_ATTEMPTS, DETAIL_LEVELS };

struct audit {
    const struct record_context *context;
    const struct finished *finished;
    enum detail_level level;
    struct json_write write;
};

static size_t value_max(enum detail_level level)
{
    return level == EVERYTHING ? RECORD_VALUE_MAX : level == SMALL_VALUES ? 128 : 0;
}

static void write_value(struct audit *audit, const char *key, struct bytes json)
{
    char hex[SHA256_HEX_SIZE];

    json_write_key(&audit->write, key);
    if (json.size <= value_max(audit->level)) {
        json_write_raw(&audit->write, json);
        return;
    }
    sha256_hex(json, hex);
    json_write_object(&audit->write);
    json_write_key(&audit->write, "bytes");
    json_write_int(&audit->write, (int64_t)json.size);
    json_write_key(&audit->write, "sha256");
    json_write_text(&audit->write, hex);
    json_write_end(&audit->write);
}

static void write_time(struct audit *audit, const char *key, int64_t wall_ms)
{
    char text[TIMESTAMP_TEXT_SIZE];

    json_write_key(&audit->write, key);
    if (wall_ms < 0)
        json_write_null(&audit->write);
    else
        json_write_text(&audit->write, timestamp_text(wall_ms, text));
}

static void write_string(struct audit *audit, const char *key, struct bytes text)
{
    json_write_key(&audit->write, key);
    json_write_string(&audit->write, text);
}

static void write_optional(struct audit *audit, const char *key, struct bytes text)
{
    if (bytes_present(text))
        write_string(audit, key, text);
}

static void write_int(struct audit *audit, const char *key, int64_t value)
{
    json_write_key(&audit->write, key);
    json_write_int(&audit->write, value);
}

static void write_true(struct audit *audit, const char *key, bool is_true)
{
    if (!is_true)
        return;
    json_write_key(&audit->write, key);
    json_write_bool(&audit->write, true);
}

static void write_event(struct audit *audit)
{
    const struct finished *finished = audit->finished;
    const struct event *event = &finished->event;

    json_write_key(&audit->write, "event");
    json_write_object(&audit->write);
    write_string(audit, "id", event->id);
    write_string(audit, "source", event->source);
    write_string(audit, "topic", bytes_of(audit->context->topic));
    write_int(audit, "partition", finished->partition);
    write_int(audit, "offset", finished->offset);
    write_string(audit, "time", event->time);
    write_string(audit, "actor", event->actor);
    write_string(audit, "sequence", event->sequence);
    if (event->operation != OPERATION_UPDATE)
        write_string(audit, "operation", bytes_of(event_operation_name(event->operation)));
    json_write_end(&audit->write);
}

static const char *request_of(const struct record_context *context, const struct attempt *attempt)
{
    if (!attempt->is_write)
        return context->read_method;
    switch (attempt->kind) {
    case WRITE_CHANGE:
        return context->write_method;
    case WRITE_CREATE:
        return "PUT";
    case WRITE_DELETE:
        return "DELETE";
    }
    never("every kind of write has a method");
}

static void write_attempt(struct audit *audit, const struct attempt *attempt)
{
    const struct record_context *context = audit->context;

    json_write_object(&audit->write);
    write_time(audit, "at", attempt->at_wall_ms);
    write_string(audit, "request", bytes_of(request_of(context, attempt)));
    write_optional(audit, "version", attempt->version);
    write_int(audit, "status", attempt->status);
    write_string(audit, "meaning", bytes_of(meaning_name(attempt->meaning)));
    if (attempt->sent != SENT_ONCE)
        write_string(audit, "sent", bytes_of(sent_name(attempt->sent)));
    write_optional(audit, "found", attempt->found);
    write_int(audit, "took_ms", attempt->took_ms);
    if (attempt->wait_ms > 0)
        write_int(audit, "wait_ms", attempt->wait_ms);
    if (attempt->detail.size > 0)
        write_string(audit, "detail", attempt->detail);
    json_write_end(&audit->write);
}

static void write_attempts(struct audit *audit)
{
    const struct finished *finished = audit->finished;
    size_t dropped = finished->attempts_dropped;

    json_write_key(&audit->write, "attempts");
    json_write_array(&audit->write);
    for (size_t i = 0; audit->level < NO_ATTEMPTS && i < finished->attempt_count; i++)
        write_attempt(audit, &finished->attempts[i]);
    json_write_end(&audit->write);
    if (audit->level >= NO_ATTEMPTS)
        dropped += finished->attempt_count;
    if (dropped > 0)
        write_int(audit, "attempts_left_out", (int64_t)dropped);
}

static void write_state(struct audit *audit, const char *key, const struct value *value)
{
    static const char missing_suffix[] = "_missing";
    char name[32];

    if (value->state == VALUE_PRESENT) {
        write_value(audit, key, value->text);
        return;
    }
    if (value->state == VALUE_UNKNOWN)
        return;
    /* null is a value: a field that is not there is said in another way */
    memcpy(name, key, strlen(key));
    memcpy(name + strlen(key), missing_suffix, sizeof(missing_suffix));
    write_true(audit, name, true);
}

static const char *result_name(enum merge_result result)
{
    static const char *const names[] = {[RESULT_THEIRS] = "theirs",
                                        [RESULT_OURS] = "ours",
                                        [RESULT_MERGED] = "merged",
                                        [RESULT_CONFLICT] = "conflict"};

    return names[result];
}

static void write_decision(struct audit *audit, const struct decision *decision)
{
    json_write_object(&audit->write);
    write_string(audit, "field", decision->field);
    write_string(audit, "rule", bytes_of(rule_name(decision->entry->rule)));
    write_string(audit, "case", bytes_of(merge_case_name(decision->merge_case)));
    write_string(audit, "base_from", bytes_of(base_from_name(decision->base_from)));
    write_state(audit, "base", &decision->base);
    write_state(audit, "theirs", &decision->theirs);
    write_state(audit, "ours", &decision->ours);
    write_string(audit, "decided", bytes_of(result_name(decision->result)));
    write_state(audit, "result", &decision->value);
    if (decision->note != DECISION_NOTE_NONE)
        write_string(audit, "note", bytes_of(decision_note_name(decision->note)));
    if (bytes_present(decision->element))
        write_value(audit, "element", decision->element);
    write_true(audit, "written", decision->is_written);
    if (decision->superseded_by >= 0)
        write_int(audit, "superseded_by", decision->superseded_by);
    write_true(audit, "after_ambiguous", decision->is_after_ambiguous);
    json_write_end(&audit->write);
}

static void write_decisions(struct audit *audit)
{
    const struct finished *finished = audit->finished;

    json_write_key(&audit->write, "decisions");
    json_write_array(&audit->write);
    for (size_t i = 0; audit->level < NO_DECISIONS && i < finished->decision_count; i++)
        write_decision(audit, &finished->decisions[i]);
    json_write_end(&audit->write);
    if (audit->level >= NO_DECISIONS && finished->decision_count > 0)
        write_int(audit, "decisions_left_out", (int64_t)finished->decision_count);
}

static void write_version(struct audit *audit)
{
    json_write_key(&audit->write, "version");
    json_write_object(&audit->write);
    write_string(audit, "before", audit->finished->version_before);
    write_string(audit, "after", audit->finished->version_after);
    json_write_end(&audit->write);
}

static void write_audit(struct audit *audit)
{
    const struct finished *finished = audit->finished;
    const char *reason = reason_name(finished->reason);

    json_write_object(&audit->write);
    write_string(audit, "schema", BYTES("ifmatch.audit/1"));
    write_string(audit, "document", finished->event.document);
    write_string(audit, "outcome", bytes_of(outcome_name(finished->outcome)));
    write_string(audit, "reason", bytes_of(reason));
    write_optional(audit, "detail", finished->detail);
    write_event(audit);
    write_attempts(audit);
    write_decisions(audit);
    write_version(audit);
    write_true(audit, "unprotected", finished->is_unprotected);
    write_int(audit, "folded", (int64_t)finished->folded);
    if (finished->folded > 1)
        write_int(audit, "fold_position", (int64_t)finished->fold_position);
    write_string(audit, "config", bytes_of(audit->context->config));
    write_time(audit, "received_at", finished->received_wall_ms);
    write_time(audit, "finished_at", finished->finished_wall_ms);
    write_string(audit, "worker", bytes_of(audit->context->worker));
    json_write_end(&audit->write);
}

void record_audit(const struct record_context *context, const struct finished *finished, size_t bytes_max,
                  struct buffer *out)
{
    size_t start = out->size;

    for (int level = EVERYTHING; level < DETAIL_LEVELS; level++) {
        struct audit audit = {.context = context, .finished = finished, .level = (enum detail_level)level};

        out->size = start;
        json_write_init(&audit.write, out);
        write_audit(&audit);
        if (out->size - start <= bytes_max)
            return;
    }
}
