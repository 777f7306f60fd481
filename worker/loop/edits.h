#ifndef IFMATCH_LOOP_EDITS_H
#define IFMATCH_LOOP_EDITS_H

#include "common/json_splice.h"
#include "common/list.h"

/* The edits of one document that a dry run keeps, over what the service has (`real`). No edit's pointer is a prefix of
 * another's: those inside one another become one. */
struct edits {
    struct list list;
    size_t *total; /* where their bytes are counted */
};

void edits_init(struct edits *edits, size_t *total);
void edits_clear(struct edits *edits);
/* The document would have been written with this edit. `arena` is for what is needed meanwhile. */
void edits_keep(struct edits *edits, const struct json_edit *edit, const struct json *real, struct arena *arena);
/* Forgets what somebody has really changed since. */
void edits_settle(struct edits *edits, const struct json *real, struct arena *arena);
/* Appends the document as it would be; forgets an edit whose parent is no object any more. */
void edits_apply(struct edits *edits, const struct json *real, struct arena *arena, struct buffer *out);

/* For texts that were scanned before, or are no document. */
extern const struct json_limits edits_limits;

#endif
