#ifndef IFMATCH_ENGINE_RATE_H
#define IFMATCH_ENGINE_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* A limit of requests per second: the token bucket (Turner, "New Directions in Communications", 1986; the single rate
 * of RFC 2697). It holds at most what one second brings, and at least one request, so that a limit below one per second
 * lets requests through too; it begins with one, so that a worker that starts again and again gains nothing.
 * A limit for the whole group is divided by partitions: each worker takes the share of those that it has, and nobody
 * coordinates. Rates in requests per 1000 s, which is millionths of a request per ms: whole numbers, nothing is rounded
 * as time goes on. Embedded by its user; engine time in ms, never going back (ensured). */
#define RATE_MILLI_MAX ((int64_t)1000000000) /* a million requests per second */

struct rate {
    int64_t limit_milli; /* of all; 0: no limit */
    int64_t own_milli;   /* of this worker */
    int64_t tokens_micro;
    int64_t filled_at_ms;
};

/* `limit_milli` 0: no limit. The share is the whole. */
void rate_init(struct rate *rate, int64_t limit_milli, int64_t now_ms);
/* This worker has `numerator` of `denominator` partitions. None: it may send nothing. Its rate is rounded down to a
 * thousandth, but not to nothing. */
void rate_set_share(struct rate *rate, uint32_t numerator, uint32_t denominator, int64_t now_ms);
/* May a request go now? If so, it is taken. */
bool rate_take(struct rate *rate, int64_t now_ms);
/* When rate_take will be true: now_ms if it is, INT64_MAX if never. */
int64_t rate_deadline(struct rate *rate, int64_t now_ms);

#endif
