#ifndef IFMATCH_ADMIN_CTL_H
#define IFMATCH_ADMIN_CTL_H

#include "admin/admin.h"
#include "common/buffer.h"

/* Orders to a running worker over the unix socket admin.socket: one line in, one JSON object out, then the connection
 * is closed. A line that is no order is answered {"error":"..."}. Several clients at a time; none of them is waited for:
 * whoever has not sent his line and taken the answer within 5 s is left. Identifier, name, purpose. */
#define CTL_ORDERS(X)                                                                                        \
    X(PAUSE, "pause", "no event is taken and no request begins; what is in flight ends")                     \
    X(RESUME, "resume", "the worker goes on")                                                                \
    X(STATE, "state", "what the worker does: intake, partitions, events")

enum ctl_order {
#define X(identifier, name, purpose) CTL_ORDER_##identifier,
    CTL_ORDERS(X)
#undef X
    CTL_ORDER_COUNT
};

const char *ctl_order_name(enum ctl_order order);
const char *ctl_order_purpose(enum ctl_order order);
bool ctl_order_parse(struct bytes name, enum ctl_order *ret_order);
void ctl_order_list(struct buffer *out); /* "pause, resume, state" */

/* What the answers are made from. Every order is answered with the state behind it; `changed` tells whether the order
 * changed anything. */
struct ctl_identity {
    const char *worker;
    const char *topic;
    int64_t started_ms; /* the view's clock */
};
void ctl_answer(const struct ctl_identity *identity, const struct admin_view *view, enum ctl_order order, bool changed,
                struct buffer *out);

/* Does what is ordered; false: it is so already. */
typedef bool ctl_obey(void *context, enum ctl_order order);

struct ctl;
struct ctl_parts {
    struct event_base *base;
    const struct config *config; /* worker_name and topics.updates outlive it */
    admin_look *look;
    ctl_obey *obey;
    void *context; /* of both */
};
/* Listens on config->admin_socket. NULL: ERROR_USAGE, the path cannot be used. */
struct ctl *ctl_new(const struct ctl_parts *parts, struct error *error);
void ctl_free(struct ctl *ctl); /* removes the socket; NULL is fine */

#endif
