#include "admin/metrics.h"

#include "common/memory.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>

#define STUCK_AFTER_MS    10000 /* no turn of the loop for so long: /livez fails */
#define REQUEST_BYTES_MAX 8192
#define REQUEST_SECONDS   5
#define PAGE_BYTES_MAX    (16 << 20)

struct admin {
    struct evhttp *http;
    admin_look *look;
    void *context;
    struct durations durations;
    struct metrics_context metrics;
};

/* One line of a health page. */
struct health_check {
    const char *name;
    bool is_good;
    const char *text; /* shown where it is not good */
    const char *note; /* shown where it is good and there is something to say */
};

static void answer(struct evhttp_request *request, int status, const char *type, struct buffer *page)
{
    struct evbuffer *body = evbuffer_new();

    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", type);
    evbuffer_add(body, page->data, page->size);
    evhttp_send_reply(request, status, NULL, body);
    evbuffer_free(body);
}

static bool is_verbose(struct evhttp_request *request)
{
    const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));

    return query != NULL && bytes_start_with(bytes_of(query), BYTES("verbose"));
}

static void answer_health(struct evhttp_request *request, const struct health_check *checks, size_t count)
{
    auto_buffer page;
    bool is_good = true;

    buffer_init(&page, PAGE_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        is_good = is_good && checks[i].is_good;
        if (is_verbose(request) || !checks[i].is_good)
            buffer_format(&page, "[%c] %s %s\n", checks[i].is_good ? '+' : '-', checks[i].name,
                          !checks[i].is_good ? checks[i].text : checks[i].note != NULL ? checks[i].note : "ok");
    }
    buffer_add_text(&page, is_good ? "ok\n" : "failed\n");
    answer(request, is_good ? 200 : 503, "text/plain; charset=utf-8", &page);
}

/* Alive = the loop turns. No dependency is asked: a broker that is away is no reason to be killed. */
static void on_livez(struct evhttp_request *request, void *context)
{
    struct admin *admin = context;
    struct admin_view view;

    admin->look(admin->context, &view);
    answer_health(request,
                  (const struct health_check[]){
                      {"loop", view.turn_age_ms < STUCK_AFTER_MS, "the loop has not turned for 10 s", NULL}},
                  1);
}

/* "3, 7 stand still: ..."; NULL: none does. */
static const char *stopped_partitions(const struct admin_view *view, char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < view->partition_count && used + 64 < size; i++)
        if (view->partitions[i].is_stopped)
            used += (size_t)snprintf(text + used, size - used, "%s%d", used == 0 ? "" : ", ",
                                     view->partitions[i].state.partition);
    if (used == 0)
        return NULL;
    snprintf(text + used, size - used, " stand still: their next records are not there");
    return text;
}

/* "3 by document 4711, ... take no more events"; NULL: all do. */
static const char *held_up_partitions(const struct admin_view *view, char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < view->partition_count && used + 340 < size; i++) {
        const struct partition_state *state = &view->partitions[i].state;

        if (bytes_present(state->held_up_by))
            used += (size_t)snprintf(text + used, size - used, "%s%d by document %.*s", used == 0 ? "" : ", ",
                                     state->partition, BYTES_ARG(state->held_up_by));
    }
    if (used == 0)
        return NULL;
    snprintf(text + used, size - used, ": no more events are taken");
    return text;
}

/* Ready with no partition too, else a rolling update would wait for ever; and while paused: that is what was asked for,
 * and no failure that should hold up a roll-out or a node's drain. */
static void on_readyz(struct evhttp_request *request, void *context)
{
    struct admin *admin = context;
    struct admin_view view;
    char stopped[256], held_up[2048];

    admin->look(admin->context, &view);
    answer_health(request,
                  (const struct health_check[]){
                      {"brokers", view.has_met_brokers, "no broker has answered yet", NULL},
                      {"intake", view.intake == INTAKE_RUNNING || view.intake == INTAKE_PAUSED,
                       intake_sentence(view.intake),
                       view.intake == INTAKE_PAUSED ? intake_sentence(INTAKE_PAUSED) : NULL},
                      {"partitions", true, NULL, stopped_partitions(&view, stopped, sizeof(stopped))},
                      {"documents", true, NULL, held_up_partitions(&view, held_up, sizeof(held_up))},
                      {"running", !view.is_stopping, "stopping", NULL},
                  },
                  5);
}

static void on_metrics(struct evhttp_request *request, void *context)
{
    struct admin *admin = context;
    struct admin_view view;
    auto_buffer page;

    admin->look(admin->context, &view);
    buffer_init(&page, PAGE_BYTES_MAX);
    metrics_render(&admin->metrics, &view, &admin->durations, &page);
    answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", &page);
}

static bool listen_on(struct admin *admin, const char *address, struct error *error)
{
    size_t colon;
    struct bytes text = bytes_of(address);
    auto_text host = NULL;
    uint64_t port = 0;

    for (colon = text.size; colon > 0 && text.data[colon - 1] != ':'; colon--)
        ;
    if (colon == 0 || !bytes_to_uint64(bytes_from(text, colon), &port) || port > 65535)
        return error_set(error, ERROR_USAGE, "admin.listen '%s': expected ADDRESS:PORT", address);
    host = memory_text_n(text.data, colon - 1);
    if (evhttp_bind_socket(admin->http, host, (uint16_t)port) != 0)
        return error_set(error, ERROR_USAGE,
                         "admin.listen '%s': cannot listen there (in use? another worker on this machine needs "
                         "an address of its own, or admin.listen: off)",
                         address);
    return true;
}

struct admin *admin_new(struct event_base *base, const struct config *config, admin_look *look, void *context,
                        struct error *error)
{
    struct admin *admin = memory_new(sizeof(*admin));

    admin->look = look;
    admin->context = context;
    admin->metrics = (struct metrics_context){.topic = config->topics.updates, .version = IFMATCH_VERSION};
    admin->http = evhttp_new(base);
    evhttp_set_allowed_methods(admin->http, EVHTTP_REQ_GET);
    evhttp_set_max_headers_size(admin->http, REQUEST_BYTES_MAX);
    evhttp_set_max_body_size(admin->http, 0);
    evhttp_set_timeout(admin->http, REQUEST_SECONDS);
    evhttp_set_cb(admin->http, "/livez", on_livez, admin);
    evhttp_set_cb(admin->http, "/readyz", on_readyz, admin);
    evhttp_set_cb(admin->http, "/metrics", on_metrics, admin);
    if (listen_on(admin, config->admin_listen, error))
        return admin;
    admin_free(admin);
    return NULL;
}

void admin_free(struct admin *admin)
{
    if (admin == NULL)
        return;
    evhttp_free(admin->http);
    free(admin);
}

void admin_note_request(struct admin *admin, bool is_write, int status, int64_t took_ms)
{
    if (admin != NULL)
        durations_note(&admin->durations, is_write, status, took_ms);
}
