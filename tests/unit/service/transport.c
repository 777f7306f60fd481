#include "tests/support/transport.h"

static void serve_one_answer(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
                                "HTTP/1.1 201 Created\r\nETag:  \"a b\" \r\nX-None:\r\nContent-Length: 5\r\n\r\nhello");
    http_server_take(connection);
}

START_TEST(a_request_goes_out_as_it_is_and_the_final_answer_comes_back)
{
    struct http_server server = http_server_start(serve_one_answer);
    const struct http_header headers[] = {{BYTES("If-Match"), BYTES("\"1\"")}, {BYTES("X-Empty"), BYTES("")}};
    const char *seen;

    begin();
    ask((struct http_request){.id = 7, .method = "PUT", .headers = headers, .header_count = 2, .body = BYTES("{\"a\":1}")},
        server.url, "/x/../y%2F%2e?q=1");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 201);
    ck_assert_uint_eq(answer.header_count, 3);
    ck_assert(bytes_equal(answer.headers[0].name, BYTES("ETag")) &&
              bytes_equal(answer.headers[0].value, BYTES("\"a b\"")));
    ck_assert(bytes_equal(answer.headers[1].name, BYTES("X-None")) && answer.headers[1].value.size == 0);
    ck_assert(bytes_equal(answer.body, BYTES("hello")));
    seen = http_server_await(&server, "\n--\n");
    ck_assert_ptr_nonnull(strstr(seen, "PUT /x/../y%2F%2e?q=1 HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull(strstr(seen, "\r\nIf-Match: \"1\"\r\n"));
    ck_assert_ptr_nonnull(strstr(seen, "\r\nX-Empty:\r\n"));
    ck_assert_ptr_nonnull(strstr(seen, "\r\n\r\n{\"a\":1}"));
    ck_assert_ptr_null(strcasestr(seen, "Expect"));
    end();
}
END_TEST

#define LARGE (4 << 20) /* more than a socket takes at once */

static void serve_a_large_request(int listener)
{
    static char bytes[1 << 16];
    int connection = http_server_accept(listener);
    size_t size = 0;
    ssize_t got;

    while (size < LARGE && (got = read(connection, bytes, sizeof(bytes))) > 0)
        size += (size_t)got;
    http_server_say(connection, OK_EMPTY);
    while (read(connection, bytes, sizeof(bytes)) > 0)
        continue;
}

START_TEST(a_request_that_goes_out_in_pieces_is_sent_once)
{
    struct http_server server = http_server_start(serve_a_large_request);
    char *body = memory_new(LARGE);

    begin();
    memset(body, 'x', LARGE);
    ask((struct http_request){.id = 1, .method = "PUT", .body = {body, LARGE}}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 200);
    end();
    free(body);
}
END_TEST

static void serve_too_much(int listener)
{
    char body[ANSWER_MAX + 2];

    memset(body, 'x', sizeof(body));
    body[ANSWER_MAX + 1] = '\0';
    for (int i = 0; i < 3; i++) {
        int connection = http_server_accept(listener);
        char head[128];

        http_server_take(connection);
        snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nConnection: close\r\nETag: \"1\"\r\n%s%d\r\n\r\n",
                 i == 0 ? "X-Chunked: " : "Content-Length: ", i == 2 ? ANSWER_MAX : ANSWER_MAX + 1);
        http_server_say(connection, head);
        http_server_say(connection, i == 2 ? body + 1 : body);
        close(connection);
    }
}

START_TEST(a_body_over_the_limit_is_dropped_and_one_at_the_limit_is_not)
{
    struct http_server server = http_server_start(serve_too_much);

    begin();
    for (uint64_t id = 1; id <= 2; id++) { /* without a length, and with one */
        ask((struct http_request){.id = id}, server.url, "/");
        assert_answer(HTTP_TOO_LARGE, SENT_ONCE, 200);
        ck_assert(bytes_equal(answer.headers[1].value, BYTES("\"1\"")));
        ck_assert_uint_le(answer.body.size, ANSWER_MAX);
    }
    ask((struct http_request){.id = 3}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 200);
    ck_assert_uint_eq(answer.body.size, ANSWER_MAX);
    end();
}
END_TEST

static void serve_a_redirect(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    if (http_server_take(connection))
        http_server_say(connection, OK_EMPTY);
}

START_TEST(a_redirect_is_an_answer)
{
    struct http_server server = http_server_start(serve_a_redirect);

    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 302);
    end();
}
END_TEST

static void serve_each_connection_with_its_number(int listener)
{
    for (int i = 1;; i++) {
        int connection = http_server_accept(listener);
        char text[128];

        snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d", i % 10);
        http_server_take(connection);
        http_server_say(connection, text);
        if (http_server_take(connection))
            http_server_say(connection, text);
    }
}

START_TEST(connections_are_reused_unless_a_fresh_one_is_wanted)
{
    struct http_server server = http_server_start(serve_each_connection_with_its_number);

    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    ck_assert(bytes_equal(answer.body, BYTES("1")));
    ask((struct http_request){.id = 2}, server.url, "/");
    ck_assert(bytes_equal(answer.body, BYTES("1")));
    ask((struct http_request){.id = 3, .wants_fresh_connection = true}, server.url, "/");
    ck_assert(bytes_equal(answer.body, BYTES("2")));
    end();
}
END_TEST

START_TEST(a_request_that_is_late_is_not_sent)
{
    struct http_server server = http_server_start(serve_each_connection_with_its_number);

    begin();
    ask((struct http_request){.id = 1, .begin_by_ms = clock_now_ms()}, server.url, "/");
    assert_answer(HTTP_UNREACHABLE, SENT_NOT, 0);
    ask((struct http_request){.id = 2, .begin_by_ms = clock_now_ms() + 60000}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 200);
    ask((struct http_request){.id = 3, .begin_by_ms = clock_now_ms()}, server.url, "/"); /* by the same connection */
    assert_answer(HTTP_UNREACHABLE, SENT_NOT, 0);
    end();
}
END_TEST

static void serve_one_request_each(int listener)
{
    for (;;) {
        int connection = http_server_accept(listener);

        http_server_take(connection);
        http_server_say(connection, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        close(connection);
    }
}

START_TEST(many_requests_are_each_answered_once)
{
    struct http_server server = http_server_start(serve_one_request_each);
    bool is_answered[200] = {false};

    begin();
    for (uint64_t id = 0; id < 200; id += 8) {
        for (uint64_t i = 0; i < 8; i++)
            send_request((struct http_request){.id = id + i, .method = "PUT", .body = BYTES("{}")}, server.url, "/");
        for (uint64_t i = 0; i < 8; i++) {
            ck_assert(next_within(30000));
            assert_answer(HTTP_ANSWERED, SENT_ONCE, 204);
            ck_assert(!is_answered[answer.id]);
            is_answered[answer.id] = true;
        }
    }
    for (size_t i = 0; i < 200; i++)
        ck_assert(is_answered[i]);
    end();
}
END_TEST

START_TEST(a_cancelled_request_has_no_answer)
{
    struct http_server server = http_server_start(serve_silence);
    struct http_server other = http_server_start(serve_one_request_each);

    begin();
    send_request((struct http_request){.id = 1}, server.url, "/");
    run_until_taken(&server);
    transport->operations->cancel(transport, 1);
    transport->operations->cancel(transport, 99);
    ask((struct http_request){.id = 2}, other.url, "/");
    send_request((struct http_request){.id = 3}, other.url, "/");
    while (transport->operations->deadline(transport) != 0) { /* 0: the answer is there, not yet pulled */
        struct pollfd readable = {.fd = transport->operations->descriptor(transport), .events = POLLIN};

        poll(&readable, 1, 10);
        transport->operations->run(transport, clock_now_ms());
    }
    transport->operations->cancel(transport, 3);
    ck_assert(!transport->operations->next(transport, &answer));
    end();
}
END_TEST

START_TEST(a_proxy_of_the_environment_is_not_used)
{
    struct http_server server = http_server_start(serve_one_request_each);

    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 204);
    end();
}
END_TEST

START_TEST(a_transport_is_freed_with_requests_under_way)
{
    struct http_server server = http_server_start(serve_silence);

    begin();
    send_request((struct http_request){.id = 1, .method = "PUT", .body = BYTES("{}")}, server.url, "/");
    run_until_taken(&server);
    end();
}
END_TEST

UNIT_TESTS("service/transport", a_request_goes_out_as_it_is_and_the_final_answer_comes_back,
           a_request_that_goes_out_in_pieces_is_sent_once,
           a_body_over_the_limit_is_dropped_and_one_at_the_limit_is_not, a_redirect_is_an_answer,
           connections_are_reused_unless_a_fresh_one_is_wanted,
           a_request_that_is_late_is_not_sent, many_requests_are_each_answered_once,
           a_cancelled_request_has_no_answer, a_proxy_of_the_environment_is_not_used,
           a_transport_is_freed_with_requests_under_way)
