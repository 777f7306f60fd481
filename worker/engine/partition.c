#include "engine/state.h"
#include "engine/window_codec.h"

struct partition *partition_find(const struct engine *engine, int32_t number)
{
    struct partition *partition;

    HASH_FIND(hh, engine->partitions, &number, sizeof(number), partition);
    return partition;
}

size_t partition_uncommitted(const struct partition *partition)
{
    return (size_t)(window_finished(partition->window) - partition->finished_committed);
}

bool partition_is_owned(const struct engine *engine, const struct partition *partition)
{
    return engine->now_ms < partition->owned_until_ms;
}

#define SETTLE_MAX_MS 10000 /* an end that Kafka never tells of must not hold events for long */

static void settle(struct engine *engine, struct partition *partition)
{
    partition->is_settling = false;
    engine->settling_count--;
    list_each_safe(node, &partition->held) {
        struct held *held = list_item(node, struct held, in_partition);

        if (held->place == HELD_SETTLING)
            lane_push(engine, held);
    }
}

void partition_received(struct engine *engine, struct partition *partition, const struct received *received)
{
    if (!partition->is_settling)
        return;
    if (partition->settle_until_ms == INT64_MAX) {
        partition->settle_end = received->end;
        partition->settle_until_ms = engine->now_ms + SETTLE_MAX_MS;
    }
    if ((partition->settle_end >= 0 && received->offset + 1 >= partition->settle_end) ||
        engine_room(engine, partition->number) == 0)
        settle(engine, partition);
}

void partition_at_end(struct engine *engine, struct partition *partition)
{
    if (partition->is_settling)
        settle(engine, partition);
}

void partitions_settle(struct engine *engine)
{
    struct partition *partition, *next;

    if (engine->settling_count == 0 || engine->is_paused)
        return;
    HASH_ITER(hh, engine->partitions, partition, next) {
        if (partition->is_settling && engine->now_ms >= partition->settle_until_ms)
            settle(engine, partition);
    }
}

int64_t partitions_settle_deadline(const struct engine *engine)
{
    struct partition *partition, *next;
    int64_t deadline = INT64_MAX;

    if (engine->settling_count == 0 || engine->is_paused)
        return deadline;
    HASH_ITER(hh, engine->partitions, partition, next) {
        if (partition->is_settling && !list_is_empty(&partition->held) && partition->settle_until_ms < deadline)
            deadline = partition->settle_until_ms;
    }
    return deadline;
}

static void publishing_detach(struct held *held)
{
    held->partition->held_bytes -= held->bytes;
    held->partition = NULL; /* its publication is under way: freed when that ends */
    list_remove(&held->in_partition);
}

/* The updates of the partition are dropped with their members, but for those that `is_kept` spares (NULL: none). */
static void drop_updates(struct engine *engine, struct partition *partition,
                         bool (*is_kept)(const struct engine *engine, const struct lane *lane))
{
    struct lane *lane, *next;

    HASH_ITER(hh, engine->lanes, lane, next) {
        if (lane->update != NULL && lane->update->partition == partition &&
            (is_kept == NULL || !is_kept(engine, lane)))
            update_abandon(engine, lane->update);
    }
}

void partition_drop(struct engine *engine, struct partition *partition)
{
    drop_updates(engine, partition, NULL);
    list_each_safe(node, &partition->held) {
        struct held *held = list_item(node, struct held, in_partition);

        if (held->place == HELD_PUBLISHING)
            publishing_detach(held);
        else if (held->place == HELD_FINISHED)
            held_free(engine, held);
        else
            lane_remove(engine, held);
    }
    ensure(list_is_empty(&partition->held));
    ensure(list_is_empty(&partition->ready));
    ensure(partition->held_bytes == 0);
    list_remove(&partition->in_rotation);
    repeats_free(partition->repeats);
    documents_drop_partition(&engine->documents, partition->number);
    engine->settling_count -= partition->is_settling;
    HASH_DEL(engine->partitions, partition);
    window_free(partition->window);
    free(partition);
    admission_share(engine);
}

size_t partitions_repeats_bytes(const struct engine *engine)
{
    struct partition *partition, *next;
    size_t bytes = 0;

    HASH_ITER(hh, engine->partitions, partition, next)
        bytes += repeats_bytes(partition->repeats);
    return bytes;
}

#define SPAN_BYTES   6 /* of a new one, more than most take */
#define CROWDED_FROM (WINDOW_TEXT_MAX * 3 / 4)

static size_t metadata_guess(const struct partition *partition)
{
    size_t spans = window_span_count(partition->window);

    return partition->metadata_bytes +
           (spans > partition->metadata_spans ? SPAN_BYTES * (spans - partition->metadata_spans) : 0);
}

static void measure_metadata(struct partition *partition)
{
    size_t count = window_spans(partition->window, NULL, 0);
    struct window_span *spans = memory_new((count + 1) * sizeof(*spans));
    char text[WINDOW_TEXT_MAX];

    window_spans(partition->window, spans, count);
    partition->metadata_bytes = window_encode(window_watermark(partition->window), spans, count, text);
    partition->metadata_spans = count;
    free(spans);
}

bool partition_is_crowded(struct partition *partition)
{
    if (metadata_guess(partition) > CROWDED_FROM &&
        window_span_count(partition->window) != partition->metadata_spans)
        measure_metadata(partition);
    return metadata_guess(partition) > CROWDED_FROM;
}

static bool has_work(const struct partition *partition)
{
    return !list_is_empty(&partition->held);
}

bool partition_is_drained(const struct engine *engine, const struct partition *partition)
{
    (void)engine;
    return !has_work(partition) && window_watermark(partition->window) == partition->committed;
}

/* What an earlier owner finished above the committed offset is not done again. */
static void restore(struct partition *partition, const struct assigned *assigned)
{
    struct window_span spans[WINDOW_TEXT_MAX / 2];
    size_t count;

    if (!window_decode(assigned->offset_next, assigned->metadata, spans, &count))
        return;
    probe("finished offsets above the watermark are taken over");
    window_restore(partition->window, spans, count);
}

void engine_assigned(struct engine *engine, const struct assigned *assigned)
{
    struct partition *partition = partition_find(engine, assigned->partition);

    if (partition != NULL)
        partition_drop(engine, partition); /* assigned anew without a revocation: the old epoch is over */
    partition = memory_new(sizeof(*partition));
    partition->number = assigned->partition;
    partition->epoch = assigned->epoch;
    partition->window = window_new(assigned->offset_next);
    restore(partition, assigned);
    partition->committed = assigned->offset_next;
    partition->committing = -1;
    partition->is_settling = true;
    partition->settle_until_ms = INT64_MAX; /* from the first record on */
    engine->settling_count++;
    partition->owned_until_ms = engine->now_ms; /* word of it may come late: the first commit proves it */
    engine->wants_proof = true;
    engine->commit_next_ms = engine->now_ms < engine->commit_next_ms ? engine->now_ms : engine->commit_next_ms;
    partition->repeats = repeats_new(engine->options.repeats_bytes_max);
    list_init(&partition->held);
    list_init(&partition->ready);
    list_init(&partition->in_rotation);
    HASH_ADD(hh, engine->partitions, number, sizeof(partition->number), partition);
    admission_share(engine);
    trace_line(&engine->trace, engine->now_ms, "assigned p%d/%lld epoch %d", assigned->partition,
               (long long)assigned->offset_next, assigned->epoch);
    if (engine->is_stopping) {
        partition->is_draining = true;
        partition->drain_until_ms = engine->stop_until_ms;
    }
}

static bool may_end(const struct engine *engine, const struct lane *lane)
{
    return lane->place == LANE_IN_FLIGHT || (lane->place != LANE_WAITING && !engine->is_paused);
}

void partition_drain(struct engine *engine, struct partition *partition, int64_t until_ms)
{
    partition->is_draining = true;
    partition->drain_until_ms = until_ms;
    list_each_safe(node, &partition->held) {
        struct held *held = list_item(node, struct held, in_partition);

        if (held->place == HELD_QUEUED || held->place == HELD_SETTLING)
            lane_remove(engine, held);
        else if (held->place == HELD_FINISHED && flood_tripped(&engine->flood) != FLOOD_NONE)
            held_free(engine, held); /* back to Kafka with its dead letter */
    }
    drop_updates(engine, partition, may_end);
}

void engine_revoke(struct engine *engine, const int32_t *partitions, size_t count, int64_t deadline_ms)
{
    ensure(!engine->is_revoking);
    engine->is_revoking = true;
    engine->revoked = memory_resize(engine->revoked, (count + 1) * sizeof(*engine->revoked));
    engine->revoked_count = count;
    for (size_t i = 0; i < count; i++) {
        struct partition *partition = partition_find(engine, partitions[i]);

        engine->revoked[i] = partitions[i];
        trace_line(&engine->trace, engine->now_ms, "revoke p%d", partitions[i]);
        if (partition != NULL)
            partition_drain(engine, partition, deadline_ms);
    }
    engine->commit_next_ms = engine->now_ms;
}

void engine_lost(struct engine *engine, const int32_t *partitions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct partition *partition = partition_find(engine, partitions[i]);

        trace_line(&engine->trace, engine->now_ms, "lost p%d", partitions[i]);
        if (partition != NULL)
            partition_drop(engine, partition);
    }
}

void engine_stop(struct engine *engine, int64_t deadline_ms)
{
    struct partition *partition, *next;

    if (engine->is_stopping)
        return;
    engine->is_stopping = true;
    engine->stop_until_ms = deadline_ms;
    engine->commit_next_ms = engine->now_ms;
    trace_line(&engine->trace, engine->now_ms, "stop");
    HASH_ITER(hh, engine->partitions, partition, next)
        partition_drain(engine, partition, partition->is_draining ? partition->drain_until_ms : deadline_ms);
}
