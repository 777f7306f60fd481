#ifndef IFMATCH_COMMAND_DEMO_TOPICS_H
#define IFMATCH_COMMAND_DEMO_TOPICS_H

#include "command/demo_producer.h"
#include "config/config.h"
#include "demo/check.h"

#include <stdio.h>

/* The demo's own reading of the three topics, while the workers run: everything goes to the check. The broker of the
 * sandbox keeps a few MiB of each partition, so a gap in the offsets means that something was trimmed unread. */
struct demo_topics;

/* What the records said so far, for the live line. */
struct demo_counts {
    size_t events;   /* read back from the updates topic */
    size_t records;  /* second ones included */
    size_t letters;
    size_t outcomes[CHECK_OUTCOMES]; /* of the first records */
    size_t stale; /* answers */
    size_t trimmed;
    size_t unreadable;
    char *merged;   /* the first audit record of a merge after somebody's change; NULL: none yet */
    char *conflict; /* the first one of a conflict */
};

/* `config` names the topics and the broker; `updates` is the same with updates and audit exchanged. */
struct demo_topics *demo_topics_new(const struct config *config, const struct config *updates, struct check *check,
                                    struct producer *producer, struct error *error);
/* What is read goes to this file too, for people who look for a fault: a word, partition, offset, value. */
void demo_topics_keep(struct demo_topics *topics, FILE *ledger);
void demo_topics_free(struct demo_topics *topics);
/* Reads what is there, for about `wait_ms`. */
void demo_topics_read(struct demo_topics *topics, int64_t wait_ms);
const struct demo_counts *demo_topics_counts(const struct demo_topics *topics);

#endif
