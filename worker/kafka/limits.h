#ifndef IFMATCH_KAFKA_LIMITS_H
#define IFMATCH_KAFKA_LIMITS_H

#include "config/config.h"

#include <librdkafka/rdkafka.h>

/* How large a record a topic takes: learnt from its max.message.bytes, and from what it refuses. */
#define LIMITED_TOPICS_MAX 8

struct limit {
    char *topic;
    size_t bytes_max;
    bool is_known; /* the topic's own configuration said so */
};

struct limits {
    struct limit items[LIMITED_TOPICS_MAX];
    size_t count;
    size_t bytes_default; /* librdkafka's message.max.bytes */
};

void limits_release(struct limits *limits);
struct limit *limits_of(struct limits *limits, const char *topic);
/* Asks for those of the audit and dead-letter topics; the answer comes to `queue` as an event. */
void limits_ask(const struct config *config, rd_kafka_t *client, rd_kafka_queue_t *queue);
/* False: no broker answered, ask again. */
bool limits_take(struct limits *limits, rd_kafka_event_t *event);
size_t limits_smallest_known(const struct limits *limits); /* SIZE_MAX: none is known */

#endif
