#ifndef IFMATCH_KAFKA_PUBLISHER_H
#define IFMATCH_KAFKA_PUBLISHER_H

#include "config/config.h"
#include "engine/input.h"

/* Audit and dead-letter records, idempotent; only a delivery report without error counts. One publication is the set
 * of records of one finished event: it is acknowledged when all of them are.
 *
 * Order: what is taken is kept until it is acknowledged. Where a record fails, or the client cannot go on and is
 * replaced by a new one, everything that is not acknowledged is produced again in the order in which it was taken,
 * after a pause and before anything that is taken later. So a broker without the topic, or one that refuses, is
 * waited for; a record that was under way may then be there twice. */
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

/* A publication that ended. is_acknowledged false: the broker refused the size of a record, render it smaller; `detail`
 * says which. */
struct publication_end {
    uint64_t action_id;
    bool is_acknowledged;
    const char *detail;
};
/* The next one; false: none. Call it at least every second, it produces again what failed when its time has come. */
bool publisher_next(struct publisher *publisher, struct publication_end *ret_end);
/* What went wrong since the last call, for the log; NULL: nothing. Valid until the next call. */
const char *publisher_trouble(struct publisher *publisher);
uint64_t publisher_failures(const struct publisher *publisher); /* records that were not acknowledged, so far */
int publisher_descriptor(const struct publisher *publisher); /* as consumer_descriptor */
size_t publisher_bytes_pending(const struct publisher *publisher);
size_t publisher_pending(const struct publisher *publisher); /* records taken and not acknowledged */
/* The largest record value (bytes) that fits the topic, as far as known; read from the topic's max.message.bytes at
 * start, else librdkafka's message.max.bytes. */
size_t publisher_bytes_max(const struct publisher *publisher, const char *topic);

#endif
