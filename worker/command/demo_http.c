#include "command/demo_http.h"

#include "common/clock.h"
#include "common/memory.h"
#include "service/transport_curl.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 10000
#define BODY_MAX   (64 << 20)

struct demo_http {
    struct transport *transport;
    char *url;
    uint64_t id;
};

struct demo_http *demo_http_new(const char *url, struct error *error)
{
    struct transport_options options = {.connect_timeout_ms = TIMEOUT_MS, .connections_max = 1};
    struct transport *transport = transport_curl_new(&options, error);
    struct demo_http *http;

    if (transport == NULL)
        return NULL;
    http = memory_new(sizeof(*http));
    http->transport = transport;
    http->url = memory_text(url);
    return http;
}

void demo_http_free(struct demo_http *http)
{
    if (http == NULL)
        return;
    http->transport->operations->free(http->transport);
    free(http->url);
    free(http);
}

/* Until the transport has something to do, or `deadline_ms`. */
static void wait_for(const struct transport *transport, int64_t deadline_ms)
{
    struct pollfd descriptor = {.fd = transport->operations->descriptor(transport), .events = POLLIN};
    int64_t until_ms = transport->operations->deadline(transport), now_ms = clock_now_ms();

    if (until_ms > deadline_ms)
        until_ms = deadline_ms;
    poll(&descriptor, 1, until_ms > now_ms ? (int)(until_ms - now_ms) : 0);
}

static bool take_answer(const struct http_answer *answer, struct buffer *ret_body,
                 struct error *error)
{
    if (answer->result != HTTP_ANSWERED)
        return error_set(error, ERROR_UNAVAILABLE, "%s", answer->detail);
    if (answer->status < 200 || answer->status > 299)
        return error_set(error, ERROR_UNAVAILABLE, "status %d: %.*s", answer->status,
                         (int)(answer->body.size < 200 ? answer->body.size : 200),
                         answer->body.size > 0 ? answer->body.data : "");
    if (ret_body == NULL)
        return true;
    buffer_reset(ret_body);
    buffer_add(ret_body, answer->body);
    return true;
}

static bool perform(struct demo_http *http, const struct http_request *request, struct buffer *ret_body,
                    struct error *error)
{
    const struct transport_operations *operations = http->transport->operations;
    int64_t deadline_ms = clock_now_ms() + TIMEOUT_MS + 1000;
    struct http_answer answer;

    if (!operations->send(http->transport, request, error))
        return false;
    while (clock_now_ms() < deadline_ms) {
        operations->run(http->transport, clock_now_ms());
        if (operations->next(http->transport, &answer))
            return take_answer(&answer, ret_body, error);
        wait_for(http->transport, deadline_ms);
    }
    operations->cancel(http->transport, request->id);
    return error_set(error, ERROR_UNAVAILABLE, "no answer");
}

bool demo_http_call(struct demo_http *http, const char *method, const char *path, struct bytes body,
                    struct buffer *ret_body, struct error *error)
{
    const struct http_header header = {BYTES("Content-Type"), BYTES("application/json")};
    auto_text url = memory_format("%s%s", http->url, path);
    const struct http_request request = {.id = ++http->id,
                                         .method = method,
                                         .url = url,
                                         .headers = &header,
                                         .header_count = bytes_present(body) ? 1 : 0,
                                         .body = body,
                                         .timeout_ms = TIMEOUT_MS,
                                         .answer_bytes_max = BODY_MAX};

    return perform(http, &request, ret_body, error) || error_wrap(error, "sandbox: %s %s", method, path);
}
