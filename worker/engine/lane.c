#include "engine/state.h"

struct lane *lane_find(const struct engine *engine, struct bytes document)
{
    struct lane *lane;

    HASH_FIND(hh, engine->lanes, document.data, document.size, lane);
    return lane;
}

#define LANES_SPARE_MAX 4096

static struct lane *lane_take(struct engine *engine)
{
    struct lane *lane;

    if (list_is_empty(&engine->spare_lanes))
        return memory_new(sizeof(*lane));
    lane = list_item(engine->spare_lanes.next, struct lane, in_engine);
    list_remove(&lane->in_engine);
    engine->spare_lane_count--;
    return lane;
}

static void lane_give_back(struct engine *engine, struct lane *lane)
{
    if (engine->spare_lane_count == LANES_SPARE_MAX) {
        free(lane->document);
        free(lane);
        return;
    }
    *lane = (struct lane){.document = lane->document, .document_capacity = lane->document_capacity};
    list_push_front(&engine->spare_lanes, &lane->in_engine);
    engine->spare_lane_count++;
}

void lane_release_spares(struct engine *engine)
{
    list_each_safe(node, &engine->spare_lanes)
    {
        struct lane *lane = list_item(node, struct lane, in_engine);

        free(lane->document);
        free(lane);
    }
}

static struct lane *lane_new(struct engine *engine, struct bytes document)
{
    struct lane *lane = lane_take(engine);

    if (document.size > lane->document_capacity) {
        lane->document_capacity = document.size < 64 ? 64 : document.size;
        lane->document = memory_resize(lane->document, lane->document_capacity);
    }
    memcpy(lane->document, document.data, document.size);
    lane->document_size = document.size;
    list_init(&lane->events);
    list_init(&lane->in_engine);
    HASH_ADD_KEYPTR(hh, engine->lanes, lane->document, lane->document_size, lane);
    return lane;
}

static void lane_free(struct engine *engine, struct lane *lane)
{
    ensure(list_is_empty(&lane->events));
    ensure(lane->update == NULL);
    lane_move(engine, lane, LANE_IDLE);
    HASH_DEL(engine->lanes, lane);
    lane_give_back(engine, lane);
}

/* Of the event that it works for, or will begin with. */
static struct partition *lane_partition(const struct lane *lane)
{
    return lane->update != NULL ? lane->update->partition
                                : list_item(lane->events.next, struct held, in_queue)->partition;
}

static void make_ready(struct engine *engine, struct lane *lane)
{
    struct partition *partition = lane_partition(lane);

    ensure(partition != NULL);
    list_push_back(&partition->ready, &lane->in_engine);
    if (list_is_empty(&partition->in_rotation))
        list_push_back(&engine->rotation, &partition->in_rotation);
}

void lane_move(struct engine *engine, struct lane *lane, enum lane_place place)
{
    ensure(lane->place != LANE_IN_FLIGHT || lane->action_id != 0);
    list_remove(&lane->in_engine);
    heap_remove(&engine->waits, &lane->wait);
    if (lane->place == LANE_IN_FLIGHT) {
        HASH_DELETE(by_action, engine->lanes_by_action, lane);
        lane->action_id = 0;
        ensure(engine->in_flight > 0);
        engine->in_flight--;
    }
    lane->place = place;
    if (place == LANE_READY)
        make_ready(engine, lane);
    if (place == LANE_UNPROVEN)
        list_push_back(&engine->unproven, &lane->in_engine);
    if (place == LANE_UNRECORDED)
        list_push_back(&engine->unrecorded, &lane->in_engine);
    if (place == LANE_IN_FLIGHT) {
        lane->action_id = engine->next_action_id;
        HASH_ADD(by_action, engine->lanes_by_action, action_id, sizeof(lane->action_id), lane);
        engine->in_flight++;
        ensure(engine->in_flight <= engine->options.max_in_flight);
    }
}

void lane_wait(struct engine *engine, struct lane *lane, int64_t wait_ms)
{
    ensure(wait_ms >= 0);
    lane_move(engine, lane, LANE_WAITING);
    heap_insert(&engine->waits, &lane->wait, engine->now_ms + wait_ms);
}

void lane_wait_out(struct engine *engine, struct lane *lane, int64_t wait_ms)
{
    lane_wait(engine, lane, wait_ms);
    lane->out_since_ms = engine->now_ms;
    list_push_back(&engine->out, &lane->in_engine);
}

static void end_repeat(struct engine *engine, struct lane *lane, struct held *held, enum outcome outcome,
                       enum reason reason)
{
    held_end(held, outcome, reason, BYTES_NONE);
    held_finish(engine, held);
    lane_move(engine, lane, LANE_IDLE);
    lane_next(engine, lane);
}

bool lane_begin(struct engine *engine, struct lane *lane)
{
    struct held *held = list_item(lane->events.next, struct held, in_queue);
    const struct repeats_event identity = held_identity(held);

    switch (repeats_judge(held->partition->repeats, &identity)) {
    case REPEAT_NONE:
        update_begin(engine, lane);
        return true;
    case REPEAT_PENDING:
        probe("an event waits for the records of one that it may repeat");
        lane_move(engine, lane, LANE_UNRECORDED);
        return false;
    case REPEAT_DUPLICATE:
        end_repeat(engine, lane, held, OUTCOME_DUPLICATE, REASON_NONE);
        return false;
    case REPEAT_OUTDATED:
        end_repeat(engine, lane, held, OUTCOME_OUTDATED, REASON_NONE);
        return false;
    case REPEAT_ID_REUSED:
        end_repeat(engine, lane, held, OUTCOME_REJECTED, REASON_ID_REUSED);
        return false;
    case REPEAT_SEQUENCE_SHAPE:
        end_repeat(engine, lane, held, OUTCOME_REJECTED, REASON_SEQUENCE_SHAPE);
        return false;
    }
    never("every judgement of a repetition leads on");
}

void lane_release_unrecorded(struct engine *engine)
{
    list_each_safe(node, &engine->unrecorded)
        lane_move(engine, list_item(node, struct lane, in_engine), LANE_READY);
}

void lane_push(struct engine *engine, struct held *held)
{
    struct bytes document = held->finished.event.document;
    struct lane *lane = lane_find(engine, document);

    if (lane == NULL)
        lane = lane_new(engine, document);
    held->place = HELD_QUEUED;
    list_push_back(&lane->events, &held->in_queue);
    if (lane->place == LANE_IDLE)
        lane_move(engine, lane, LANE_READY);
}

void lane_next(struct engine *engine, struct lane *lane)
{
    ensure(lane->update == NULL);
    if (list_is_empty(&lane->events))
        lane_free(engine, lane);
    else
        lane_move(engine, lane, LANE_READY);
}

void lane_remove(struct engine *engine, struct held *held)
{
    struct lane *lane;

    if (held->place == HELD_SETTLING) {
        held_free(engine, held);
        return;
    }
    ensure(held->place == HELD_QUEUED);
    lane = lane_find(engine, held->finished.event.document);
    ensure(lane != NULL);
    held_free(engine, held);
    if (lane->update != NULL)
        return;
    if (list_is_empty(&lane->events))
        lane_free(engine, lane);
    else
        lane_move(engine, lane, LANE_READY); /* among those of the partition of its first event */
}

void lane_drop_update(struct engine *engine, struct lane *lane)
{
    ensure(lane->place != LANE_IN_FLIGHT);
    update_free(engine, lane->update);
    lane->update = NULL;
    lane_next(engine, lane);
}
