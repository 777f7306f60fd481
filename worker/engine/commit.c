#include "engine/state.h"
#include "engine/window_codec.h"

static bool is_advanced(const struct partition *partition)
{
    return window_watermark(partition->window) > partition->committed || partition_uncommitted(partition) > 0;
}

static bool is_wanted(const struct engine *engine)
{
    struct partition *partition, *next;

    if (engine->wants_proof)
        return true;
    HASH_ITER(hh, engine->partitions, partition, next) {
        if (is_advanced(partition))
            return true;
    }
    return false;
}

#define UNCOMMITTED_MAX 500 /* events of a partition that a successor would do again */

/* So much is finished and not committed that it holds intake up, or would be much to do again. */
static bool is_urgent(const struct engine *engine)
{
    struct partition *partition, *next;

    if (engine->commit_has_failed)
        return false; /* waits its time */
    HASH_ITER(hh, engine->partitions, partition, next) {
        size_t uncommitted = partition_uncommitted(partition);

        if (uncommitted > engine->options.partition_events_max / 2 || uncommitted > UNCOMMITTED_MAX)
            return true;
    }
    return false;
}

static bool is_due(const struct engine *engine)
{
    return engine->now_ms >= engine->commit_next_ms || is_urgent(engine);
}

static struct bytes metadata_of(struct engine *engine, struct partition *partition)
{
    size_t count = window_spans(partition->window, NULL, 0);
    struct window_span *spans = arena_take(engine->commit_arena, (count + 1) * sizeof(*spans));
    char *text = arena_take(engine->commit_arena, WINDOW_TEXT_MAX);

    window_spans(partition->window, spans, count);
    partition->metadata_bytes = window_encode(partition->committing, spans, count, text);
    partition->metadata_spans = count;
    return (struct bytes){text, partition->metadata_bytes};
}

/* All assigned partitions go into every commit: it proves that each is still ours. */
bool commit_next(struct engine *engine, struct action *ret_action)
{
    size_t count = HASH_COUNT(engine->partitions);
    struct partition *partition, *next;

    if (engine->commit_action_id != 0 || count == 0 || !is_wanted(engine) || !is_due(engine))
        return false;
    engine->commit_entries = memory_resize(engine->commit_entries, count * sizeof(*engine->commit_entries));
    engine->commit_epochs = memory_resize(engine->commit_epochs, count * sizeof(*engine->commit_epochs));
    engine->commit_count = 0;
    arena_reset(engine->commit_arena);
    HASH_ITER(hh, engine->partitions, partition, next) {
        partition->committing = window_watermark(partition->window);
        ensure(partition->committing >= partition->committed);
        partition->finished_committing = window_finished(partition->window);
        engine->commit_entries[engine->commit_count] = (struct commit_entry){
            .partition = partition->number,
            .offset_next = partition->committing,
            .metadata = metadata_of(engine, partition),
        };
        engine->commit_epochs[engine->commit_count] = partition->epoch;
        engine->commit_count++;
    }
    engine->commit_action_id = engine->next_action_id;
    engine->commit_sent_ms = engine->now_ms;
    *ret_action = (struct action){
        .kind = ACTION_COMMIT,
        .id = engine->next_action_id,
        .commit = {.entries = engine->commit_entries, .count = engine->commit_count},
    };
    return true;
}

/* The unproven lanes whose partitions are proven now may go on. */
static void release_proven(struct engine *engine)
{
    bool has_unproven = false;

    list_each_safe(node, &engine->unproven) {
        struct lane *lane = list_item(node, struct lane, in_engine);

        if (partition_is_owned(engine, lane->update->partition))
            lane_move(engine, lane, LANE_READY);
        else
            has_unproven = true;
    }
    engine->wants_proof = has_unproven;
}

/* A commit that was acknowledged proves ownership from the moment it was sent. */
static void acknowledge(struct engine *engine)
{
    for (size_t i = 0; i < engine->commit_count; i++) {
        const struct commit_entry *entry = &engine->commit_entries[i];
        struct partition *partition = partition_find(engine, entry->partition);

        if (partition == NULL || partition->epoch != engine->commit_epochs[i])
            continue;
        ensure(entry->offset_next >= partition->committed);
        if (entry->offset_next > partition->committed)
            trace_line(&engine->trace, engine->now_ms, "commit p%d/%lld", entry->partition,
                       (long long)entry->offset_next);
        partition->committed = entry->offset_next;
        partition->finished_committed = partition->finished_committing;
        partition->owned_until_ms = engine->commit_sent_ms + engine->options.ownership_ms;
    }
    release_proven(engine);
}

void engine_committed(struct engine *engine, uint64_t action_id, enum commit_result result)
{
    ensure(engine->commit_action_id == action_id);
    ensure(action_id != 0);
    engine->commit_action_id = 0;
    engine->commit_has_failed = result != COMMIT_ACKNOWLEDGED;
    engine->commit_next_ms = engine->now_ms + engine->options.commit_interval_ms;
    if (result == COMMIT_ACKNOWLEDGED) {
        engine->counters.value[COUNTER_COMMITS]++;
        if (engine->is_stopping || engine->is_revoking)
            engine->commit_next_ms = engine->now_ms;
        acknowledge(engine);
        return;
    }
    engine->counters.value[COUNTER_COMMIT_FAILURES]++;
    trace_line(&engine->trace, engine->now_ms, "commit %s",
               result == COMMIT_REFUSED ? "refused: the partitions are not ours" : "failed");
    if (result == COMMIT_REFUSED)
        probe("commit refused: this member is not in the group");
    for (size_t i = 0; result == COMMIT_REFUSED && i < engine->commit_count; i++) {
        struct partition *partition = partition_find(engine, engine->commit_entries[i].partition);

        if (partition != NULL && partition->epoch == engine->commit_epochs[i])
            partition->owned_until_ms = engine->now_ms; /* no proof until a commit is acknowledged again */
    }
}

int64_t commit_deadline(const struct engine *engine)
{
    if (engine->commit_action_id != 0 || engine->partitions == NULL || !is_wanted(engine))
        return INT64_MAX;
    return is_urgent(engine) ? engine->now_ms : engine->commit_next_ms;
}
