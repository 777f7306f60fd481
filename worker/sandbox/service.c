#include "sandbox/service.h"

#include "common/clock.h"
#include "common/memory.h"
#include "sandbox/child.h"

#include <errno.h>
#include <event2/buffer.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define IDLE_SECONDS     120
#define HEADER_BYTES_MAX (64 << 10)
#define SAMPLE_FIRST     4711

struct bytes service_body(struct evhttp_request *request)
{
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    size_t size = evbuffer_get_length(body);

    return size == 0 ? BYTES("") : (struct bytes){(const char *)evbuffer_pullup(body, -1), size};
}

struct bytes service_header(struct evhttp_request *request, const char *name)
{
    return bytes_of(evhttp_find_header(evhttp_request_get_input_headers(request), name));
}

static void answer_document(struct service *service, struct evhttp_request *request, struct bytes path)
{
    size_t slash, size;
    char *id;

    if (bytes_find(path, '/', &slash)) {
        answer_error(service, request, 404, "no such path");
        return;
    }
    id = evhttp_uridecode(path.data, 0, &size);
    if (id == NULL || strlen(id) != size)
        answer_error(service, request, 400, "not an id");
    else
        documents_answer(service, request, id);
    free(id);
}

static void on_request(struct evhttp_request *request, void *context)
{
    struct service *service = context;
    struct bytes path = bytes_of(evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request)));

    if (bytes_start_with(path, BYTES("/documents/")))
        answer_document(service, request, bytes_from(path, strlen("/documents/")));
    else if (!control_answer(service, request, path))
        answer_error(service, request, 404, "no such path");
}

static bool listen_on_loopback(struct service *service, uint16_t port)
{
    struct evhttp_bound_socket *bound = evhttp_bind_socket_with_handle(service->http, "127.0.0.1", port);
    struct sockaddr_in address;
    socklen_t size = sizeof(address);

    if (bound == NULL || getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &size) != 0)
        return false;
    service->port = ntohs(address.sin_port);
    return true;
}

static void add_samples(struct service *service, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        auto_text id = memory_format("%u", SAMPLE_FIRST + i);
        auto_text body = memory_format("{\"number\":\"%s\",\"name\":\"Part %u\",\"status\":\"INWORK\",\"owner\":\"ana\","
                                       "\"attributes\":{\"color\":\"red\",\"weight_kg\":%u.50}}",
                                       id, i + 1, i + 1);
        struct store_write write = {.method = STORE_PUT, .document = bytes_of(id), .writer = BYTES("setup"),
                                    .body = bytes_of(body), .at_ms = clock_wall_ms()};
        struct store_result result;

        store_write(service->store, &write, &result);
    }
}

static void set_up(struct service *service, const struct sandbox_options *options)
{
    service->base = event_base_new();
    service->http = evhttp_new(service->base);
    evhttp_set_allowed_methods(service->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH |
                                                  EVHTTP_REQ_DELETE | EVHTTP_REQ_POST);
    evhttp_set_max_headers_size(service->http, HEADER_BYTES_MAX);
    evhttp_set_max_body_size(service->http, SERVICE_BODY_BYTES_MAX);
    evhttp_set_timeout(service->http, IDLE_SECONDS);
    evhttp_set_default_content_type(service->http, NULL);
    evhttp_set_gencb(service->http, on_request, service);
    service->store = store_new(options->log_lines_max);
    service->stale_status = options->stale_status != 0 ? options->stale_status : 412;
    service->faults.latency_ms = options->latency_ms;
    random_init(&service->faults.random, options->seed);
    /* Apart from the numbers of the foreign user, so that a value tells which of the two wrote it. */
    service->fault_change = (struct change){.random = &service->faults.random, .number = 900000000};
    add_samples(service, options->documents);
}

int service_serve(const struct sandbox_options *options, int ready)
{
    struct service service = {0};
    auto_text foreign = memory_format("{\"per_second\":%g}", options->foreign_per_second);

    set_up(&service, options);
    if (!listen_on_loopback(&service, options->port)) {
        child_say(ready, "!cannot listen on 127.0.0.1:%u: %s", options->port, strerror(errno));
        return EXIT_FAILURE;
    }
    service.foreign = foreign_new(&service, options->seed + 1);
    if (options->foreign_per_second > 0)
        foreign_set(service.foreign, bytes_of(foreign));
    child_say(ready, "http://127.0.0.1:%u", service.port);
    event_base_dispatch(service.base);
    return EXIT_FAILURE; /* it never has nothing to do */
}
