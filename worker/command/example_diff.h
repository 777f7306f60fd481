#ifndef IFMATCH_COMMAND_EXAMPLE_DIFF_H
#define IFMATCH_COMMAND_EXAMPLE_DIFF_H

#include "common/buffer.h"
#include "common/json_scan.h"

/* What differs between two documents, field by field, as lines to read:
 *     "  - /status: "RELEASED"\n" what is expected, "  + /status: "REVIEW"\n" what there is
 * Objects go by member, all else is one value; numbers are compared by their decimal value. False: nothing differs. */
bool example_diff(const struct json *expected, const struct json *seen, struct arena *arena, struct buffer *out);

#endif
