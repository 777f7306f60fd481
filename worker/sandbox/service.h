#ifndef IFMATCH_SANDBOX_SERVICE_H
#define IFMATCH_SANDBOX_SERVICE_H

#include "sandbox/change.h"
#include "sandbox/faults.h"
#include "sandbox/store.h"

#include <event2/event.h>
#include <event2/http.h>

/* The document service, inside its own process: service.c sets it up, documents.c answers for documents,
 * control.c for what a tester asks, foreign.c is the foreign user, answer.c sends answers when they are due. */
struct foreign;

struct service {
    struct event_base *base;
    struct evhttp *http;
    struct store *store;
    struct faults faults;
    struct change fault_change; /* of the foreign write that follows a lost answer */
    struct foreign *foreign;
    int stale_status;
    uint16_t port;
};

#define SERVICE_BODY_BYTES_MAX (64 << 20)

/* documents.c: /documents/{id} */
void documents_answer(struct service *service, struct evhttp_request *request, const char *id);
/* control.c: everything that begins with "/_"; false: no such path */
bool control_answer(struct service *service, struct evhttp_request *request, struct bytes path);

/* answer.c: after the latency. `body` is copied; absent: none. Headers are set on the request before. */
void answer_send(struct service *service, struct evhttp_request *request, int status, struct bytes body);
void answer_error(struct service *service, struct evhttp_request *request, int status, const char *what);
/* Closes the connection instead of answering. */
void answer_never(struct service *service, struct evhttp_request *request);

/* The body of a request; lives as long as the request. */
struct bytes service_body(struct evhttp_request *request);
struct bytes service_header(struct evhttp_request *request, const char *name); /* absent if it is not there */

/* foreign.c */
struct foreign *foreign_new(struct service *service, uint64_t seed);
/* Takes the body of POST /_foreign. NULL, or what is wrong (static text): then nothing has changed. */
const char *foreign_set(struct foreign *foreign, struct bytes json);
void foreign_counts(const struct foreign *foreign, struct buffer *out);

#endif
