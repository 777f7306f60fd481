#ifndef IFMATCH_CONFIG_RULE_VALUES_H
#define IFMATCH_CONFIG_RULE_VALUES_H

#include "config/yaml.h"
#include "merge/rule.h"

/* `rule` is one that takes values (rule_takes_values). */

/* How they are written, for messages: "rank: [FIRST, ..., LAST]". */
const char *rule_values_form(enum rule rule);
/* The values that a rule is written with, as the text that rule_entry.values has. The caller frees it. NULL: refused,
 * at the place in the file. */
char *rule_values_read(enum rule rule, const struct yaml_node *node, struct error *error);

#endif
