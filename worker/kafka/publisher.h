#ifndef IFMATCH_KAFKA_PUBLISHER_H
#define IFMATCH_KAFKA_PUBLISHER_H

#include "config/config.h"
#include "engine/input.h"

/* Audit and dead-letter records, idempotent; only a delivery report without error counts. One publication is the set
 * of records of one finished event: it is acknowledged when all of them are. */
struct publisher;

struct publisher *publisher_new(const struct config *config, struct error *error);
/* Waits up to `timeout_ms` for what is under way. NULL is fine. */
void publisher_free(struct publisher *publisher, int64_t timeout_ms);

struct publication_record {
    const char *topic;
    struct bytes key;   /* absent: null */
    struct bytes value; /* absent: null */
    const struct header *headers;
    size_t header_count;
};

enum publish_result {
    PUBLISH_TAKEN,      /* exactly one delivery follows */
    PUBLISH_FULL,       /* backpressure: offer it again after the next delivery */
    PUBLISH_TOO_LARGE,  /* record `ret_index` is over the topic's limit: render it smaller */
};

/* Copies everything. All records of a publication are taken, or none. */
enum publish_result publisher_publish(struct publisher *publisher, uint64_t action_id,
                                      const struct publication_record *records, size_t count,
                                      size_t *ret_index, struct error *error);

/* A publication that ended. is_acknowledged false: `detail` says why; is_too_large: the broker refused its size. */
struct publication_end {
    uint64_t action_id;
    bool is_acknowledged;
    bool is_too_large;
    const char *detail;
};
bool publisher_next(struct publisher *publisher, struct publication_end *ret_end);
int publisher_descriptor(const struct publisher *publisher); /* as consumer_descriptor */
size_t publisher_pending(const struct publisher *publisher);
/* The largest record value (bytes) that fits the topic, as far as known; read from the topic's max.message.bytes at
 * start, else librdkafka's message.max.bytes. */
size_t publisher_bytes_max(const struct publisher *publisher, const char *topic);

#endif
