#ifndef IFMATCH_ADMIN_ADMIN_H
#define IFMATCH_ADMIN_ADMIN_H

#include "config/config.h"
#include "engine/counters.h"

/* GET /livez, /readyz (both with ?verbose) and /metrics (Prometheus text). GET only; no document id in a label but the one
 * that holds a partition up.
 * What is shown is looked up at the moment of the request. */
struct admin;
struct event_base;

/* A partition as people see it: the engine's state and the end of the partition in Kafka (-1: not known). */
struct admin_partition {
    struct partition_state state;
    int64_t end;
    bool is_stopped; /* its next record is not there: it stands still until an operator acts */
};

struct admin_view {
    const struct counters *counters;
    const struct admin_partition *partitions;
    size_t partition_count;
    enum intake intake;
    bool has_met_brokers;
    bool is_stopping;
    int64_t turn_age_ms;   /* since the loop's last turn began */
    int64_t now_ms;
    int64_t wall_ms;
};

/* Fills the view; its pointers must stay valid until the next call. */
typedef void admin_look(void *context, struct admin_view *ret_view);

/* Listens on config->admin_listen. ERROR_USAGE: the address cannot be used. */
struct admin *admin_new(struct event_base *base, const struct config *config, admin_look *look, void *context,
                        struct error *error);
void admin_free(struct admin *admin); /* NULL is fine */
/* For ifmatch_request_duration_seconds{request,code}; NULL is fine. */
void admin_note_request(struct admin *admin, bool is_write, int status, int64_t took_ms);

/* docs/metrics.md, made from the tables. */
struct buffer;
void admin_document(struct buffer *out);

#endif
