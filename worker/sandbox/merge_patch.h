#ifndef IFMATCH_SANDBOX_MERGE_PATCH_H
#define IFMATCH_SANDBOX_MERGE_PATCH_H

#include "common/buffer.h"
#include "common/json_scan.h"

/* RFC 7396 for two objects: adds `document` with `patch` applied to `out`; what the patch does not name keeps
 * its bytes. */
void merge_patch_apply(const struct json *document, const struct json *patch, struct arena *arena, struct buffer *out);

#endif
