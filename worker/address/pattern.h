#ifndef IFMATCH_ADDRESS_PATTERN_H
#define IFMATCH_ADDRESS_PATTERN_H

#include "common/bytes.h"
#include "common/error.h"

/* A regular expression of document ids with named groups, `(?<type>\w+)/(?<id>.+)`: the one user of PCRE2. It takes a
 * whole id or none. Matching is bounded in steps whatever the expression and the id; no just-in-time code. Not
 * thread-safe: a match is the pattern's until the next. */
struct id_pattern;

/* False: ERROR_USAGE, what is wrong and at which character. The caller frees. */
bool id_pattern_new(const char *text, struct id_pattern **ret_pattern, struct error *error);
void id_pattern_free(struct id_pattern *pattern); /* NULL is fine */

#define ID_PATTERN_NO_GROUP (-1)
/* The number of a named group, or ID_PATTERN_NO_GROUP. */
int id_pattern_group(const struct id_pattern *pattern, struct bytes name);

/* `id` must be UTF-8. False: `ret_why` (static text) says why. */
bool id_pattern_match(const struct id_pattern *pattern, struct bytes id, const char **ret_why);
/* What the group took of the id of the last match, absent where it took no part. */
struct bytes id_pattern_part(const struct id_pattern *pattern, struct bytes id, int group);

#endif
