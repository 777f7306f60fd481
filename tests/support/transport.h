#ifndef IFMATCH_TESTS_SUPPORT_TRANSPORT_H
#define IFMATCH_TESTS_SUPPORT_TRANSPORT_H

/* A transport under test, and its answers one at a time. */
#include "common/clock.h"
#include "common/memory.h"
#include "service/transport_curl.h"
#include "tests/support/http_server.h"
#include "tests/support/unit.h"

#include <poll.h>

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define ANSWER_MAX 1000

static struct transport *transport;
static struct http_answer answer;
static struct arena *arena; /* what must live until the answer */

static inline void begin(void)
{
    const struct transport_options options = {.connect_timeout_ms = 5000, .connections_max = 8};
    struct error error = {0};

    arena = arena_new(4096);
    transport = transport_curl_new(&options, &error);
    ck_assert_msg(transport != NULL, "%s", error.text);
}

static inline void end(void)
{
    transport->operations->free(transport);
    arena_free(arena);
}

static inline bool next_within(int64_t wait_ms)
{
    int64_t until_ms = clock_now_ms() + wait_ms;

    while (!transport->operations->next(transport, &answer)) {
        struct pollfd readable = {.fd = transport->operations->descriptor(transport), .events = POLLIN};
        int64_t now_ms = clock_now_ms(), at_ms = transport->operations->deadline(transport);

        if (now_ms >= until_ms)
            return false;
        if (at_ms > until_ms)
            at_ms = until_ms;
        poll(&readable, 1, at_ms > now_ms ? (int)(at_ms - now_ms) : 0);
        transport->operations->run(transport, clock_now_ms());
    }
    return true;
}

/* Moves bytes until the server has taken a request. */
static inline void run_until_taken(const struct http_server *server)
{
    struct pollfd readable[2] = {{.fd = server->report, .events = POLLIN},
                                 {.fd = transport->operations->descriptor(transport), .events = POLLIN}};

    while (readable[0].revents == 0) {
        transport->operations->run(transport, clock_now_ms());
        poll(readable, 2, 10);
    }
}

static inline void send_request(struct http_request request, const char *url, const char *path)
{
    struct error error = {0};
    auto_text whole = memory_format("%s%s", url, path);

    request.url = arena_copy(arena, whole, strlen(whole));
    if (request.method == NULL)
        request.method = "GET";
    if (request.timeout_ms == 0)
        request.timeout_ms = 20000;
    if (request.answer_bytes_max == 0)
        request.answer_bytes_max = ANSWER_MAX;
    ck_assert_msg(transport->operations->send(transport, &request, &error), "%s", error.text);
}

/* Sends and awaits; the answer is in `answer`. */
static inline void ask(struct http_request request, const char *url, const char *path)
{
    send_request(request, url, path);
    ck_assert(next_within(30000));
    ck_assert_uint_eq(answer.id, request.id);
}

static inline void assert_answer(enum http_result result, enum sent sent, int status)
{
    ck_assert_msg(answer.result == result && answer.sent == sent && answer.status == status,
                  "result %d, sent %s, status %d: %s", answer.result, sent_name(answer.sent), answer.status,
                  answer.detail != NULL ? answer.detail : "");
    ck_assert((answer.result == HTTP_ANSWERED) == (answer.detail == NULL));
}

/* --- for the server --- */

static inline void serve_silence(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_take(connection);
}

#endif
