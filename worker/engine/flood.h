#ifndef IFMATCH_ENGINE_FLOOD_H
#define IFMATCH_ENGINE_FLOOD_H

#include "engine/words.h"

/* The flood guard: too many dead letters among the last events mean that something behind ifmatch is broken, a gateway
 * that answers 404 for everything, say, and not the events; a topic must not be emptied into dead letters then. It
 * looks at the outcomes of the last FLOOD_EVENTS events: a share above a percentage trips it, once there is a least
 * number of them, so that a few bad events after a start do not. One guard is for rejected and exhausted events,
 * another, wider one for conflicts, which many people who work on the documents may cause honestly. What trips it
 * stays known until the operator resumes. Embedded by its user. */
#define FLOOD_EVENTS 500

/* Trips when more than `percent` of the events looked at, and at least `count_min`, are of the kind. */
struct flood_limit {
    bool is_off;
    uint32_t percent;
    uint32_t count_min;
};

#define FLOOD_DEAD_LETTERS_DEFAULT ((struct flood_limit){.percent = 20, .count_min = 50})
#define FLOOD_CONFLICTS_DEFAULT    ((struct flood_limit){.percent = 50, .count_min = 200})

enum flood { FLOOD_NONE, FLOOD_DEAD_LETTERS, FLOOD_CONFLICTS, FLOOD_KINDS };

struct flood_guard {
    struct flood_limit limits[FLOOD_KINDS];
    uint32_t counts[FLOOD_KINDS]; /* of those in the ring */
    uint8_t ring[FLOOD_EVENTS];   /* enum flood of each event */
    uint32_t next;
    uint32_t filled;
    enum flood tripped;
};

void flood_init(struct flood_guard *guard, struct flood_limit dead_letters, struct flood_limit conflicts);
/* An event ended so. True if this one trips the guard; not while it is tripped already. */
bool flood_note(struct flood_guard *guard, enum outcome outcome);
enum flood flood_tripped(const struct flood_guard *guard);
/* The operator lets it go on: what was counted is forgotten. */
void flood_resume(struct flood_guard *guard);

#endif
