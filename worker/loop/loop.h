#ifndef IFMATCH_LOOP_LOOP_H
#define IFMATCH_LOOP_LOOP_H

#include "config/config.h"
#include "engine/engine.h"
#include "kafka/consumer.h"
#include "kafka/publisher.h"
#include "record/record.h"
#include "service/service.h"

#include <event2/event.h>

/* One turn: advance the time, feed what came in (bounded), pull actions and perform them, sleep until the next
 * deadline or until a descriptor wakes us. One thread; a performer never feeds the engine, that is the next turn. */
struct loop;
struct admin;
struct dry_run;

struct loop_parts {
    const struct config *config;
    struct engine *engine;
    struct consumer *consumer;
    struct publisher *publisher; /* NULL: nothing is published (dry_run) */
    struct service *service;
    struct dry_run *dry_run; /* NULL: this is the real thing */
};

/* The parts outlive the loop. */
struct loop *loop_new(const struct loop_parts *parts, struct error *error);
void loop_free(struct loop *loop);

/* Runs until everything has stopped. The exit code: 0 stopped as asked, 1 failed, 2 the configuration does not allow
 * to begin (no committed offset and no topics.start). */
int loop_run(struct loop *loop);

#endif
