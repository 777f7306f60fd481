#ifndef IFMATCH_ENGINE_REPEATS_H
#define IFMATCH_ENGINE_REPEATS_H

#include "common/bytes.h"

/* The memory of ids and sequences of one partition in one assignment: has this event, or a later one of its source and
 * document, ended already? It goes with the assignment, and it is bounded in bytes, what was noted longest ago first
 * out: the promise ends where the memory ends.
 *
 * An event is pending from repeats_pend until repeats_note (its records are acknowledged) or repeats_forget (it ended
 * in a way that does not count, or was dropped). Pending events are never evicted, and there may be many of one source
 * and document, as in a fold. Who is judged REPEAT_PENDING waits until they are not, and is judged again. An event
 * never counts against its own offset. */
struct repeats;

/* What identifies an event. Absent is not empty: without a source or an id nothing is said of duplicates, without a
 * source or a sequence nothing of order, for two producers that name no source must not outdate each other. Records put
 * back from dead letters come without their sequence. The bytes are copied where they are kept. */
struct repeats_event {
    struct bytes source;
    struct bytes id;
    struct bytes document;
    struct bytes sequence;
    /* A hash of the event's value. 64 bits are enough: it is compared only with that of the one event that has the same
     * source and id, so a reused id passes as a duplicate once in 2^64 reuses, however much is remembered. */
    uint64_t digest;
    int64_t offset;
};

enum repeat {
    REPEAT_NONE,
    REPEAT_PENDING, /* one of the same source and id, or one that its sequence is not above, is still pending */
    REPEAT_DUPLICATE,
    REPEAT_OUTDATED,       /* its sequence is not above the last that was noted of its source and document */
    REPEAT_ID_REUSED,      /* the same source and id, other bytes or another document */
    REPEAT_SEQUENCE_SHAPE, /* a number where the source gave text before, or the other way round */
};

struct repeats *repeats_new(size_t bytes_max);
void repeats_free(struct repeats *repeats); /* NULL is fine */

enum repeat repeats_judge(struct repeats *repeats, const struct repeats_event *event);
/* The event was judged REPEAT_NONE after all earlier ones of its document were pended, and it is not pending itself: the
 * members of a fold are judged and pended one after the other. */
void repeats_pend(struct repeats *repeats, const struct repeats_event *event);
/* The pending event of this offset ended applied, merged or unchanged, and its records are acknowledged. If nothing is
 * pending under this offset (it had nothing to remember), nothing happens. */
void repeats_note(struct repeats *repeats, int64_t offset);
/* The pending event of this offset ended otherwise. */
void repeats_forget(struct repeats *repeats, int64_t offset);

/* What is held, pending events included; at most bytes_max when nothing is pending. */
size_t repeats_bytes(const struct repeats *repeats);

#endif
