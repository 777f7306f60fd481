#ifndef IFMATCH_CONFIG_VALUE_H
#define IFMATCH_CONFIG_VALUE_H

#include "config/schema.h"

/* Puts the value of a node into the settings, over what stood there. */
bool value_set(struct settings *settings, const struct option_schema *option, const struct yaml_node *node,
               struct error *error);
/* Frees what the settings hold: texts, lists. */
void value_release(struct settings *settings);

/* "1500ms", "10s", "15m", "24h", "7d", "0". */
bool value_parse_duration(struct bytes text, int64_t *ret_ms);
/* "512", "64KiB", "8MiB", "1GiB". */
bool value_parse_size(struct bytes text, int64_t *ret_size);
/* "sasl.password needs a text": what the type of an option wants, for messages and the documentation. */
const char *value_type_text(enum option_type type);

#endif
