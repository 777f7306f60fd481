#include "engine/state.h"

#define PUBLISHING_MAX   2000
#define PUBLISH_RETRY_MS 1000

static void publishing_add(struct engine *engine, struct held *held, uint64_t action_id)
{
    if (engine->publishing_count == engine->publishing_capacity) {
        engine->publishing_capacity = engine->publishing_capacity == 0 ? 64 : 2 * engine->publishing_capacity;
        engine->publishing =
            memory_resize(engine->publishing, engine->publishing_capacity * sizeof(struct held *));
        engine->publishing_ids =
            memory_resize(engine->publishing_ids, engine->publishing_capacity * sizeof(uint64_t));
    }
    engine->publishing[engine->publishing_count] = held;
    engine->publishing_ids[engine->publishing_count] = action_id;
    engine->publishing_count++;
}

/* Ids rise, so the array is sorted; publications mostly end in their order. */
static struct held *publishing_take(struct engine *engine, uint64_t action_id)
{
    size_t low = 0, high = engine->publishing_count;
    struct held *held;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (engine->publishing_ids[middle] < action_id)
            low = middle + 1;
        else
            high = middle;
    }
    ensure(low < engine->publishing_count && engine->publishing_ids[low] == action_id);
    held = engine->publishing[low];
    engine->publishing_count--;
    memmove(&engine->publishing[low], &engine->publishing[low + 1],
            (engine->publishing_count - low) * sizeof(struct held *));
    memmove(&engine->publishing_ids[low], &engine->publishing_ids[low + 1],
            (engine->publishing_count - low) * sizeof(uint64_t));
    return held;
}

/* Those that are due go first, in the order of their offsets: two of one document stay in order. */
static void retry_due(struct engine *engine)
{
    struct heap_node *node;
    struct list due;

    list_init(&due);
    while ((node = heap_first(&engine->publish_retries)) != NULL && node->at_ms <= engine->now_ms) {
        struct held *held = list_item(node, struct held, retry);
        struct list *before = due.next;

        heap_remove(&engine->publish_retries, node);
        while (before != &due && list_item(before, struct held, in_queue)->finished.offset < held->finished.offset)
            before = before->next;
        list_insert(before, &held->in_queue);
    }
    while (!list_is_empty(&due)) {
        struct list *last = due.previous;

        list_remove(last);
        list_push_front(&engine->to_publish, last);
    }
}

/* While the flood guard is tripped no dead letter goes out, and no record of a later event overtakes one. */
static bool is_held_back(const struct engine *engine)
{
    return flood_tripped(&engine->flood) != FLOOD_NONE;
}

size_t publish_held_back(const struct engine *engine)
{
    size_t count = 0;

    if (!is_held_back(engine))
        return 0;
    list_each(node, &engine->to_publish)
        count += outcome_is_dead_letter(list_item(node, struct held, in_queue)->finished.outcome);
    return count;
}

bool publish_next(struct engine *engine, struct action *ret_action)
{
    struct held *held;

    retry_due(engine);
    if (is_held_back(engine) || list_is_empty(&engine->to_publish) || engine->publishing_count >= PUBLISHING_MAX)
        return false;
    held = list_item(engine->to_publish.next, struct held, in_queue);
    ensure(held->place == HELD_FINISHED);
    ensure(held->partition != NULL);
    list_remove(&held->in_queue);
    held->place = HELD_PUBLISHING;
    *ret_action = (struct action){
        .kind = ACTION_PUBLISH,
        .id = engine->next_action_id,
        .partition = held->partition->number,
        .epoch = held->partition->epoch,
        .publish = {.finished = &held->finished},
    };
    publishing_add(engine, held, ret_action->id);
    return true;
}

static void publish_again(struct engine *engine, struct held *held)
{
    engine->counters.value[COUNTER_PUBLISH_FAILURES]++;
    held->place = HELD_FINISHED;
    heap_insert(&engine->publish_retries, &held->retry, engine->now_ms + PUBLISH_RETRY_MS);
}

void engine_delivered(struct engine *engine, uint64_t action_id, const struct delivered *delivered)
{
    struct held *held = publishing_take(engine, action_id);
    struct finished *finished = &held->finished;

    ensure(held->place == HELD_PUBLISHING);
    trace_line(&engine->trace, engine->now_ms, "p%d/%lld record %s %s%s", finished->partition,
               (long long)finished->offset, outcome_name(finished->outcome),
               delivered->is_acknowledged ? "acknowledged" : "failed",
               held->partition == NULL ? ", epoch is over" : "");
    if (held->partition == NULL) {
        held_free(engine, held);
        return;
    }
    if (!delivered->is_acknowledged) {
        publish_again(engine, held);
        return;
    }
    engine->counters.finished[finished->outcome]++;
    window_finish(held->partition->window, finished->offset);
    repeats_note(held->partition->repeats, finished->offset);
    lane_release_unrecorded(engine);
    held_free(engine, held);
}
