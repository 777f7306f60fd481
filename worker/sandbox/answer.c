#include "sandbox/service.h"

#include "common/json_write.h"
#include "common/memory.h"

#include <event2/buffer.h>
#include <stdlib.h>

struct answer {
    struct evhttp_request *request; /* NULL: the client has gone */
    struct evbuffer *body;
    struct event *timer;
    int status; /* 0: close the connection */
};

static void on_gone(struct evhttp_connection *connection, void *context)
{
    struct answer *answer = context;

    (void)connection;
    answer->request = NULL;
}

static void finish(struct answer *answer)
{
    struct evhttp_connection *connection =
        answer->request != NULL ? evhttp_request_get_connection(answer->request) : NULL;

    if (connection != NULL) {
        evhttp_connection_set_closecb(connection, NULL, NULL);
        if (answer->status == 0)
            evhttp_connection_free(connection);
        else
            evhttp_send_reply(answer->request, answer->status, NULL, answer->body);
    }
    evbuffer_free(answer->body);
    event_free(answer->timer);
    free(answer);
}

static void on_due(evutil_socket_t descriptor, short what, void *context)
{
    (void)descriptor;
    (void)what;
    finish(context);
}

/* Also without latency the answer goes by the timer: a connection must not be closed in its own callback. */
static void plan(struct service *service, struct evhttp_request *request, int status, struct bytes body)
{
    struct answer *answer = memory_new(sizeof(*answer));
    struct timeval due = {.tv_sec = service->faults.latency_ms / 1000,
                          .tv_usec = service->faults.latency_ms % 1000 * 1000};

    answer->request = request;
    answer->status = status;
    answer->body = evbuffer_new();
    if (bytes_present(body))
        evbuffer_add(answer->body, body.data, body.size);
    answer->timer = evtimer_new(service->base, on_due, answer);
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_gone, answer);
    evtimer_add(answer->timer, &due);
}

void answer_send(struct service *service, struct evhttp_request *request, int status, struct bytes body)
{
    if (bytes_present(body))
        evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", "application/json");
    plan(service, request, status, body);
}

void answer_error(struct service *service, struct evhttp_request *request, int status, const char *what)
{
    auto_buffer body;

    buffer_init(&body, 4096);
    buffer_add_text(&body, "{\"error\":");
    json_write_quoted(&body, bytes_of(what));
    buffer_add_text(&body, "}");
    answer_send(service, request, status, buffer_bytes(&body));
}

void answer_never(struct service *service, struct evhttp_request *request)
{
    plan(service, request, 0, BYTES_NONE);
}
