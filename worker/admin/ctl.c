#include "admin/ctl.h"

#include "admin/socket.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/list.h"
#include "common/memory.h"
#include "compose/compose.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <unistd.h>

#define CLIENTS_MAX      16 /* more wait until one has gone */
#define CLIENT_SECONDS   5
#define LINE_BYTES_MAX   256
#define ANSWER_BYTES_MAX (16 << 20)

struct ctl {
    struct ctl_parts parts;
    struct ctl_identity identity;
    struct socket_file file;
    struct evconnlistener *listener;
    struct list clients;
    size_t client_count;
};

struct client {
    struct list in_ctl;
    struct ctl *ctl;
    struct bufferevent *stream;
    struct event *deadline;
    bool is_answered; /* gone once the answer is */
};

static void client_free(struct client *client)
{
    struct ctl *ctl = client->ctl;

    list_remove(&client->in_ctl);
    if (ctl->client_count-- == CLIENTS_MAX)
        evconnlistener_enable(ctl->listener);
    event_free(client->deadline);
    bufferevent_free(client->stream);
    free(client);
}

static void answer_error(struct buffer *out, const char *what)
{
    struct cJSON *root = compose_object();
    auto_text text = NULL;
    auto_text message = NULL;
    auto_buffer known;

    buffer_init(&known, LINE_BYTES_MAX);
    ctl_order_list(&known);
    message = memory_format("%s; known are %.*s", what, BYTES_ARG(buffer_bytes(&known)));
    compose_text(root, "error", message);
    text = compose_print(root);
    buffer_add_text(out, text);
    buffer_add_char(out, '\n');
    compose_free(root);
}

static void obey_line(struct ctl *ctl, struct bytes line, struct buffer *out)
{
    struct admin_view view;
    enum ctl_order order;
    bool changed = false;

    if (!ctl_order_parse(bytes_trim(line), &order)) {
        answer_error(out, "unknown order");
        return;
    }
    if (order != CTL_ORDER_STATE)
        changed = ctl->parts.obey(ctl->parts.context, order);
    ctl->parts.look(ctl->parts.context, &view);
    ctl_answer(&ctl->identity, &view, order, changed, out);
}

static void on_line(struct bufferevent *stream, void *context)
{
    struct client *client = context;
    struct evbuffer *input = bufferevent_get_input(stream);
    size_t size = 0;
    auto_text line = evbuffer_readln(input, &size, EVBUFFER_EOL_LF);
    auto_buffer out;

    buffer_init(&out, ANSWER_BYTES_MAX);
    if (client->is_answered || (line == NULL && evbuffer_get_length(input) <= LINE_BYTES_MAX))
        return;
    if (line == NULL)
        answer_error(&out, "the line is too long");
    else
        obey_line(client->ctl, (struct bytes){line, size}, &out);
    client->is_answered = true;
    bufferevent_disable(stream, EV_READ);
    bufferevent_write(stream, out.data, out.size);
}

static void on_written(struct bufferevent *stream, void *context)
{
    struct client *client = context;

    (void)stream;
    if (client->is_answered)
        client_free(client);
}

/* A client may close its sending side behind the line; the answer still goes out. */
static void on_end(struct bufferevent *stream, short what, void *context)
{
    struct client *client = context;

    (void)stream;
    if (!client->is_answered || (what & BEV_EVENT_ERROR) != 0)
        client_free(client);
}

static void on_deadline(evutil_socket_t descriptor, short what, void *context)
{
    (void)descriptor;
    (void)what;
    client_free(context);
}

static void on_client(struct evconnlistener *listener, evutil_socket_t descriptor, struct sockaddr *address, int size,
                      void *context)
{
    static const struct timeval deadline = {.tv_sec = CLIENT_SECONDS};
    struct ctl *ctl = context;
    struct client *client = memory_new(sizeof(*client));

    (void)address;
    (void)size;
    client->ctl = ctl;
    client->stream = bufferevent_socket_new(ctl->parts.base, descriptor, BEV_OPT_CLOSE_ON_FREE);
    client->deadline = evtimer_new(ctl->parts.base, on_deadline, client);
    ensure(client->stream != NULL);
    ensure(client->deadline != NULL);
    list_push_back(&ctl->clients, &client->in_ctl);
    if (++ctl->client_count == CLIENTS_MAX)
        evconnlistener_disable(listener);
    bufferevent_setcb(client->stream, on_line, on_written, on_end, client);
    bufferevent_setwatermark(client->stream, EV_READ, 0, LINE_BYTES_MAX + 1);
    bufferevent_enable(client->stream, EV_READ | EV_WRITE);
    evtimer_add(client->deadline, &deadline);
}

struct ctl *ctl_new(const struct ctl_parts *parts, struct error *error)
{
    struct ctl *ctl = memory_new(sizeof(*ctl));
    int descriptor;

    ctl->parts = *parts;
    ctl->identity = (struct ctl_identity){.worker = parts->config->worker_name,
                                          .topic = parts->config->topics.updates,
                                          .started_ms = clock_now_ms()};
    list_init(&ctl->clients);
    descriptor = socket_listen(parts->config->admin_socket, &ctl->file, error);
    if (descriptor < 0) {
        free(ctl);
        return NULL;
    }
    ctl->listener = evconnlistener_new(parts->base, on_client, ctl, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0,
                                       descriptor);
    ensure(ctl->listener != NULL);
    return ctl;
}

void ctl_free(struct ctl *ctl)
{
    if (ctl == NULL)
        return;
    list_each_safe(node, &ctl->clients)
        client_free(list_item(node, struct client, in_ctl));
    evconnlistener_free(ctl->listener);
    socket_remove(&ctl->file);
    free(ctl);
}
