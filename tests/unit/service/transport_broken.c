#include "tests/support/transport.h"

static void serve_reset(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_reset(connection);
}

START_TEST(a_reset_after_the_request_is_broken_and_was_sent_once)
{
    struct http_server server = http_server_start(serve_reset);

    begin();
    ask((struct http_request){.id = 1, .method = "PUT", .body = BYTES("{}")}, server.url, "/");
    assert_answer(HTTP_BROKEN, SENT_ONCE, 0);
    end();
}
END_TEST

static void serve_half_a_body(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    close(connection);
}

START_TEST(a_body_that_is_cut_is_broken)
{
    struct http_server server = http_server_start(serve_half_a_body);

    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    assert_answer(HTTP_BROKEN, SENT_ONCE, 200);
    end();
}
END_TEST

static void serve_half_a_head(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Le");
    close(connection);
}

START_TEST(a_head_that_is_cut_is_broken)
{
    struct http_server server = http_server_start(serve_half_a_head);

    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    assert_answer(HTTP_BROKEN, SENT_ONCE, 200);
    end();
}
END_TEST

static void serve_no_http(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_say(connection, "SSH-2.0-OpenSSH_9.2\r\n\r\n");
    close(connection);
}

START_TEST(what_is_not_http_is_broken)
{
    struct http_server server = http_server_start(serve_no_http);

    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    assert_answer(HTTP_BROKEN, SENT_ONCE, 0);
    end();
}
END_TEST

START_TEST(a_service_that_never_answers_is_a_timeout)
{
    struct http_server server = http_server_start(serve_silence);

    begin();
    ask((struct http_request){.id = 1, .method = "PUT", .body = BYTES("{}"), .timeout_ms = 300}, server.url, "/");
    assert_answer(HTTP_TIMEOUT, SENT_ONCE, 0);
    ck_assert_int_ge(answer.took_ms, 250);
    end();
}
END_TEST

static void serve_nobody(int listener)
{
    close(listener);
}

START_TEST(without_a_connection_nothing_is_sent)
{
    struct http_server server = http_server_start(serve_nobody);

    begin();
    ck_assert_int_eq(read(server.report, &(char){0}, 1), 0); /* the child has ended, the port is closed */
    ask((struct http_request){.id = 1, .method = "PUT", .body = BYTES("{}")}, server.url, "/");
    assert_answer(HTTP_UNREACHABLE, SENT_NOT, 0);
    ask((struct http_request){.id = 2}, "ftp://127.0.0.1", "/");
    assert_answer(HTTP_UNREACHABLE, SENT_NOT, 0);
    end();
}
END_TEST

static void serve_no_tls(int listener)
{
    int connection = http_server_accept(listener);

    http_server_say(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
    close(connection);
}

START_TEST(a_failed_tls_handshake_sends_nothing)
{
    struct http_server server = http_server_start(serve_no_tls);
    auto_text url = memory_format("https%s", server.url + 4);

    begin();
    ask((struct http_request){.id = 1, .method = "PUT", .body = BYTES("{}")}, url, "/");
    assert_answer(HTTP_UNREACHABLE, SENT_NOT, 0);
    end();
}
END_TEST

static void serve_a_connection_that_dies_with_the_second_request(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_say(connection, OK_EMPTY);
    http_server_take(connection);
    http_server_reset(connection);
    connection = http_server_accept(listener);
    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 412 Stale\r\nContent-Length: 0\r\n\r\n");
    http_server_take(connection);
}

START_TEST(a_request_that_is_sent_again_on_a_new_connection_is_perhaps_sent_twice)
{
    struct http_server server = http_server_start(serve_a_connection_that_dies_with_the_second_request);

    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 200);
    ask((struct http_request){.id = 2, .method = "PUT", .body = BYTES("{}")}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_PERHAPS_TWICE, 412);
    end();
}
END_TEST

static void serve_and_close_while_idle(int listener)
{
    for (int i = 0; i < 2; i++) {
        int connection = http_server_accept(listener);

        http_server_take(connection);
        http_server_say(connection, OK_EMPTY);
        close(connection);
        http_server_report("closed");
    }
}

START_TEST(a_connection_that_was_closed_while_idle_costs_nothing)
{
    struct http_server server = http_server_start(serve_and_close_while_idle);

    begin();
    ask((struct http_request){.id = 1}, server.url, "/");
    http_server_await(&server, "closed");
    ask((struct http_request){.id = 2, .method = "PUT", .body = BYTES("{}")}, server.url, "/");
    assert_answer(HTTP_ANSWERED, SENT_ONCE, 200);
    end();
}
END_TEST

UNIT_TESTS("service/transport_broken", a_reset_after_the_request_is_broken_and_was_sent_once,
           a_body_that_is_cut_is_broken,
           a_head_that_is_cut_is_broken, what_is_not_http_is_broken, a_service_that_never_answers_is_a_timeout,
           without_a_connection_nothing_is_sent, a_failed_tls_handshake_sends_nothing,
           a_request_that_is_sent_again_on_a_new_connection_is_perhaps_sent_twice,
           a_connection_that_was_closed_while_idle_costs_nothing)
