#ifndef IFMATCH_SERVICE_PROFILE_YAML_H
#define IFMATCH_SERVICE_PROFILE_YAML_H

#include "config/yaml.h"
#include "service/profile.h"

/* Pieces of a profile out of YAML. Each fails as ERROR_USAGE with file, line and column, says what is allowed, and leaves
 * its output untouched. What is kept lives in the profile's arena. */

/* Is it a mapping of nothing but these keys? `keys` ends with NULL. */
bool profile_keys(const struct yaml_node *node, const char *const *keys, struct error *error);

bool profile_read_text(struct profile *profile, const struct yaml_node *node, struct bytes *ret_text, struct error *error);
bool profile_read_boolean(const struct yaml_node *node, bool *ret_value, struct error *error);
bool profile_read_number(const struct yaml_node *node, int64_t least, int64_t most, int64_t *ret_number,
                         struct error *error);
/* One of `names`, which ends with NULL. */
bool profile_read_choice(const struct yaml_node *node, const char *const *names, size_t *ret_index,
                         struct error *error);
bool profile_read_pointer(struct profile *profile, const struct yaml_node *node, struct bytes *ret_pointer,
                          struct error *error);
bool profile_read_header_name(struct profile *profile, const struct yaml_node *node, struct bytes *ret_name,
                              struct error *error);

/* The sections of a profile, each in a file of its own. */
bool profile_read_version(struct profile *profile, const struct yaml_node *node, struct error *error);
bool profile_read_answers(struct profile *profile, const struct yaml_node *node, struct error *error);
/* All of it; `name` stands in messages. */
bool profile_parse(struct profile *profile, const char *name, struct bytes text, struct error *error);

#endif
