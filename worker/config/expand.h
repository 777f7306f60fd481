#ifndef IFMATCH_CONFIG_EXPAND_H
#define IFMATCH_CONFIG_EXPAND_H

#include "config/yaml.h"

/* The text of a scalar with ${VAR}, ${VAR:-default} (unset or empty), ${VAR:?message} and ${file:PATH}
 * (without the newline at its end) in place; "$${" is a plain "${". What is put in is not expanded again. A
 * scalar that stands in no file is taken as it is. The caller frees. NULL: failed, at the place of the node.
 */
char *expand_scalar(const struct yaml_node *node, struct error *error);

#endif
