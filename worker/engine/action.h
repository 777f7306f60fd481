#ifndef IFMATCH_ENGINE_ACTION_H
#define IFMATCH_ENGINE_ACTION_H

#include "engine/input.h"
#include "merge/merge.h"

/* What goes out of the engine, as data. The bytes of an action stay valid until its completion is fed in, and every
 * action but ACTION_RELEASE and ACTION_STOPPED gets exactly one completion. */

enum action_kind {
    ACTION_READ,    /* GET the document; completion: engine_answer */
    ACTION_WRITE,   /* conditional write; completion: engine_answer */
    ACTION_PUBLISH, /* publish the records of a finished event; completion: engine_delivered */
    ACTION_COMMIT,  /* commit offsets; completion: engine_committed */
    ACTION_RELEASE, /* the partitions of a revocation are drained or dropped: answer the rebalance */
    ACTION_STOPPED, /* after engine_stop: everything is finished or abandoned */
    ACTION_KIND_COUNT
};

struct read_action {
    struct bytes document;      /* document id */
    struct bytes known_version; /* absent, or: answer NOT_MODIFIED if it is still current (If-None-Match) */
    struct bytes known_last_modified;
};

enum write_kind {
    WRITE_CHANGE, /* under the version of what was read */
    WRITE_CREATE, /* only if there is no document (If-None-Match: *) */
    WRITE_DELETE, /* under the version of what was read */
};

struct write_action {
    enum write_kind kind;
    struct bytes document; /* document id */
    struct bytes version;  /* the precondition; of a create absent, else only with `unprotected: allow` */
    struct bytes before;   /* the document as it was read, the edits not done */
    struct bytes body;     /* and with the edits done; absent: it is deleted */
    const struct json_edit *edits;
    size_t edit_count;
    const struct bytes *fields; /* with fields_are_tested: all that the events name, each once; changed or not */
    size_t field_count;
    int64_t begin_by_ms; /* the proof of ownership ends: from then on nothing of it may be sent; 0: it has no end */
};

/* One request as the record tells it. */
struct attempt {
    int64_t at_wall_ms;
    bool is_write;
    enum write_kind kind; /* of a write */
    bool is_settled;      /* false: in flight when the event ended */
    enum meaning meaning;
    enum sent sent;
    int status;
    struct bytes version; /* sent as precondition */
    struct bytes found;   /* version in the answer */
    int64_t wait_ms;      /* before the next request; 0: none */
    int64_t took_ms;
    struct bytes detail;
};

/* A finished event: everything its records tell. Owned by the engine, valid until engine_delivered. */
struct finished {
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    struct bytes key;
    struct bytes value;
    const struct header *headers;
    size_t header_count;
    bool has_event;     /* false: the bytes were no event; `event` is empty but for document where known */
    struct event event;
    enum outcome outcome;
    enum reason reason;
    struct bytes detail; /* for people: place and cause; may be absent */
    const struct attempt *attempts;
    size_t attempt_count;
    size_t attempts_dropped; /* left out between the first and the last, when there were too many */
    size_t folded;        /* so many events were merged one after the other for one write; 1: this one alone */
    size_t fold_position; /* of this one among them, from 1 */
    size_t stale_answers;
    const struct decision *decisions;
    size_t decision_count;
    struct bytes version_before; /* the last version read */
    struct bytes version_after;  /* of the write; absent: unknown, or nothing was written */
    bool is_written;
    bool is_unprotected; /* written without a precondition, as configured */
    int64_t received_wall_ms;
    int64_t finished_wall_ms;
};

struct publish_action {
    const struct finished *finished;
};

struct commit_entry {
    int32_t partition;
    int64_t offset_next;
    struct bytes metadata; /* what is finished above it (window_codec.h); absent: nothing */
};

struct commit_action {
    const struct commit_entry *entries;
    size_t count;
};

struct release_action {
    const int32_t *partitions;
    size_t count;
};

struct action {
    enum action_kind kind;
    uint64_t id; /* names the completion; rises */
    int32_t partition;
    int32_t epoch;
    size_t events; /* READ, WRITE: so many events of the document, in order, it works for */
    union {
        struct read_action read;
        struct write_action write;
        struct publish_action publish;
        struct commit_action commit;
        struct release_action release;
    };
};

#endif
