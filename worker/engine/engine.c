#include "engine/state.h"

#include "common/pointer.h"

struct engine *engine_new(const struct engine_options *options)
{
    struct engine *engine = memory_new(sizeof(*engine));

    ensure(options->rules != NULL);
    ensure(options->max_in_flight >= 1);
    ensure(options->fold_events_max >= 1);
    ensure(options->backoff_count >= 1 && options->backoff_count <= BACKOFF_STEPS_MAX);
    engine->options = *options;
    engine->skips = memory_new((options->skip_count + 1) * sizeof(*engine->skips));
    if (options->skip_count > 0)
        memcpy(engine->skips, options->skips, options->skip_count * sizeof(*engine->skips));
    engine->options.skips = engine->skips;
    engine->next_action_id = 1;
    random_init(&engine->random, options->seed);
    list_init(&engine->rotation);
    list_init(&engine->unproven);
    list_init(&engine->unrecorded);
    list_init(&engine->out);
    breaker_init(&engine->breaker, options->probe_max_ms);
    budget_init(&engine->retry_budget, options->retry_percent, options->retry_floor, 0);
    rate_init(&engine->rate, options->rate_limit_milli, 0);
    concurrency_init(&engine->concurrency, options->max_in_flight < 16 ? options->max_in_flight : 16,
                     options->max_in_flight, 0);
    flood_init(&engine->flood, options->flood_dead_letters, options->flood_conflicts);
    list_init(&engine->spare_lanes);
    list_init(&engine->to_publish);
    heap_init(&engine->waits);
    heap_init(&engine->publish_retries);
    engine->commit_arena = arena_new(4096);
    documents_init(&engine->documents, options->cache_bytes_max);
    buffer_init(&engine->splice, SIZE_MAX / 2);
    return engine;
}

static void free_orphans(struct engine *engine)
{
    struct lane *lane, *next;

    HASH_ITER(hh, engine->lanes, lane, next) {
        ensure(lane->update->partition == NULL);
        update_free(engine, lane->update);
        HASH_DEL(engine->lanes, lane);
        if (lane->place == LANE_IN_FLIGHT)
            HASH_DELETE(by_action, engine->lanes_by_action, lane);
        free(lane->document);
        free(lane);
    }
    for (size_t i = 0; i < engine->publishing_count; i++)
        held_free(engine, engine->publishing[i]);
}

void engine_free(struct engine *engine)
{
    struct partition *partition, *next;

    if (engine == NULL)
        return;
    HASH_ITER(hh, engine->partitions, partition, next)
        partition_drop(engine, partition);
    free_orphans(engine);
    ensure(engine->events_held == 0);
    ensure(engine->events_bytes == 0);
    documents_release(&engine->documents);
    buffer_release(&engine->splice);
    lane_release_spares(engine);
    arena_free(engine->commit_arena);
    for (size_t i = 0; i < engine->spare_count; i++)
        arena_free(engine->spare_arenas[i]);
    ensure(engine->arena_bytes == 0);
    free(engine->spare_arenas);
    free(engine->skips);
    free(engine->publishing);
    free(engine->publishing_ids);
    free(engine->commit_entries);
    free(engine->commit_epochs);
    free(engine->revoked);
    heap_release(&engine->waits);
    heap_release(&engine->publish_retries);
    free(engine);
}

void engine_advance(struct engine *engine, int64_t now_ms, int64_t wall_ms)
{
    struct heap_node *node;

    ensure(now_ms < TIME_MAX);
    if (now_ms > engine->now_ms)
        engine->now_ms = now_ms;
    engine->wall_ms = wall_ms;
    while ((node = heap_first(&engine->waits)) != NULL && node->at_ms <= engine->now_ms) {
        struct lane *lane = list_item(node, struct lane, wait);

        ensure(lane->place == LANE_WAITING);
        update_wake(engine, lane->update);
    }
    partitions_settle(engine);
    engine_save_memory(engine);
}

void engine_outside_bytes(struct engine *engine, size_t bytes)
{
    engine->outside_bytes = bytes;
}

void engine_group_partitions(struct engine *engine, uint32_t count)
{
    if (engine->group_partitions == count)
        return;
    engine->group_partitions = count;
    admission_share(engine);
}

/* The last quarter of the memory for events is divided among the partitions, so that none can take it all. */
static bool has_bytes(const struct engine *engine, const struct partition *partition)
{
    size_t max = engine->options.events_bytes_max, shared = max - max / 4;

    return engine->events_bytes < shared ||
           (engine->events_bytes < max && partition->held_bytes < max / 4 / HASH_COUNT(engine->partitions));
}

size_t engine_room(const struct engine *engine, int32_t number)
{
    struct partition *partition = partition_find(engine, number);
    enum intake intake = engine_intake(engine);
    size_t unfinished, events_max = engine->options.partition_events_max;

    if (partition == NULL || partition->is_draining || intake == INTAKE_PAUSED || intake == INTAKE_FLOOD ||
        !has_bytes(engine, partition) || partition_is_crowded(partition))
        return 0;
    /* A service that lets nobody in stops intake as long as something that is held asks again; else one event has to. */
    if (intake != INTAKE_RUNNING)
        return engine->lanes == NULL ? 1 : 0;
    /* What is finished and not committed counts too: a successor meets it again, and must see all of it at once. */
    unfinished = window_unfinished(partition->window) + partition_uncommitted(partition);
    return unfinished < events_max ? events_max - unfinished : 0;
}

static bool is_skipped(const struct engine *engine, const struct received *received)
{
    for (size_t i = 0; i < engine->options.skip_count; i++) {
        if (engine->options.skips[i].partition == received->partition &&
            engine->options.skips[i].offset == received->offset)
            return true;
    }
    return false;
}

/* The record is no event: one that asks for nothing has nothing wrong. */
static void end_without_event(struct engine *engine, struct held *held, const struct event_fault *fault)
{
    bool is_harmless = fault->defect == EVENT_DEFECT_NOT_AN_UPDATE;
    char detail[EVENT_DEFECT_DETAIL_SIZE + 64];

    if (fault->offset != SIZE_MAX)
        snprintf(detail, sizeof(detail), "%s (byte %zu)", fault->detail, fault->offset);
    else
        snprintf(detail, sizeof(detail), "%s", fault->detail);
    held->finished.event = (struct event){.document = held->finished.key};
    held_end(held, is_harmless ? OUTCOME_UNCHANGED : OUTCOME_REJECTED, reason_of_defect(fault->defect),
             bytes_of(detail));
    held_finish(engine, held);
}

/* An event of a field that `fold.never` names is written alone, and one that makes or deletes its document. */
static bool event_is_single(const struct engine *engine, const struct event *event)
{
    if (whole_is_asked(event))
        return true;
    for (size_t i = 0; i < event->change_count; i++)
        for (size_t k = 0; k < engine->options.fold_never_count; k++) {
            struct bytes pattern = engine->options.fold_never[k];

            if (!event->changes[i].is_guard && pattern_touches(pattern, event->changes[i].field))
                return true;
        }
    return false;
}

static void take_record(struct engine *engine, struct partition *partition, const struct received *received)
{
    struct event_fault fault;
    struct event_input input;
    struct held *held;

    engine->counters.value[COUNTER_EVENTS_RECEIVED]++;
    held = held_new(engine, partition, received);
    if (is_skipped(engine, received)) {
        held->finished.event = (struct event){.document = held->finished.key};
        held_end(held, OUTCOME_REJECTED, REASON_SKIPPED_BY_OPERATOR, BYTES_NONE);
        held_finish(engine, held);
        return;
    }
    input = (struct event_input){.key = held->finished.key,
                                 .value = held->finished.value,
                                 .headers = held->finished.headers,
                                 .header_count = held->finished.header_count,
                                 .topic = engine->options.event_topic};
    if (!event_parse(&input, &engine->options.event_limits, held->arena, &held->finished.event, &fault)) {
        end_without_event(engine, held, &fault);
        return;
    }
    held_weigh(engine, held);
    held->finished.has_event = true;
    held->is_single = event_is_single(engine, &held->finished.event);
    trace_line(&engine->trace, engine->now_ms, "%.*s receive p%d/%lld",
               BYTES_ARG(held->finished.event.document), received->partition, (long long)received->offset);
    if (partition->is_settling)
        held->place = HELD_SETTLING;
    else
        lane_push(engine, held);
}

void engine_receive(struct engine *engine, const struct received *received)
{
    struct partition *partition = partition_find(engine, received->partition);

    if (partition == NULL || partition->epoch != received->epoch || partition->is_draining)
        return;
    if (window_receive(partition->window, received->offset))
        take_record(engine, partition, received);
    partition_received(engine, partition, received);
}

void engine_at_end(struct engine *engine, int32_t number, int32_t epoch)
{
    struct partition *partition = partition_find(engine, number);

    if (partition != NULL && partition->epoch == epoch)
        partition_at_end(engine, partition);
}

void engine_answer(struct engine *engine, uint64_t action_id, const struct answer *answer)
{
    struct lane *lane;
    struct update *update;

    HASH_FIND(by_action, engine->lanes_by_action, &action_id, sizeof(action_id), lane);
    ensure(lane != NULL);
    ensure(lane->place == LANE_IN_FLIGHT);
    update = lane->update;
    ensure(update != NULL);
    lane_move(engine, lane, LANE_IDLE);
    if (update->partition == NULL) {
        probe("an answer for an epoch that is over");
        admission_abandoned(engine, lane);
        lane_drop_update(engine, lane);
        return;
    }
    update_answer(engine, update, answer);
}

/* --- outputs --- */

static void want_proof(struct engine *engine, struct lane *lane)
{
    probe("a write waits for proof of ownership");
    if (!engine->wants_proof) {
        engine->wants_proof = true;
        engine->commit_next_ms = engine->now_ms < engine->commit_next_ms ? engine->now_ms : engine->commit_next_ms;
    }
    lane_move(engine, lane, LANE_UNPROVEN);
}

static bool request_next(struct engine *engine, struct action *ret_action)
{
    struct lane *lane;

    while (admission_is_open(engine) && (lane = admission_next_lane(engine)) != NULL) {
        if (lane->update == NULL && !lane_begin(engine, lane)) {
            if (publish_next(engine, ret_action)) /* before anything of an event behind it */
                return true;
            continue;
        }
        if (lane->update->state == STATE_WRITE && !partition_is_owned(engine, lane->update->partition)) {
            want_proof(engine, lane);
            continue;
        }
        update_request(engine, lane->update, ret_action);
        lane_move(engine, lane, LANE_IN_FLIGHT);
        admission_sent(engine, lane);
        return true;
    }
    return false;
}

static bool revocation_is_over(const struct engine *engine)
{
    bool is_over = engine->commit_action_id == 0;

    for (size_t i = 0; i < engine->revoked_count; i++) {
        const struct partition *partition = partition_find(engine, engine->revoked[i]);

        if (partition == NULL)
            continue;
        if (engine->now_ms >= partition->drain_until_ms)
            return true;
        if (!partition_is_drained(engine, partition))
            is_over = false;
    }
    return is_over;
}

static bool release_next(struct engine *engine, struct action *ret_action)
{
    if (!engine->is_revoking || !revocation_is_over(engine))
        return false;
    for (size_t i = 0; i < engine->revoked_count; i++) {
        struct partition *partition = partition_find(engine, engine->revoked[i]);

        trace_line(&engine->trace, engine->now_ms, "release p%d", engine->revoked[i]);
        if (partition != NULL)
            partition_drop(engine, partition);
    }
    engine->is_revoking = false;
    *ret_action = (struct action){
        .kind = ACTION_RELEASE,
        .id = engine->next_action_id,
        .release = {.partitions = engine->revoked, .count = engine->revoked_count},
    };
    return true;
}

static bool stop_is_over(const struct engine *engine)
{
    struct partition *partition, *next;

    if (engine->now_ms >= engine->stop_until_ms)
        return true;
    if (engine->is_revoking || engine->commit_action_id != 0)
        return false;
    HASH_ITER(hh, engine->partitions, partition, next) {
        if (!partition_is_drained(engine, partition))
            return false;
    }
    return true;
}

static bool stopped_next(struct engine *engine, struct action *ret_action)
{
    struct partition *partition, *next;

    if (!engine->is_stopping || engine->is_stopped || !stop_is_over(engine))
        return false;
    HASH_ITER(hh, engine->partitions, partition, next)
        partition_drop(engine, partition);
    engine->is_stopped = true;
    trace_line(&engine->trace, engine->now_ms, "stopped");
    *ret_action = (struct action){.kind = ACTION_STOPPED, .id = engine->next_action_id};
    return true;
}

bool engine_next(struct engine *engine, struct action *ret_action)
{
    if (!publish_next(engine, ret_action) && !request_next(engine, ret_action) &&
        !commit_next(engine, ret_action) && !release_next(engine, ret_action) && !stopped_next(engine, ret_action))
        return false;
    ensure(ret_action->id == engine->next_action_id);
    engine->next_action_id++;
    return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t drain_deadline(const struct engine *engine)
{
    int64_t deadline = engine->is_stopping && !engine->is_stopped ? engine->stop_until_ms : INT64_MAX;

    for (size_t i = 0; engine->is_revoking && i < engine->revoked_count; i++) {
        const struct partition *partition = partition_find(engine, engine->revoked[i]);

        if (partition != NULL)
            deadline = earlier(deadline, partition->drain_until_ms);
    }
    return deadline;
}

int64_t engine_deadline(const struct engine *engine)
{
    struct heap_node *wait = heap_first(&engine->waits);
    struct heap_node *retry = heap_first(&engine->publish_retries);
    int64_t deadline = earlier(earlier(commit_deadline(engine), drain_deadline(engine)),
                               earlier(partitions_settle_deadline(engine), admission_deadline(engine)));

    if (wait != NULL)
        deadline = earlier(deadline, wait->at_ms);
    if (retry != NULL)
        deadline = earlier(deadline, retry->at_ms);
    return deadline;
}
