#ifndef IFMATCH_RECORD_RECORD_H
#define IFMATCH_RECORD_RECORD_H

#include "common/buffer.h"
#include "engine/action.h"
#include "engine/words.h"

/* What is published about a finished event: one audit record always, and a dead letter when somebody has to act. */

/* The same for every record of a worker. */
struct record_context {
    const char *topic;        /* of the updates */
    const char *worker;       /* the worker's name */
    const char *config;       /* fingerprint of the configuration */
    const char *read_method;  /* "GET" */
    const char *write_method; /* "PUT", "PATCH" */
};

/* A value of a decision that is larger than this is told by its size and SHA-256. */
#define RECORD_VALUE_MAX 4096
#define RECORD_HEADER_MAX 1024 /* bytes of a header's value */

/* Appends the audit record (schema ifmatch.audit/1), one line of JSON, at most `bytes_max` bytes: what does not fit
 * loses first the larger values, then the decisions, then the attempts; the record says what was left out. */
void record_audit(const struct record_context *context, const struct finished *finished, size_t bytes_max,
                  struct buffer *out);

/* The headers of the dead letter: the original ones, without those that begin with "ifmatch-", then ours (outcome,
 * reason, detail, topic, partition, offset, attempts, time, and the fields of a conflict with their values), each
 * value text of at most RECORD_HEADER_MAX bytes. `is_value_omitted` adds `ifmatch-value: omitted`.
 * The headers live as long as `arena` and `finished`. */
const struct header *record_dead_letter_headers(const struct record_context *context,
                                                const struct finished *finished, bool is_value_omitted,
                                                struct arena *arena, size_t *ret_count);

/* The bytes that these headers, a key and a value take in a Kafka record, generously rounded up. */
size_t record_bytes(struct bytes key, struct bytes value, const struct header *headers, size_t count);

#endif
