#ifndef IFMATCH_SIMULATION_OPTIONS_H
#define IFMATCH_SIMULATION_OPTIONS_H

#include "engine/options.h"
#include "tape.h"

/* Which world this run has: drawn from the first frames of the tape, printed with a failure. Most faults are off in
 * most runs, so that each meets the others in all mixtures. */
#define OPTION_FRAMES 16

#define PARTITIONS_MAX 5
#define DOCUMENTS_MAX  5
#define WORKERS_MAX    4
#define RULE_SETS      12
#define MAKING_SETS    8 /* from this one on there are rules that look into values */

/* What goes wrong with a request, with a publication, with a commit. Kept tapes name them by their place: a new one
 * goes to the end of its group. */
#define FAULTS(X)                                                                                            \
    X(NO_CONNECTION, "no_connection") /* refused at once */                                                  \
    X(REQUEST_LOST, "request_lost")   /* nothing arrives, the client waits for its timeout */                \
    X(ANSWER_LOST, "answer_lost")     /* done, and nobody hears of it */                                     \
    X(LATE, "late")                   /* arrives after the client has given up */                            \
    X(OVERLOAD, "overload")           /* 503, nothing done */                                                \
    X(RETRY_AFTER, "retry_after")     /* 429 with Retry-After */                                             \
    X(LOCKED, "locked")                                                                                      \
    X(ERROR_BEFORE, "error_before")   /* 500, nothing done */                                                \
    X(ERROR_AFTER, "error_after")     /* 500 and done all the same */                                        \
    X(TWICE, "twice")                 /* the transport sent it twice */                                      \
    X(FALSE_STALE, "false_stale")     /* refused though the version is current */                            \
    X(UNDESCRIBED, "undescribed")                                                                            \
    X(UNREADABLE, "unreadable")       /* 200 with HTML */                                                    \
    X(UNAUTHORIZED, "unauthorized")   /* 401: intake stops until the service takes us again */               \
    X(SLOW, "slow")                                                                                          \
    X(REFUSED, "refused")             /* 400: for good */                                                    \
    X(CUT_BODY, "cut_body")           /* of a write's answer: half a document */                             \
    X(NO_VERSION, "no_version")       /* the answer does not carry the version this time */                  \
    X(PUBLISH_FAILED, "publish_failed")                                                                      \
    X(PUBLISH_UNHEARD, "publish_unheard") /* there, and reported as failed */                                \
    X(PUBLISH_HALF, "publish_half")       /* the audit record is there, the dead letter is not */            \
    X(PUBLISH_SLOW, "publish_slow")                                                                          \
    X(COMMIT_FAILED, "commit_failed")                                                                        \
    X(COMMIT_UNHEARD, "commit_unheard") /* done, and reported as failed */                                   \
    X(COMMIT_SLOW, "commit_slow")

enum fault {
    FAULT_NONE,
#define X(identifier, name) FAULT_##identifier,
    FAULTS(X)
#undef X
    FAULT_COUNT
};

/* What happens by itself. */
#define HAPPENINGS(X)                                                                                        \
    X(PRODUCE, "produce")                                                                                    \
    X(BURST, "burst")                                                                                        \
    X(FOREIGN_WRITE, "foreign_write")                                                                        \
    X(BAD_EVENT, "bad_event")                                                                                \
    X(DELETE, "delete") /* or made anew */                                                                   \
    X(OUTAGE, "outage")                                                                                      \
    X(REBALANCE, "rebalance")                                                                                \
    X(STOP_WORKER, "stop_worker")                                                                            \
    X(CRASH, "crash")                                                                                        \
    X(SHUTDOWN, "shutdown") /* SIGTERM: drains, commits, leaves */                                           \
    X(PAUSE, "pause")       /* an operator pauses a worker for a while */ \
    X(CUT_OFF, "cut_off") /* from the brokers only: it runs on, and another may get what it has */           \
    X(LOSE, "lose")       /* its partitions, at once, without being asked */                                 \
    X(REDELIVER, "redeliver")                                                                                \
    X(CRASH_AT, "crash_at") /* after the k-th action of a turn */                                            \
    X(CLOCK_JUMP, "clock_jump")                                                                              \
    X(TOKEN_EXPIRY, "token_expiry")                                                                          \
    X(TOUCH, "touch") /* the version moves, the document stays */                                            \
    X(HOT_DOCUMENT, "hot_document") /* hundreds of events at once */                                         \
    X(LOCK, "lock")                 /* a user locks a document for a while */ \
    X(WHOLE, "whole") /* an event makes or deletes a document */

enum happening {
    HAPPENING_NONE,
#define X(identifier, name) HAPPENING_##identifier,
    HAPPENINGS(X)
#undef X
    HAPPENING_COUNT
};

enum profile {
    PROFILE_STRONG,
    PROFILE_WEAK,         /* W/"...", which the profile calls exact */
    PROFILE_SILENT_WRITE, /* no version in the answer to a write */
    PROFILE_INEXACT,      /* a version that must not be used for a cached attempt */
    PROFILE_COUNT,
    PROFILE_NONE = PROFILE_COUNT, /* no version at all: for stories */
};

struct options {
    uint32_t steps;
    uint32_t partitions;
    uint32_t documents;
    uint32_t workers;
    enum profile profile;
    enum after_write after_write;
    enum event_format format; /* of the events; a tape has native ones only */
    bool writes_patch;
    bool normalizes;     /* the service adds a member of its own to each write */
    bool errors_carry_a_version;
    bool stale_is_409;
    bool refuses_weak; /* a weak version never matches, without W/ it does */
    bool strips_weak;  /* the worker may try that */
    int64_t skip_offset; /* of p0, taken out by the operator; -1: none */
    uint32_t rules;      /* which of the RULE_SETS sets of rules */
    bool memory_is_base;
    bool partial;
    uint32_t conflict_attempts;
    uint32_t max_in_flight;
    uint32_t partition_events_max;
    uint32_t fold_events_max;
    bool is_limit_fixed;         /* of requests in flight; else it finds its level */
    int64_t rate_limit_milli;
    bool has_small_retry_budget;
    bool versions_are_reused; /* the worker keeps no copies */
    size_t memory_max;
    bool is_skewed;              /* nearly all events go to one partition */
    bool creates_what_is_absent; /* an update makes the document that it does not find */
    bool is_unprotected_allowed; /* a write without a version may go out unprotected */
    size_t cache_bytes_max;
    int64_t commit_interval_ms;
    int64_t session_ms;
    bool gives_up_soon; /* also of a lock */
    int64_t give_up_ms; /* of a document that alone fails */
    uint64_t engine_seed;
    uint32_t fault_rate[FAULT_COUNT];         /* of 1000 */
    uint32_t happening_rate[HAPPENING_COUNT]; /* of 1000 steps */
};

/* The plain world: one of everything, no faults. */
void options_init(struct options *options);
void options_draw(struct tape *tape, struct options *ret_options);
struct buffer;
void options_describe(const struct options *options, struct buffer *out);
const char *fault_name(enum fault fault);
const char *happening_name(enum happening happening);

#endif
