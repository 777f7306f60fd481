#ifndef IFMATCH_ENGINE_CONCURRENCY_H
#define IFMATCH_ENGINE_CONCURRENCY_H

#include <stdbool.h>
#include <stdint.h>

/* How many requests the service takes at one time, found by its latency and its overload answers: TCP Vegas (Brakmo,
 * O'Malley, Peterson, SIGCOMM 1994) as Netflix's concurrency-limits apply it to requests, with what TCP learned since.
 *
 * Of n requests in flight at a latency of r, on a service that answers in b when nothing waits, n * (1 - b / r) are
 * waiting in its queue. Fewer than alpha: the limit grows; more than beta: it shrinks by half of what is too much. Here
 * alpha is log2 of the limit and beta twice that. With a service of C servers it settles between C and
 * about C + beta.
 * Why this one: a worker behind a backlog always has more to send. AIMD would find the level only by running the
 * service into overload answers or timeouts, again and again; Gradient2 compares the latency with its own long average,
 * which under lasting load takes the queue into itself, and the limit drifts up.
 * Vegas' weak spot is b, the least latency ever seen. Here
 * - latencies are means of a window of two rounds of requests, and b gives way downwards by a quarter only, so that a
 *   lucky answer, or a mix of reads and writes, makes no queue;
 * - b is learned again, as BBR does (Cardwell et al., 2016): when no window was as low for CONCURRENCY_PROBE_MS (or 64
 *   times b), or one was lower by a quarter, a window runs at half the limit, then at half of that as long as its
 *   latency still falls, and the last one's latency is the new b. So a service that became slower is not starved for
 *   ever, and a queue that was there when b was learned is found.
 * An overload answer takes the limit to 7/10 (RFC 9438), once for all that was under way then (RFC 9002, 7.3.2); above
 * that level it grows by one per window only. A limit that is not reached does not grow (RFC 9002, 7.8).
 * Known limits: latencies below 1 ms count as 1 ms, for engine time is in ms; the queue that others keep at the service
 * cannot be told from a slow service.
 *
 * Integers only; engine time in ms, latencies in us. Embedded by its user. */
#define CONCURRENCY_PROBE_MS 30000
#define CONCURRENCY_MAX      100000

/* The window that is being counted: requests that were sent after it began. */
struct concurrency_window {
    int64_t began_us;
    uint32_t count;
    uint32_t in_flight_max;
    uint64_t in_flight_sum;
    uint64_t latency_sum_us;
};

struct concurrency {
    uint32_t max;
    uint32_t limit;
    uint32_t fast_below;  /* fast growth ends here: where the last overload was answered */
    int64_t base_us;      /* b; 0: not known yet */
    int64_t base_at_ms;   /* a window was as low */
    uint32_t probe_limit; /* of the probe under way; 0: none */
    int64_t probed_us;    /* the latency before it */
    int64_t dropped_us;   /* the last decrease */
    struct concurrency_window window;
};

/* 1 <= initial <= max <= CONCURRENCY_MAX. The limit is never below 1 and never above max. */
void concurrency_init(struct concurrency *concurrency, uint32_t initial, uint32_t max, int64_t now_ms);
uint32_t concurrency_limit(const struct concurrency *concurrency);
/* An answer that is neither overload nor an outage. `in_flight` is how many requests were in flight when this one was
 * sent, itself included. */
void concurrency_sample(struct concurrency *concurrency, int64_t latency_us, uint32_t in_flight, int64_t now_ms);
/* An overload answer (429, 503 with Retry-After, by profile). */
void concurrency_dropped(struct concurrency *concurrency, int64_t latency_us, int64_t now_ms);

#endif
