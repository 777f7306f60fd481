#ifndef IFMATCH_CONFIG_PROPERTIES_H
#define IFMATCH_CONFIG_PROPERTIES_H

#include "config/config.h"
#include "config/yaml.h"

/* librdkafka's properties: all as they are, but for those on which a promise of ours rests. Whether a name
 * exists is librdkafka's to say. */

/* Sets it, in place of one of the same name. Copies. */
void properties_set(struct properties *properties, const char *name, const char *value, const char *place,
                    const char *lines);
void properties_drop(struct properties *properties, const char *name);
void properties_release(struct properties *properties);

/* What stands below `kafka:`. */
bool properties_read(struct config_kafka *kafka, const struct yaml_node *node, struct error *error);
/* One key below it from elsewhere: "group.id", "consumer.fetch.min.bytes". `place` is for messages. */
bool properties_override(struct config_kafka *kafka, const char *key, const char *value, const char *place,
                         struct error *error);

/* Adds the rows "| `name` | why |" of what is refused. */
struct buffer;
void properties_document(struct buffer *out);

#endif
