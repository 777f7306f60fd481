#ifndef IFMATCH_SANDBOX_CHANGE_H
#define IFMATCH_SANDBOX_CHANGE_H

#include "common/buffer.h"
#include "common/json_scan.h"
#include "common/random.h"

/* How a foreign user changes documents: one field, to a value that is recognised as his. No sockets. */
struct change {
    struct random *random;
    const struct json *values; /* {"/status":["A","B"],...}: what a field may be set to; NULL: built in */
    uint64_t number;           /* of the last value that was made */
};

/* One of the top-level fields, or of the members of /attributes, which `after` has and `before` had otherwise or
 * not at all: its pointer goes to the end of `out`. False: there is none. */
bool change_find(struct bytes before, struct bytes after, struct random *random, struct buffer *out);
/* Adds `document` with another value at `pointer` to `out`. False: that cannot be done there. */
bool change_apply(struct change *change, struct bytes document, struct bytes pointer, struct buffer *out);

#endif
