#ifndef IFMATCH_RECORD_EXPLAIN_H
#define IFMATCH_RECORD_EXPLAIN_H

#include "common/buffer.h"
#include "merge/merge.h"

/* A decision as a sentence for people:
 *   /status: the event's RELEASED replaces REVIEW, which somebody wrote since INWORK: rule external, ifmatch.yaml:12
 * Appends it without a line end. Values are shown as JSON, words without their quotes, long ones cut. */
void explain_decision(const struct decision *decision, struct buffer *out);

#endif
