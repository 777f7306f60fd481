#ifndef IFMATCH_KAFKA_TOPICS_H
#define IFMATCH_KAFKA_TOPICS_H

#include "config/config.h"
#include "engine/input.h"

/* What `check`, `topics create`, `send` and `tail` need of the brokers, one call each, blocking up to `timeout_ms`. */
struct topic_state {
    const char *name; /* points into the configuration */
    int partitions;   /* 0: the topic does not exist */
};

/* ERROR_UNAVAILABLE: no broker answered. */
bool topics_look(const struct config *config, int64_t timeout_ms, struct topic_state ret_states[3],
                 struct error *error);
/* Creates those of the three that are missing; `ret_states` says what was there before. */
bool topics_create(const struct config *config, int64_t timeout_ms, struct topic_state ret_states[3],
                   struct error *error);
/* Produces one event and waits for its acknowledgement. */
bool topics_send(const struct config *config, struct bytes key, struct bytes value, int64_t timeout_ms,
                 int32_t *ret_partition, int64_t *ret_offset, struct error *error);

/* Reads the audit and dead-letter topics from `start` on, outside any group: for `tail` and the demo's checker. */
struct tail;
struct tail_record {
    bool is_dead_letter;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    struct bytes key;
    struct bytes value;
    const struct header *headers; /* struct header of engine/input.h */
    size_t header_count;
};
struct tail *tail_new(const struct config *config, bool from_beginning, struct error *error);
void tail_free(struct tail *tail);
/* Waits up to `timeout_ms`; false: nothing came. Valid until the next call. `ret_at_end`: all partitions were read to
 * their end at least once. */
bool tail_next(struct tail *tail, int64_t timeout_ms, struct tail_record *ret_record, bool *ret_at_end);

#endif
