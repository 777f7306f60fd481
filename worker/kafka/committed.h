#ifndef IFMATCH_KAFKA_COMMITTED_H
#define IFMATCH_KAFKA_COMMITTED_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

/* One question: what has the group committed for these partitions, and with which metadata?
 *
 * It is the one thread that we make. librdkafka's call for it blocks; its asynchronous one
 * (rd_kafka_ListConsumerGroupOffsets, as every request of its admin interface to a coordinator) must not be used: if it
 * times out while no broker is there, librdkafka aborts when one is back (its issue #4605), and a coordinator that has
 * moved is not looked for again. The thread owns the list until it has answered, writes to `descriptor` and ends:
 * engine and loop see nothing of it. */
struct committed;

/* Owns the partitions; the client must outlive the answer. NULL: no thread could be made. */
struct committed *committed_ask(rd_kafka_t *client, rd_kafka_topic_partition_list_t *partitions, int descriptor);
/* True within 5 s; `descriptor` becomes readable with it. What follows needs it. */
bool committed_is_answered(struct committed *committed);
rd_kafka_resp_err_t committed_error(const struct committed *committed);
/* Of each partition the offset (negative: none is committed), the metadata, and an error of its own. */
const rd_kafka_topic_partition_list_t *committed_offsets(const struct committed *committed);
/* Waits for the answer. NULL is fine. */
void committed_free(struct committed *committed);

#endif
