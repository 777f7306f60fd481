#ifndef IFMATCH_KAFKA_GROUP_H
#define IFMATCH_KAFKA_GROUP_H

#include "config/config.h"

#include <librdkafka/rdkafka.h>

/* What the user's properties choose: who assigns the partitions, how a rebalance asks for them back, and how long a
 * member that is not heard of stays in the group. */
struct group_protocol {
    bool is_cooperative;    /* a rebalance asks back only what moves, and is answered so */
    bool is_by_broker;      /* group.protocol: consumer (KIP-848) */
    int64_t ownership_ms;   /* after a commit that was acknowledged, this long the partitions are surely ours */
    int64_t drain_ms_max;   /* a rebalance that is not answered for longer costs the membership */
    char instance[256];     /* group.instance.id; empty: none */
};

/* Of a client's configuration. */
void group_protocol_read(const rd_kafka_t *client, struct group_protocol *ret_protocol);

/* ERROR_USAGE names the place of a property of the user that the chosen protocol does not allow. */
bool group_check(const struct config *config, const rd_kafka_conf_t *conf, struct error *error);

#endif
