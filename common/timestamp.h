#ifndef IFMATCH_COMMON_TIMESTAMP_H
#define IFMATCH_COMMON_TIMESTAMP_H

#include "common/bytes.h"

/* Wall time as milliseconds since 1970-01-01T00:00:00Z. Pure: reads no clock (that is common/clock.h). */
#define TIMESTAMP_TEXT_SIZE 32

/* "2026-11-24T10:00:00.123Z" (RFC 3339, UTC, always milliseconds); returns `text`. */
const char *timestamp_text(int64_t wall_ms, char text[TIMESTAMP_TEXT_SIZE]);
/* RFC 3339 with any offset and fraction; false if it is none. */
bool timestamp_parse(struct bytes text, int64_t *ret_wall_ms);
/* Which of two is earlier, by any fraction: < 0, 0, > 0. Both are instants of RFC 3339, or both are dates (2026-11-24);
 * false if they are not. */
bool timestamp_compare(struct bytes a, struct bytes b, int *ret_order);

#endif
