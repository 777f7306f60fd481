#include "loop/state.h"

typedef void performer(struct loop *loop, const struct action *action);

static void perform_request(struct loop *loop, const struct action *action)
{
    service_perform(loop->parts.service, action, clock_now_ms());
}

static struct publication_record audit_record(struct loop *loop, const struct finished *finished)
{
    const char *topic = loop->parts.config->topics.audit;
    size_t bytes_max = publisher_bytes_max(loop->parts.publisher, topic);
    struct bytes key = finished->event.document; /* not always the key of the event */
    size_t overhead = record_bytes(key, BYTES_NONE, NULL, 0);

    buffer_reset(&loop->audit);
    record_audit(&loop->record, finished, bytes_max > overhead ? bytes_max - overhead : 0, &loop->audit);
    return (struct publication_record){.topic = topic, .key = key, .value = buffer_bytes(&loop->audit)};
}

/* The original untouched; where it does not fit the topic, key and headers alone, saying where the value is. */
static struct publication_record dead_letter(struct loop *loop, const struct finished *finished,
                                             bool is_value_omitted)
{
    const char *topic = loop->parts.config->topics.dead_letters;
    struct publication_record letter = {.topic = topic, .key = finished->key, .value = finished->value};

    letter.headers = record_dead_letter_headers(&loop->record, finished, is_value_omitted, loop->letter_arena,
                                                &letter.header_count);
    if (is_value_omitted)
        letter.value = BYTES_NONE;
    else if (record_bytes(letter.key, letter.value, letter.headers, letter.header_count) >
             publisher_bytes_max(loop->parts.publisher, topic))
        return dead_letter(loop, finished, true);
    return letter;
}

static void tell_later(struct loop *loop, uint64_t action_id, const char *why)
{
    if (loop->later_count == loop->later_capacity) {
        loop->later_capacity = loop->later_capacity == 0 ? 64 : 2 * loop->later_capacity;
        loop->later = memory_resize(loop->later, loop->later_capacity * sizeof(*loop->later));
    }
    loop->later[loop->later_count++] = (struct delivered_later){.action_id = action_id, .why = why};
}

void feed_later(struct loop *loop)
{
    for (size_t i = 0; i < loop->later_count; i++)
        engine_delivered(loop->parts.engine, loop->later[i].action_id,
                         &(struct delivered){.is_acknowledged = false, .detail = bytes_of(loop->later[i].why)});
    loop->later_count = 0;
}

static void say_outcome(const struct loop *loop, const struct finished *finished)
{
    const struct log_place place = {loop->record.topic, finished->partition, finished->offset,
                                    finished->event.document};
    const char *reason = reason_name(finished->reason);

    log_at(outcome_is_dead_letter(finished->outcome) ? LOG_WARN : LOG_DEBUG, "engine", &place, "%s%s%s%s%.*s",
           outcome_name(finished->outcome), reason != NULL ? " " : "", reason != NULL ? reason : "",
           finished->detail.size > 0 ? ": " : "", BYTES_ARG(finished->detail));
}

/* False: the publisher has no room. */
static bool publish(struct loop *loop, const struct action *action)
{
    const struct finished *finished = action->publish.finished;
    struct publication_record records[2];
    size_t count = 0, too_large = 0;
    struct error error = {0};
    enum publish_result result;

    arena_reset(loop->letter_arena);
    records[count++] = audit_record(loop, finished);
    if (outcome_is_dead_letter(finished->outcome) && loop->parts.dry_run == NULL) /* nobody has to act */
        records[count++] = dead_letter(loop, finished, false);
    result = publisher_publish(loop->parts.publisher, action->id, records, count, &too_large, &error);
    if (result == PUBLISH_TOO_LARGE && too_large == 1) {
        records[1] = dead_letter(loop, finished, true);
        result = publisher_publish(loop->parts.publisher, action->id, records, count, &too_large, &error);
    }
    if (result == PUBLISH_TOO_LARGE)
        tell_later(loop, action->id, "record too large");
    return result != PUBLISH_FULL;
}

/* Without room it waits here, in its order, and what it points to stays with the engine: that is the backpressure. */
static void publish_or_block(struct loop *loop, const struct action *action)
{
    if (loop->blocked_count == 0 && publish(loop, action))
        return;
    if (loop->blocked_count == loop->blocked_capacity) {
        loop->blocked_capacity = loop->blocked_capacity == 0 ? 64 : 2 * loop->blocked_capacity;
        loop->blocked = memory_resize(loop->blocked, loop->blocked_capacity * sizeof(*loop->blocked));
    }
    loop->blocked[loop->blocked_count++] = *action;
}

static void perform_publish(struct loop *loop, const struct action *action)
{
    say_outcome(loop, action->publish.finished);
    publish_or_block(loop, action);
}

void perform_blocked(struct loop *loop)
{
    size_t taken = 0;

    while (taken < loop->blocked_count && publish(loop, &loop->blocked[taken]))
        taken++;
    if (taken == 0)
        return;
    loop->blocked_count -= taken;
    memmove(loop->blocked, loop->blocked + taken, loop->blocked_count * sizeof(*loop->blocked));
}

static void perform_commit(struct loop *loop, const struct action *action)
{
    consumer_commit(loop->parts.consumer, action->id, &action->commit);
}

static void perform_release(struct loop *loop, const struct action *action)
{
    log_info("kafka", "%zu partitions are released", action->release.count);
    consumer_release(loop->parts.consumer);
}

static void perform_stopped(struct loop *loop, const struct action *action)
{
    (void)action;
    loop->is_stopped = true;
}

/* --- a dry run --- */

static void dry_request(struct loop *loop, const struct action *action)
{
    dry_run_request(loop->parts.dry_run, loop->parts.service, action);
}

static void dry_publish(struct loop *loop, const struct action *action)
{
    dry_run_finished(loop->parts.dry_run, &loop->record, action->publish.finished);
    if (loop->parts.publisher != NULL)
        publish_or_block(loop, action);
    else
        dry_run_acknowledge(loop->parts.dry_run, action);
}

static void dry_commit(struct loop *loop, const struct action *action)
{
    dry_run_acknowledge(loop->parts.dry_run, action);
}

void perform(struct loop *loop, const struct action *action)
{
    static performer *const performers[ACTION_KIND_COUNT] = {
        [ACTION_READ] = perform_request,    [ACTION_WRITE] = perform_request,
        [ACTION_PUBLISH] = perform_publish, [ACTION_COMMIT] = perform_commit,
        [ACTION_RELEASE] = perform_release, [ACTION_STOPPED] = perform_stopped,
    };
    static performer *const dry_performers[ACTION_KIND_COUNT] = {
        [ACTION_READ] = dry_request,        [ACTION_WRITE] = dry_request,
        [ACTION_PUBLISH] = dry_publish,     [ACTION_COMMIT] = dry_commit,
        [ACTION_RELEASE] = perform_release, [ACTION_STOPPED] = perform_stopped,
    };

    ensure(action->kind < ACTION_KIND_COUNT);
    (loop->parts.dry_run != NULL ? dry_performers : performers)[action->kind](loop, action);
}
