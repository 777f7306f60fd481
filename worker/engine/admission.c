#include "engine/state.h"

/* Requests to the service: as many at a time as it takes well, no faster than is allowed, none while it asked to be left
 * alone, and one at a time while it is down. */

uint32_t admission_limit(const struct engine *engine)
{
    return engine->options.max_in_flight_is_fixed ? engine->options.max_in_flight
                                                  : concurrency_limit(&engine->concurrency);
}

/* Nothing is sent before somebody says so. */
static bool is_stopped(const struct engine *engine)
{
    return engine->is_paused || flood_tripped(&engine->flood) != FLOOD_NONE;
}

bool admission_is_open(struct engine *engine)
{
    return !is_stopped(engine) && engine->now_ms >= engine->hold_until_ms &&
           engine->in_flight < admission_limit(engine) && breaker_may_request(&engine->breaker, engine->now_ms) &&
           rate_deadline(&engine->rate, engine->now_ms) <= engine->now_ms;
}

/* --- whose turn it is --- */

static struct lane *ready_lane(struct engine *engine)
{
    while (!list_is_empty(&engine->rotation)) {
        struct partition *partition = list_item(engine->rotation.next, struct partition, in_rotation);

        list_remove(&partition->in_rotation);
        if (list_is_empty(&partition->ready))
            continue;
        list_push_back(&engine->rotation, &partition->in_rotation);
        return list_item(partition->ready.next, struct lane, in_engine);
    }
    return NULL;
}

/* When the longest waiting of those that the service failed may be asked for again. */
static int64_t out_at(const struct engine *engine)
{
    const struct lane *lane = list_item(engine->out.next, struct lane, in_engine);

    return lane->out_since_ms + engine->options.backoff_ms[0];
}

struct lane *admission_next_lane(struct engine *engine)
{
    struct lane *lane = ready_lane(engine);

    if (lane != NULL || !breaker_is_open(&engine->breaker) || list_is_empty(&engine->out) ||
        out_at(engine) > engine->now_ms)
        return lane;
    probe("a document that waits is asked for as the probe");
    lane = list_item(engine->out.next, struct lane, in_engine);
    update_wake(engine, lane->update);
    return ready_lane(engine);
}

void admission_sent(struct engine *engine, struct lane *lane)
{
    if (!rate_take(&engine->rate, engine->now_ms))
        never("a request is sent when the rate allows it");
    if (breaker_is_open(&engine->breaker))
        breaker_probe_sent(&engine->breaker, bytes_hash(lane_document(lane)));
    if (!lane->update->was_stale)
        budget_deposit(&engine->retry_budget);
    lane->in_flight_then = engine->in_flight;
}

/* --- what an answer says of the service --- */

enum health { HEALTH_GOOD, HEALTH_BAD, HEALTH_UNKNOWN };

static enum health health_of(enum meaning meaning)
{
    switch (meaning) {
    case MEANING_OK:
    case MEANING_NOT_MODIFIED:
    case MEANING_STALE:
    case MEANING_LOCKED:
    case MEANING_MISSING:
    case MEANING_GONE:
    case MEANING_REFUSED:
        return HEALTH_GOOD;
    case MEANING_OVERLOAD:
    case MEANING_UNAUTHORIZED:
    case MEANING_OUTAGE:
    case MEANING_UNDESCRIBED:
        return HEALTH_BAD;
    case MEANING_UNREADABLE:
    case MEANING_NOT_EXPRESSIBLE: /* nothing was sent */
        return HEALTH_UNKNOWN;
    case MEANING_COUNT:
        break;
    }
    never("every meaning says something of the service, or nothing");
}

/* The service is back: those that wait for it need not wait to the end, but do not all come at once either. */
static void call_back(struct engine *engine)
{
    int64_t first_ms = engine->options.backoff_ms[0];

    list_each(node, &engine->out) {
        struct lane *lane = list_item(node, struct lane, in_engine);
        int64_t at_ms = lane->out_since_ms + first_ms;

        if (at_ms < engine->now_ms)
            at_ms = engine->now_ms;
        at_ms += 1 + (int64_t)random_below(&engine->random, (uint64_t)first_ms);
        if (at_ms < lane->wait.at_ms)
            heap_insert(&engine->waits, &lane->wait, at_ms);
    }
}

static void note_good(struct engine *engine)
{
    bool was_open = breaker_is_open(&engine->breaker);

    breaker_success(&engine->breaker, engine->now_ms);
    if (!was_open)
        return;
    trace_line(&engine->trace, engine->now_ms, "the service is back");
    call_back(engine);
}

static void note_bad(struct engine *engine, const struct lane *lane)
{
    bool was_open = breaker_is_open(&engine->breaker);

    breaker_failure(&engine->breaker, bytes_hash(lane_document(lane)), engine->now_ms, &engine->random);
    if (!was_open && breaker_is_open(&engine->breaker)) {
        probe("the breaker opens");
        trace_line(&engine->trace, engine->now_ms, "the service is down: one request at a time");
    }
}

static void note_latency(struct engine *engine, const struct lane *lane, enum meaning meaning)
{
    int64_t took_us = (engine->now_ms - lane->update->request_at_ms) * 1000;

    if (meaning == MEANING_OVERLOAD)
        concurrency_dropped(&engine->concurrency, took_us, engine->now_ms);
    else if (health_of(meaning) == HEALTH_GOOD)
        concurrency_sample(&engine->concurrency, took_us, lane->in_flight_then, engine->now_ms);
}

void admission_answered(struct engine *engine, struct lane *lane, const struct answer *answer)
{
    note_latency(engine, lane, answer->meaning);
    switch (health_of(answer->meaning)) {
    case HEALTH_GOOD:
        note_good(engine);
        break;
    case HEALTH_BAD:
        note_bad(engine, lane);
        break;
    case HEALTH_UNKNOWN:
        breaker_probe_ended(&engine->breaker, bytes_hash(lane_document(lane)));
        break;
    }
}

void admission_abandoned(struct engine *engine, struct lane *lane)
{
    breaker_probe_ended(&engine->breaker, bytes_hash(lane_document(lane)));
}

/* --- retries --- */

int64_t admission_retry_wait(struct engine *engine)
{
    int64_t at_ms;

    if (budget_withdraw(&engine->retry_budget, engine->now_ms))
        return 0;
    probe("a retry waits for its share of the requests");
    engine->counters.value[COUNTER_RETRIES_DELAYED]++;
    at_ms = budget_deadline(&engine->retry_budget, engine->now_ms);
    return at_ms > engine->now_ms && at_ms < TIME_MAX ? at_ms - engine->now_ms : engine->options.backoff_ms[0];
}

/* --- time --- */

static bool has_ready(const struct engine *engine)
{
    list_each(node, &engine->rotation) {
        if (!list_is_empty(&list_item(node, struct partition, in_rotation)->ready))
            return true;
    }
    return false;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t admission_deadline(const struct engine *engine)
{
    struct rate rate = engine->rate;
    bool is_open = breaker_is_open(&engine->breaker);
    int64_t deadline = later(rate_deadline(&rate, engine->now_ms), engine->hold_until_ms);

    if (is_stopped(engine) || engine->in_flight >= admission_limit(engine))
        return INT64_MAX;
    if (is_open)
        deadline = later(deadline, breaker_deadline(&engine->breaker));
    if (has_ready(engine))
        return deadline;
    return is_open && !list_is_empty(&engine->out) ? later(deadline, out_at(engine)) : INT64_MAX;
}

void admission_share(struct engine *engine)
{
    uint32_t own = HASH_COUNT(engine->partitions);

    if (engine->options.rate_is_for_group && engine->group_partitions > 0)
        rate_set_share(&engine->rate, own < engine->group_partitions ? own : engine->group_partitions,
                       engine->group_partitions, engine->now_ms);
}
