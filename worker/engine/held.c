#include "engine/state.h"

#define ARENA_BLOCK_BYTES  2048 /* an event of some 300 bytes with all that becomes of it */
#define ARENA_SPARE_BYTES  (64 * 1024) /* a larger one is not worth keeping */
#define ARENAS_SPARE_MAX   4096

struct arena *engine_arena(struct engine *engine)
{
    if (engine->spare_count > 0)
        return engine->spare_arenas[--engine->spare_count];
    return arena_new_counted(ARENA_BLOCK_BYTES, &engine->arena_bytes);
}

void engine_arena_back(struct engine *engine, struct arena *arena)
{
    if (arena == NULL)
        return;
    if (engine->spare_count == ARENAS_SPARE_MAX || arena_bytes(arena) > ARENA_SPARE_BYTES ||
        engine_memory(engine) > engine->options.memory_max / 2) {
        arena_free(arena);
        return;
    }
    arena_reset(arena);
    if (engine->spare_arenas == NULL)
        engine->spare_arenas = memory_new(ARENAS_SPARE_MAX * sizeof(struct arena *));
    engine->spare_arenas[engine->spare_count++] = arena;
}

static const struct header *keep_headers(struct arena *arena, const struct header *headers, size_t count)
{
    struct header *kept = arena_take(arena, (count + 1) * sizeof(*kept));

    for (size_t i = 0; i < count; i++) {
        kept[i].name = arena_keep(arena, headers[i].name);
        kept[i].value = arena_keep(arena, headers[i].value);
    }
    return kept;
}

void held_weigh(struct engine *engine, struct held *held)
{
    size_t more = arena_bytes(held->arena) - held->bytes;

    held->bytes += more;
    engine->events_bytes += more;
    held->partition->held_bytes += more;
}

struct held *held_new(struct engine *engine, struct partition *partition, const struct received *received)
{
    struct arena *arena = engine_arena(engine);
    struct held *held = arena_zero(arena, sizeof(*held));

    held->arena = arena;
    held->partition = partition;
    held->received_ms = engine->now_ms;
    list_init(&held->in_queue);
    list_push_back(&partition->held, &held->in_partition);
    held->finished = (struct finished){
        .partition = received->partition,
        .offset = received->offset,
        .timestamp_ms = received->timestamp_ms,
        .key = arena_keep(held->arena, received->key),
        .value = arena_keep(held->arena, received->value),
        .headers = keep_headers(held->arena, received->headers, received->header_count),
        .header_count = received->header_count,
        .received_wall_ms = engine->wall_ms,
        .folded = 1,
        .fold_position = 1,
    };
    engine->events_held++;
    held_weigh(engine, held);
    return held;
}

void held_free(struct engine *engine, struct held *held)
{
    ensure(engine->events_held > 0);
    ensure(engine->events_bytes >= held->bytes);
    engine->events_held--;
    engine->events_bytes -= held->bytes;
    if (held->partition != NULL)
        held->partition->held_bytes -= held->bytes;
    list_remove(&held->in_partition);
    list_remove(&held->in_queue);
    heap_remove(&engine->publish_retries, &held->retry);
    engine_arena_back(engine, held->arena); /* and `held` with it */
}

/* Records that were put back from dead letters carry this header: a later event may have ended since, so that they are
 * not judged by their sequence. */
#define RETRIED_HEADER BYTES("ifmatch-retried")

static bool is_retried(const struct finished *finished)
{
    for (size_t i = 0; i < finished->header_count; i++) {
        if (bytes_equal(finished->headers[i].name, RETRIED_HEADER))
            return true;
    }
    return false;
}

struct repeats_event held_identity(const struct held *held)
{
    const struct finished *finished = &held->finished;
    const struct event *event = &finished->event;

    return (struct repeats_event){
        .source = event->source,
        .id = event->id,
        .document = event->document,
        .sequence = is_retried(finished) ? BYTES_NONE : event->sequence,
        .digest = bytes_hash(finished->value),
        .offset = finished->offset,
    };
}

void held_end(struct held *held, enum outcome outcome, enum reason reason, struct bytes detail)
{
    ensure(held->place != HELD_FINISHED && held->place != HELD_PUBLISHING);
    held->finished.outcome = outcome;
    held->finished.reason = reason;
    held->finished.detail = arena_keep(held->arena, detail);
    held->has_end = true;
}

/* What ended so is not to be done again. */
static bool counts_as_done(enum outcome outcome)
{
    return outcome == OUTCOME_APPLIED || outcome == OUTCOME_MERGED || outcome == OUTCOME_UNCHANGED;
}

void held_finish(struct engine *engine, struct held *held)
{
    struct finished *finished = &held->finished;
    enum reason reason = finished->reason;

    ensure(held->place != HELD_FINISHED && held->place != HELD_PUBLISHING);
    ensure(held->has_end);
    finished->stale_answers = held->stale_answers;
    finished->finished_wall_ms = engine->wall_ms;
    held->place = HELD_FINISHED;
    list_remove(&held->in_queue);
    list_push_back(&engine->to_publish, &held->in_queue);
    if (!counts_as_done(finished->outcome))
        repeats_forget(held->partition->repeats, finished->offset);
    if (flood_note(&engine->flood, finished->outcome))
        trace_line(&engine->trace, engine->now_ms, "flood: too many end %s", outcome_name(finished->outcome));
    trace_line(&engine->trace, engine->now_ms, "%.*s done %s%s%s p%d/%lld", BYTES_ARG(finished->event.document),
               outcome_name(finished->outcome), reason != REASON_NONE ? " " : "",
               reason != REASON_NONE ? reason_name(reason) : "", finished->partition, (long long)finished->offset);
}
