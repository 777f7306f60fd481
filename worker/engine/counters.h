#ifndef IFMATCH_ENGINE_COUNTERS_H
#define IFMATCH_ENGINE_COUNTERS_H

#include "engine/words.h"

/* What the engine counts: one table; admin/ renders it, docs are generated from it. Identifier, metric name, kind
 * (counter or gauge), help. Metrics with labels (outcome, meaning, partition) follow as arrays. */
#define COUNTERS(X)                                                                                          \
    X(EVENTS_RECEIVED, "ifmatch_events_received_total", "counter", "events received from the updates topic") \
    X(READS, "ifmatch_reads_total", "counter", "reads sent to the service")                                  \
    X(WRITES, "ifmatch_writes_total", "counter", "conditional writes sent to the service")                   \
    X(STALE_ANSWERS, "ifmatch_stale_answers_total", "counter", "writes answered stale (409 or 412)")         \
    X(AMBIGUOUS_WRITES, "ifmatch_ambiguous_writes_total", "counter", "writes whose outcome was unknown")     \
    X(CACHED_ATTEMPTS, "ifmatch_cached_attempts_total", "counter", "first attempts without a read")          \
    X(FOLDED_EVENTS, "ifmatch_folded_events_total", "counter", "events that ended together with others of their document") \
    X(BREAKER_OPENINGS, "ifmatch_breaker_openings_total", "counter", "outages of the service")                \
    X(RETRIES_DELAYED, "ifmatch_retries_delayed_total", "counter", "stale retries that waited for their share") \
    X(COMMITS, "ifmatch_commits_total", "counter", "commits acknowledged")                                   \
    X(COMMIT_FAILURES, "ifmatch_commit_failures_total", "counter", "commits failed or refused")              \
    X(PUBLISH_FAILURES, "ifmatch_publish_failures_total", "counter", "records that were not acknowledged")   \
    X(REQUESTS_IN_FLIGHT, "ifmatch_requests_in_flight", "gauge", "requests to the service without answer")   \
    X(REQUESTS_LIMIT, "ifmatch_requests_limit", "gauge", "requests in flight that are allowed now")          \
    X(EVENTS_HELD, "ifmatch_events_held", "gauge", "events received and not finished")                       \
    X(EVENTS_HELD_BYTES, "ifmatch_events_held_bytes", "gauge", "bytes of the events held")                   \
    X(DEAD_LETTERS_HELD, "ifmatch_dead_letters_held", "gauge", "dead letters that the flood guard holds back") \
    X(REPEATS_BYTES, "ifmatch_repeats_bytes", "gauge", "bytes of remembered ids and sequences")              \
    X(MEMORY_BYTES, "ifmatch_memory_bytes", "gauge", "memory that counts for memory.limit")                  \
    X(LANES, "ifmatch_lanes", "gauge", "documents with unfinished events")                                   \
    X(LANES_WAITING, "ifmatch_lanes_waiting", "gauge", "documents that wait before a retry")                 \
    X(CACHE_BYTES, "ifmatch_cache_bytes", "gauge", "bytes of cached documents")                              \
    X(CACHE_DOCUMENTS, "ifmatch_cache_documents", "gauge", "cached documents")

enum counter {
#define X(identifier, name, kind, help) COUNTER_##identifier,
    COUNTERS(X)
#undef X
    COUNTER_COUNT
};

struct counters {
    uint64_t value[COUNTER_COUNT];
    uint64_t finished[OUTCOME_COUNT]; /* ifmatch_events_finished_total{outcome}: records acknowledged */
    uint64_t answers[2][MEANING_COUNT]; /* ifmatch_answers_total{request="read|write",meaning} */
};

const char *counter_name(enum counter counter);
const char *counter_kind(enum counter counter);
const char *counter_help(enum counter counter);

/* Whether events are taken from Kafka, and if not, why. One at a time: what an operator asked for comes first. Identifier,
 * name, a sentence for people. */
#define INTAKES(X)                                                                                           \
    X(RUNNING, "running", "events are taken from Kafka")                                                     \
    X(PAUSED, "paused", "paused by an operator, until `ifmatch ctl resume` or a restart")                    \
    X(FLOOD, "flood", "too many dead letters; after a look at them `ifmatch ctl resume` lets them go on")    \
    X(UNAUTHORIZED, "unauthorized", "no credentials that the service takes: refused (401), or none are to be had")                             \
    X(OUTAGE, "outage", "the service fails for every document; one request at a time asks whether it is back") \
    X(MEMORY, "memory", "memory is near its limit; it goes on when events have ended")

enum intake {
#define X(identifier, name, sentence) INTAKE_##identifier,
    INTAKES(X)
#undef X
    INTAKE_COUNT
};

const char *intake_name(enum intake intake);
const char *intake_sentence(enum intake intake);

/* The state of one assigned partition, for metrics and /readyz. */
struct partition_state {
    int32_t partition;
    int64_t watermark;           /* the offset to commit */
    int64_t committed;           /* acknowledged; -1: none yet */
    uint32_t unfinished;         /* received and not finished */
    int64_t oldest_received_ms;  /* engine time; -1: none */
    int64_t oldest_timestamp_ms; /* wall time of the oldest unfinished record; -1: none */
    struct bytes held_up_by;     /* the document that waits longest, because of which no more events of the partition are
                                  * taken; absent: they are. Valid until the engine's next input */
};

#endif
