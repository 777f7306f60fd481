#ifndef IFMATCH_KAFKA_PROPERTIES_H
#define IFMATCH_KAFKA_PROPERTIES_H

#include "config/config.h"

#include <librdkafka/rdkafka.h>

/* The configuration of a librdkafka client: our defaults, what the configuration says, and last what our promises
 * rest on. ERROR_USAGE names the place of a property that librdkafka does not know or take. The caller owns the
 * result until it is handed to rd_kafka_new. */
rd_kafka_conf_t *properties_consumer(const struct config *config, struct error *error);
rd_kafka_conf_t *properties_producer(const struct config *config, struct error *error);

/* A client of `conf`, which it takes in both cases. */
rd_kafka_t *properties_client(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct error *error);

/* The value of a numeric property in force. */
int64_t properties_number(const rd_kafka_t *client, const char *name);

/* Writes `client`'s bootstrap.servers; returns `text`. */
const char *properties_servers(const rd_kafka_t *client, char *text, size_t size);

#endif
