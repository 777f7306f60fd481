#ifndef IFMATCH_CONFIG_YAML_H
#define IFMATCH_CONFIG_YAML_H

#include "common/bytes.h"
#include "common/error.h"

/* The only user of the YAML library: a document as nodes that know where they stand. Profiles are read with
 * it too. */
struct yaml;
struct yaml_node; /* belongs to its yaml */

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

/* One document of UTF-8 text, copied. Refused with its place (ERROR_USAGE): what is not YAML 1.2, a second
 * document, the same key twice in a mapping, a key that is no scalar, tags, NUL. Aliases are followed. `name`
 * stands in messages and must live as long as the yaml. */
struct yaml *yaml_parse(const char *name, const char *text, size_t size, struct error *error);
/* One scalar that stands in no file (an option of the command line): messages are "NAME: message". */
struct yaml *yaml_of_text(const char *name, const char *text);
void yaml_free(struct yaml *yaml);                          /* NULL is fine */
const struct yaml_node *yaml_root(const struct yaml *yaml); /* NULL: an empty document */
enum yaml_kind yaml_kind(const struct yaml_node *node);
/* The text of a scalar; valid as long as the yaml. */
const char *yaml_text(const struct yaml_node *node);
/* Written without a value, or as a plain `~` or `null`: what remains of `key:` when everything below it is a
 * comment. */
bool yaml_is_null(const struct yaml_node *node);
size_t yaml_count(const struct yaml_node *node);
const struct yaml_node *yaml_item(const struct yaml_node *node,
                                  size_t index); /* of a sequence, value of a mapping */
const struct yaml_node *yaml_key(const struct yaml_node *mapping, size_t index);
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key); /* NULL: absent */
int yaml_line(const struct yaml_node *node);   /* from 1; 0: in no file */
int yaml_column(const struct yaml_node *node); /* from 1, in characters */
const char *yaml_name(const struct yaml_node *node);
/* Appends the node as JSON, which YAML has in it: plain true, false, null (`~`, nothing) and numbers of JSON are what they
 * look like, digit by digit; every other scalar is a string. */
struct buffer;
void yaml_add_json(const struct yaml_node *node, struct buffer *out);
/* "NAME:LINE:COLUMN: message", the line itself and a caret below it, as ERROR_USAGE; returns false. What
 * looks like a secret in the line is not shown (config/secret.h); the message itself must not have one. Control
 * characters in it become spaces. */
bool yaml_fail(const struct yaml_node *node, struct error *error, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

#endif
