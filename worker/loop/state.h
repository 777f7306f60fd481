#ifndef IFMATCH_LOOP_STATE_H
#define IFMATCH_LOOP_STATE_H

#include "admin/ctl.h"
#include "common/buffer.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/memory.h"
#include "loop/dry_run.h"
#include "loop/loop.h"

#define PARTITIONS_MAX 1024

/* What the files of this room share. */
struct loop {
    struct loop_parts parts;
    struct record_context record;
    struct event_base *base;
    struct event *wake[3]; /* consumer, service, publisher */
    struct event *timer;
    struct event *signals[3];
    struct admin *admin;
    struct ctl *ctl;

    int32_t partitions[PARTITIONS_MAX]; /* assigned, read round robin */
    size_t partition_count;
    size_t next_partition;

    struct arena *letter_arena; /* of the records being rendered */
    struct buffer audit;
    struct delivered_later *later; /* publications that never left: told to the engine in the next turn */
    size_t later_count;
    size_t later_capacity;

    struct action *blocked; /* publications for which the publisher had no room, in their order */
    size_t blocked_count;
    size_t blocked_capacity;

    struct partition_state states[PARTITIONS_MAX]; /* as last shown */
    struct admin_partition shown[PARTITIONS_MAX];
    struct counters shown_counters;
    uint64_t trace_number;
    int64_t turn_at_ms;    /* of the last turn: for /livez */
    int32_t held_up[PARTITIONS_MAX]; /* partitions that were said to be */
    size_t held_up_count;
    int64_t partitions_at_ms; /* when they were looked at */
    int64_t summary_at_ms; /* of the last line "events ..." */
    uint64_t summary_finished;
    enum intake intake; /* as last said */
    bool met_brokers;
    bool service_failed; /* the last answer that said anything of it */
    bool is_stopping;
    bool is_stopped;
    bool is_leaving_at_once;
    int64_t stop_until_ms;
    int exit_code;
};

/* --- feed.c: what came in --- */
/* Feeds the engine a bounded amount; true if more is waiting. */
bool feed(struct loop *loop);

/* --- perform.c: what goes out --- */
void perform(struct loop *loop, const struct action *action);
/* Tells the engine of publications that could not be handed to the publisher. */
void feed_later(struct loop *loop);
/* Offers the publisher what it had no room for; to be called when a publication has ended. */
void perform_blocked(struct loop *loop);

/* --- shutdown.c --- */
void shutdown_begin(struct loop *loop, const char *why, int exit_code);

/* --- obey.c: what an operator says --- */
/* A ctl_obey; `context` is the loop. */
bool obey(void *context, enum ctl_order order);

/* --- watch.c: what people see --- */
void watch_trace(struct loop *loop);
void watch_summary(struct loop *loop);
void watch_engine(struct loop *loop);
/* Says which document holds a partition up, when it begins and when it ends. */
void watch_partitions(struct loop *loop);
/* Ends a dry run: all is read and judged, or it would need too much memory. */
void watch_dry_run(struct loop *loop);
/* Prints the flight recorder on stderr after a failed ensure(). */
void watch_install(struct loop *loop);
/* An admin_look; `context` is the loop. */
void watch_look(void *context, struct admin_view *ret_view);

struct delivered_later {
    uint64_t action_id;
    const char *why;
};

#endif
