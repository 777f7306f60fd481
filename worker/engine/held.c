#include "engine/state.h"

#define ARENA_BLOCK_BYTES  4096
#define ARENA_SPARE_BYTES  (64 * 1024) /* a larger one is not worth keeping */
#define ARENAS_SPARE_MAX   4096

struct arena *engine_arena(struct engine *engine)
{
    if (engine->spare_count > 0)
        return engine->spare_arenas[--engine->spare_count];
    return arena_new(ARENA_BLOCK_BYTES);
}

void engine_arena_back(struct engine *engine, struct arena *arena)
{
    if (arena == NULL)
        return;
    if (engine->spare_count == ARENAS_SPARE_MAX || arena_bytes(arena) > ARENA_SPARE_BYTES) {
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

static size_t received_bytes(const struct received *received)
{
    size_t bytes = received->key.size + received->value.size;

    for (size_t i = 0; i < received->header_count; i++)
        bytes += received->headers[i].name.size + received->headers[i].value.size + sizeof(struct header);
    return bytes;
}

struct held *held_new(struct engine *engine, struct partition *partition, const struct received *received)
{
    struct arena *arena = engine_arena(engine);
    struct held *held = arena_zero(arena, sizeof(*held));

    held->arena = arena;
    held->partition = partition;
    held->received_ms = engine->now_ms;
    held->bytes = sizeof(*held) + received_bytes(received);
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
    engine->events_bytes += held->bytes;
    return held;
}

void held_free(struct engine *engine, struct held *held)
{
    ensure(engine->events_held > 0);
    ensure(engine->events_bytes >= held->bytes);
    engine->events_held--;
    engine->events_bytes -= held->bytes;
    list_remove(&held->in_partition);
    list_remove(&held->in_queue);
    heap_remove(&engine->publish_retries, &held->retry);
    engine_arena_back(engine, held->arena); /* and `held` with it */
}

void held_end(struct held *held, enum outcome outcome, enum reason reason, struct bytes detail)
{
    ensure(held->place != HELD_FINISHED && held->place != HELD_PUBLISHING);
    held->finished.outcome = outcome;
    held->finished.reason = reason;
    held->finished.detail = arena_keep(held->arena, detail);
    held->has_end = true;
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
    trace_line(&engine->trace, engine->now_ms, "%.*s done %s%s%s p%d/%lld", BYTES_ARG(finished->event.document),
               outcome_name(finished->outcome), reason != REASON_NONE ? " " : "",
               reason != REASON_NONE ? reason_name(reason) : "", finished->partition, (long long)finished->offset);
}
