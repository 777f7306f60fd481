#ifndef IFMATCH_ENGINE_INPUT_H
#define IFMATCH_ENGINE_INPUT_H

#include "common/bytes.h"
#include "engine/words.h"
#include "event/header.h"

/* What comes into the engine, as data. The engine copies what it keeps: the bytes need live only for the call. */

/* A partition was assigned. `epoch` names this assignment: everything that belongs to it carries it. */
struct assigned {
    int32_t partition;
    int32_t epoch;
    int64_t offset_next; /* from here it is read */
    struct bytes metadata; /* of the committed offset; foreign or absent: nothing is known of what lies above it */
};

/* One record of the updates topic. Offsets of a partition rise, with gaps. */
struct received {
    int32_t partition;
    int32_t epoch;
    int64_t offset;
    int64_t end;          /* of the partition as far as it is known: the offset behind its last record; < 0: unknown */
    int64_t timestamp_ms; /* of the record, wall time; < 0: none */
    struct bytes key;
    struct bytes value;
    const struct header *headers;
    size_t header_count;
};

/* The service's answer to a read or a write. */
struct answer {
    enum meaning meaning;
    enum sent sent;
    int status;             /* HTTP status, 0: no answer */
    struct bytes version;   /* grammar-checked, opaque, as it goes back; absent: none was given. Never from an error */
    bool version_is_exact;  /* strong, or called exact by the profile, or older than its resolution */
    bool version_is_weak;   /* spelled W/"..." */
    struct bytes last_modified; /* the service's own text, for If-Modified-Since */
    struct bytes document;  /* the document's JSON text of a read, or of a write whose answer carries it */
    int64_t retry_after_ms; /* < 0: none */
    struct bytes detail;    /* for people: what went wrong, bounded, one line */
};

/* What became of a published finished event: all its records are acknowledged, or one failed for now. */
struct delivered {
    bool is_acknowledged;
    struct bytes detail;
};

/* What became of a commit. */
enum commit_result {
    COMMIT_ACKNOWLEDGED,
    COMMIT_FAILED,  /* a retry may help */
    COMMIT_REFUSED, /* this member or generation is no longer in the group: the partitions are not ours */
};

#endif
