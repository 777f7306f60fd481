#ifndef IFMATCH_ENGINE_OPTIONS_H
#define IFMATCH_ENGINE_OPTIONS_H

#include "engine/flood.h"
#include "event/event.h"
#include "merge/rules.h"

/* What the engine has to know of configuration and profile. Filled by command/run (and by the simulation). */

/* What a success answer to a write tells of the new state. */
enum after_write {
    AFTER_WRITE_EXACT,   /* what was sent by PUT is what is stored, and the version is new */
    AFTER_WRITE_BODY,    /* the answer's body is the new state */
    AFTER_WRITE_VERSION, /* the version is new, the copy is not known */
    AFTER_WRITE_NONE,    /* nothing: forget both */
};

/* What becomes of an update whose document is not there. */
enum when_absent { WHEN_ABSENT_REJECT, WHEN_ABSENT_CREATE, WHEN_ABSENT_SKIP };

/* A record that an operator takes out: it ends rejected, skipped_by_operator. */
struct skip {
    int32_t partition;
    int64_t offset;
};

#define BACKOFF_STEPS_MAX 8

struct engine_options {
    const struct rules *rules; /* outlives the engine */
    struct event_limits event_limits;
    struct event_topic event_topic; /* its bytes outlive the engine */
    struct json_limits document_limits;

    uint32_t max_in_flight;       /* requests to the service at one time, at most */
    bool max_in_flight_is_fixed;  /* false: as many as the service takes well (concurrency.h) */
    int64_t rate_limit_milli;     /* requests in 1000 s; 0: no limit */
    bool rate_is_for_group;       /* each worker has the share of its partitions */
    uint32_t retry_percent;       /* retries after stale answers, of all first requests */
    uint32_t retry_floor;         /* and so many in a second always */
    int64_t probe_max_ms;         /* between two probes of a service that is down */
    size_t repeats_bytes_max;     /* memory of ids and sequences, for each partition */
    struct flood_limit flood_dead_letters;
    struct flood_limit flood_conflicts;
    uint32_t partition_events_max; /* events of one partition that are held */
    size_t events_bytes_max;      /* bytes of all events that are held */
    size_t cache_bytes_max;       /* documents and versions */
    size_t memory_max;            /* of all that the engine holds and others hold for it */

    uint32_t fold_events_max;       /* events of a document that are written together */
    size_t fold_bytes_max;          /* and their bytes */
    const struct bytes *fold_never; /* patterns: an event of such a field is written alone; they outlive the engine */
    size_t fold_never_count;

    uint32_t conflict_attempts; /* stale answers that end an event */
    int64_t backoff_ms[BACKOFF_STEPS_MAX];
    uint32_t backoff_count;
    int64_t outage_backoff_max_ms;
    int64_t locked_backoff_ms;
    int64_t retry_after_max_ms;
    int64_t document_give_up_ms; /* < 0: never */
    int64_t locked_give_up_ms;   /* < 0: never */

    int64_t commit_interval_ms;
    int64_t ownership_ms; /* half the session timeout: how long an acknowledged commit proves ownership */

    enum after_write after_write;
    bool writes_patch;             /* the write form sends edits, not the whole document */
    bool fields_are_tested;        /* a write is held to the fields of its events, not to the version */
    bool versions_are_reused;      /* the profile's versions_reused: no cache */
    bool unprotected_is_allowed;
    bool weak_may_be_stripped;     /* remedy: If-Match without W/ */

    enum when_absent when_missing;
    enum when_absent when_gone;

    const struct skip *skips; /* copied by the engine */
    size_t skip_count;
    uint64_t seed; /* of the jitter */
};

/* All of the above with the documented defaults; `rules` is still NULL. */
void engine_options_init(struct engine_options *options);

#endif
