#include "world.h"

#include "common/check.h"

/* breaker_gentle, fairness: who may ask the service, and when. */

/* --- breaker_gentle --- */

void check_breaker(struct world *world, struct request *request)
{
    struct worker *worker = request->worker;

    if (engine_intake(worker->engine) != INTAKE_OUTAGE)
        return;
    request->is_probe = true;
    request->opening = engine_counters(worker->engine)->value[COUNTER_BREAKER_OPENINGS];
    list_each(node, &worker->requests) {
        const struct request *other = list_item(node, struct request, in_flight);

        if (other->is_probe && other->opening == request->opening)
            world_fail(world, "breaker_gentle", "%c asks for %.*s during an outage while it waits for word of %.*s",
                       worker->name, BYTES_ARG(request->document), BYTES_ARG(other->document));
    }
}

/* --- fairness --- */

/* So many requests for other partitions may pass one that could begin something: each has a turn before any has its
 * second, but for proofs of ownership that are under way. */
#define PASSED_MAX 64
#define SETTLE_MS  11000 /* after an assignment it waits for all that was there */

static bool is_in_flight(const struct worker *worker, struct bytes document)
{
    list_each(node, &worker->requests) {
        if (bytes_equal(list_item(node, const struct request, in_flight)->document, document))
            return true;
    }
    return false;
}

static bool is_unfinished(const struct worker *worker, const struct asked *asked)
{
    const struct holding *holding = &asked->holdings[worker->number];

    return holding->received_epoch == worker->partitions[asked->partition].epoch &&
           holding->finished_epoch != holding->received_epoch && !holding->is_taken_over;
}

/* Nothing but a turn is missing: no event of its document is before it in the partition, or was begun in another one. */
static bool is_first(const struct world *world, const struct worker *worker, const struct asked *asked)
{
    for (int32_t i = 0; i < (int32_t)world->options.partitions; i++) {
        const struct list *head = &world->kafka.partitions[i].asked, *node;

        for (node = kafka_from(world, i, worker->partitions[i].first); node != head; node = node->next) {
            const struct asked *other = list_item(node, struct asked, in_partition);
            bool comes_first = i == asked->partition ? other->offset < asked->offset
                                                     : other->holdings[worker->number].has_begun;

            if (comes_first && bytes_equal(other->key, asked->key) && is_unfinished(worker, other))
                return false;
        }
    }
    return true;
}

static const struct asked *waits(const struct world *world, const struct worker *worker, int32_t partition)
{
    const struct worker_partition *held = &worker->partitions[partition];
    const struct list *head = &world->kafka.partitions[partition].asked;

    for (const struct list *node = kafka_from(world, partition, held->first); node != head; node = node->next) {
        const struct asked *asked = list_item(node, struct asked, in_partition);
        const struct holding *holding = &asked->holdings[worker->number];

        if (asked->is_good && !bytes_present(asked->event.source) && is_unfinished(worker, asked) &&
            !holding->has_begun && holding->received_ms + SETTLE_MS < held->passed_since_ms &&
            is_first(world, worker, asked) && !is_in_flight(worker, asked->key))
            return asked;
    }
    return NULL;
}

static void begin_count(struct worker_partition *held, int64_t now_ms)
{
    held->passed = 0;
    held->passed_since_ms = now_ms;
}

static void pass(struct world *world, struct worker *worker, int32_t partition)
{
    struct worker_partition *held = &worker->partitions[partition];
    const struct asked *asked;
    bool is_proven = world->now_ms - held->proven_ms < world->options.session_ms / 2;

    if (held->passed == 0 || !is_proven || worker->is_revoking)
        begin_count(held, world->now_ms);
    if (++held->passed <= PASSED_MAX)
        return;
    asked = waits(world, worker, partition);
    if (asked != NULL)
        world_fail(world, "fairness", "%c made %u requests for other partitions while p%d/%lld waits for its first",
                   worker->name, held->passed, partition, (long long)asked->offset);
    begin_count(held, world->now_ms);
}

void check_fairness(struct world *world, const struct request *request)
{
    struct worker *worker = request->worker;

    for (int32_t i = 0; i < (int32_t)world->options.partitions; i++) {
        if (i == request->partition)
            begin_count(&worker->partitions[i], world->now_ms);
        else if (worker->partitions[i].is_held)
            pass(world, worker, i);
    }
}
