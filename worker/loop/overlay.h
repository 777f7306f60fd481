#ifndef IFMATCH_LOOP_OVERLAY_H
#define IFMATCH_LOOP_OVERLAY_H

#include "engine/action.h"

/* What a dry run would have written, by document: the edits that stand over what the service has, or the whole that would
 * have been made or deleted. What somebody has really changed since is theirs again: a field, or of a whole everything.
 * Versions of such documents are made up, so that the next event is judged on the document as it would be. */
struct overlay;

struct overlay *overlay_new(void);
void overlay_free(struct overlay *overlay); /* NULL is fine */

/* Is anything kept for the document? Then a read must not ask whether a version is current. */
bool overlay_has(const struct overlay *overlay, struct bytes document);
/* `answer` is the service's to a read: puts the kept edits into it. What it points to from then on is valid until the next
 * call. */
void overlay_read(struct overlay *overlay, struct bytes document, struct answer *answer);
/* The same for a read that stands for this write: becomes the answer to the write, stale if its version is not the one that
 * a read would give now. Otherwise its edits are kept. */
void overlay_write(struct overlay *overlay, const struct write_action *write, struct answer *answer);

size_t overlay_documents(const struct overlay *overlay);
size_t overlay_bytes(const struct overlay *overlay);

#endif
