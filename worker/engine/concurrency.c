#include "engine/concurrency.h"

#include "common/check.h"

#define WINDOW_COUNT_MIN 16
#define LATENCY_MIN_US   1000
#define LATENCY_MAX_US   ((int64_t)3600 * 1000000)
#define MILLI            1000

static void window_begin(struct concurrency *concurrency, int64_t now_us)
{
    concurrency->window = (struct concurrency_window){.began_us = now_us};
}

void concurrency_init(struct concurrency *concurrency, uint32_t initial, uint32_t max, int64_t now_ms)
{
    ensure(initial >= 1);
    ensure(initial <= max);
    ensure(max <= CONCURRENCY_MAX);
    *concurrency = (struct concurrency){
        .max = max, .limit = initial, .fast_below = max, .base_at_ms = now_ms, .dropped_us = INT64_MIN};
    window_begin(concurrency, now_ms * 1000);
}

uint32_t concurrency_limit(const struct concurrency *concurrency)
{
    return concurrency->probe_limit > 0 ? concurrency->probe_limit : concurrency->limit;
}

static uint32_t log2_of(uint32_t value)
{
    return 31 - (uint32_t)__builtin_clz(value);
}

/* Requests that may wait in the service's queue before the limit stops growing. */
static uint32_t alpha(const struct concurrency *concurrency)
{
    uint32_t log2 = log2_of(concurrency->limit);

    return log2 > 1 ? log2 : 1;
}

static void grow(struct concurrency *concurrency, uint32_t by)
{
    concurrency->limit = by < concurrency->max - concurrency->limit ? concurrency->limit + by : concurrency->max;
}

static void shrink(struct concurrency *concurrency, uint32_t by)
{
    concurrency->limit = by < concurrency->limit ? concurrency->limit - by : 1;
}

/* How many of the window's requests waited in the service, in thousandths. */
static uint64_t queued_milli(const struct concurrency *concurrency, int64_t latency_us)
{
    const struct concurrency_window *window = &concurrency->window;
    uint64_t in_flight_milli = window->in_flight_sum * MILLI / window->count;

    if (latency_us <= concurrency->base_us)
        return 0;
    return in_flight_milli * (uint64_t)(latency_us - concurrency->base_us) / (uint64_t)latency_us;
}

static void adjust(struct concurrency *concurrency, int64_t latency_us)
{
    uint64_t waiting_milli = queued_milli(concurrency, latency_us);
    uint32_t low = alpha(concurrency), high = 2 * low;
    bool is_used = concurrency->window.in_flight_max >= concurrency->limit;

    if (waiting_milli > (uint64_t)high * MILLI) {
        uint64_t excess = (waiting_milli - (uint64_t)high * MILLI) / (2 * MILLI);

        shrink(concurrency, excess < concurrency->limit ? (uint32_t)excess + 1 : concurrency->limit);
    } else if (is_used && waiting_milli < (uint64_t)low * MILLI) {
        bool is_fast = concurrency->limit < concurrency->fast_below && waiting_milli < (uint64_t)low * MILLI / 2;

        grow(concurrency, is_fast ? high : 1);
    }
}

static void probe_at(struct concurrency *concurrency, uint32_t limit, int64_t latency_us)
{
    concurrency->probe_limit = (limit + 1) / 2;
    concurrency->probed_us = latency_us;
}

/* Goes on at half as long as the latency falls by more than an eighth: there was a queue. */
static void probe_end(struct concurrency *concurrency, int64_t latency_us, int64_t now_ms)
{
    concurrency->base_us = latency_us;
    concurrency->base_at_ms = now_ms;
    if (concurrency->probe_limit > 1 && latency_us < concurrency->probed_us - concurrency->probed_us / 8)
        probe_at(concurrency, concurrency->probe_limit, latency_us);
    else
        concurrency->probe_limit = 0;
}

/* Also when the service has become faster by a quarter: to follow it down with a limit that grows meanwhile would end
 * with a queue in the base. */
static bool is_probe_due(const struct concurrency *concurrency, int64_t latency_us, int64_t now_ms)
{
    int64_t age_ms = now_ms - concurrency->base_at_ms;

    return concurrency->base_us == 0 || latency_us < concurrency->base_us * 3 / 4 ||
           (age_ms >= CONCURRENCY_PROBE_MS && age_ms >= concurrency->base_us * 64 / 1000);
}

static void window_end(struct concurrency *concurrency, int64_t now_ms)
{
    const struct concurrency_window *window = &concurrency->window;
    int64_t latency_us = (int64_t)(window->latency_sum_us / window->count);

    if (concurrency->probe_limit > 0) {
        probe_end(concurrency, latency_us, now_ms);
    } else if (is_probe_due(concurrency, latency_us, now_ms)) {
        probe_at(concurrency, concurrency->limit, latency_us);
    } else {
        adjust(concurrency, latency_us);
        if (latency_us <= concurrency->base_us) {
            concurrency->base_us -= (concurrency->base_us - latency_us) / 4;
            concurrency->base_at_ms = now_ms;
        }
    }
    window_begin(concurrency, now_ms * 1000);
}

void concurrency_sample(struct concurrency *concurrency, int64_t latency_us, uint32_t in_flight, int64_t now_ms)
{
    struct concurrency_window *window = &concurrency->window;
    uint32_t limit = concurrency_limit(concurrency);

    ensure(latency_us >= 0);
    ensure(in_flight >= 1);
    if (now_ms * 1000 - latency_us < window->began_us)
        return; /* sent under another limit */
    if (latency_us < LATENCY_MIN_US)
        latency_us = LATENCY_MIN_US;
    window->count++;
    window->in_flight_sum += in_flight;
    window->latency_sum_us += (uint64_t)(latency_us < LATENCY_MAX_US ? latency_us : LATENCY_MAX_US);
    if (in_flight > window->in_flight_max)
        window->in_flight_max = in_flight;
    if (window->count >= WINDOW_COUNT_MIN && window->count >= 2 * limit)
        window_end(concurrency, now_ms);
}

void concurrency_dropped(struct concurrency *concurrency, int64_t latency_us, int64_t now_ms)
{
    int64_t now_us = now_ms * 1000;

    ensure(latency_us >= 0);
    if (now_us - latency_us < concurrency->dropped_us)
        return; /* sent before the last decrease: says nothing of the limit after it */
    concurrency->limit = concurrency->limit * 7 / 10 > 1 ? concurrency->limit * 7 / 10 : 1;
    concurrency->fast_below = concurrency->limit;
    concurrency->probe_limit = 0;
    concurrency->dropped_us = now_us;
    window_begin(concurrency, now_us);
}
