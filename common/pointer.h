#ifndef IFMATCH_COMMON_POINTER_H
#define IFMATCH_COMMON_POINTER_H

#include "common/json_scan.h"

/* JSON Pointer (RFC 6901) and the patterns of rules. */

/* Starts with '/' (or is empty), '~' only as ~0 or ~1, UTF-8, no control characters. `ret_what` (static text)
 * says what is wrong. */
bool pointer_is_valid(struct bytes pointer, const char **ret_what);

/* Walks the segments of a valid pointer: false at the end. `ret_segment` is as written (escaped). */
struct pointer_walk {
    struct bytes rest;
};
void pointer_walk_init(struct pointer_walk *walk, struct bytes pointer);
bool pointer_walk_next(struct pointer_walk *walk, struct bytes *ret_segment);
/* A segment without ~0 and ~1; points into `segment` where nothing is escaped, else into `arena`. */
struct bytes pointer_unescape(struct bytes segment, struct arena *arena);
/* Adds "/segment" with '~' and '/' escaped. */
struct buffer;
void pointer_add(struct buffer *out, struct bytes member);
/* Is `segment` an array index (RFC 6901: digits without a leading zero) or "-"? */
bool pointer_segment_is_index(struct bytes segment);

/* True if `prefix` names the same value as `pointer` or a value that contains it. */
bool pointer_covers(struct bytes prefix, struct bytes pointer);

/* What a pointer meets in a document. */
enum pointer_found {
    POINTER_FOUND,         /* ret_index is the value */
    POINTER_MISSING,       /* the last segment, or a parent on the way, is missing; every parent there is an object */
    POINTER_PARENT_SCALAR, /* a parent is a string, number, true, false or null */
    POINTER_PARENT_ARRAY,  /* a parent is an array */
};
enum pointer_found pointer_find(const struct json *json, struct bytes pointer, uint32_t *ret_index);
/* How far a pointer goes: `ret_index` is always the last value that is there on its way, `ret_rest` the part of
 * the pointer behind that value, "" if it was found. */
enum pointer_found pointer_reach(const struct json *json, struct bytes pointer, uint32_t *ret_index,
                                 struct bytes *ret_rest);

/* A pattern is a pointer whose segments may be "*" (one member) or "**" (any number of members, none included).
 * Specificity goes segment by segment: literal before "*" before "**", then more segments. A '*' stands alone in
 * its segment, so a member whose name has one is reached only by "*" and "**". The functions below
 * pattern_is_valid take valid patterns only. */
bool pattern_is_valid(struct bytes text, const char **ret_what);
bool pattern_matches(struct bytes pattern, struct bytes pointer);
/* Could the pattern match a value below `pointer` (strictly below)? */
bool pattern_reaches_below(struct bytes pattern, struct bytes pointer);
/* Could the pattern match a value at, above or below `pointer`? */
bool pattern_touches(struct bytes pattern, struct bytes pointer);
/* > 0: a is more specific than b; 0: equally specific. */
int pattern_compare(struct bytes a, struct bytes b);
/* Is there a pointer that both match? */
bool pattern_overlaps(struct bytes a, struct bytes b);

#endif
