#ifndef IFMATCH_CONFIG_YAML_H
#define IFMATCH_CONFIG_YAML_H

#include "common/bytes.h"
#include "common/error.h"

/* The only user of the YAML library: a document as nodes that know where they stand. Profiles are read with it too. */
struct yaml;
struct yaml_node; /* belongs to its yaml */

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml *yaml_parse(const char *name, const char *text, size_t size, struct error *error);
void yaml_free(struct yaml *yaml);
const struct yaml_node *yaml_root(const struct yaml *yaml); /* NULL: an empty document */
enum yaml_kind yaml_kind(const struct yaml_node *node);
/* The text of a scalar; valid as long as the yaml. `is_plain`: written without quotes. */
const char *yaml_text(const struct yaml_node *node);
size_t yaml_count(const struct yaml_node *node);
const struct yaml_node *yaml_item(const struct yaml_node *node, size_t index);  /* of a sequence, value of a mapping */
const struct yaml_node *yaml_key(const struct yaml_node *mapping, size_t index);
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key); /* NULL: absent */
int yaml_line(const struct yaml_node *node); /* from 1 */
const char *yaml_name(const struct yaml_node *node);
/* "NAME:LINE:COLUMN: message", the line itself and a caret below it, as ERROR_USAGE; returns false. */
bool yaml_fail(const struct yaml_node *node, struct error *error, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

#endif
