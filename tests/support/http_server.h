#ifndef IFMATCH_TESTS_SUPPORT_HTTP_SERVER_H
#define IFMATCH_TESTS_SUPPORT_HTTP_SERVER_H

/* An HTTP server whose every byte, silence and reset a test decides: a child process runs the test's function on a
 * listening socket of a free port. What it reads comes back to the test through a pipe. It dies with the test. */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct http_server {
    int port;
    int report; /* to read: the requests as they came, and what the function reports */
    char url[64]; /* without a slash at the end */
};

static int http_server_pipe = -1; /* in the child */

static inline struct http_server http_server_start(void (*serve)(int listener))
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    struct http_server server;
    int ends[2], listener = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(listener, 64), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    ck_assert_int_eq(pipe(ends), 0);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, SIG_IGN);
        close(ends[0]);
        http_server_pipe = ends[1];
        serve(listener);
        _exit(0);
    }
    close(ends[1]);
    close(listener);
    server.port = ntohs(address.sin_port);
    server.report = ends[0];
    snprintf(server.url, sizeof(server.url), "http://127.0.0.1:%d", server.port);
    return server;
}

/* --- for the function in the child --- */

static inline void http_server_report(const char *text)
{
    if (write(http_server_pipe, text, strlen(text)) != (ssize_t)strlen(text))
        _exit(1);
}

static inline int http_server_accept(int listener)
{
    int connection = accept(listener, NULL, NULL);

    if (connection < 0)
        _exit(1);
    return connection;
}

/* One whole request, reported with "\n--\n" behind it. False: the client closed. */
static inline bool http_server_take(int connection)
{
    static char request[1 << 16];
    size_t size = 0, wanted = SIZE_MAX;
    ssize_t got;

    while (size < wanted && (got = read(connection, request + size, sizeof(request) - 1 - size)) > 0) {
        const char *end, *length;

        size += (size_t)got;
        request[size] = '\0';
        end = strstr(request, "\r\n\r\n");
        length = strcasestr(request, "\r\nContent-Length:");
        if (end != NULL)
            wanted = (size_t)(end - request) + 4 + (length != NULL ? strtoul(length + 17, NULL, 10) : 0);
    }
    if (size < wanted)
        return false;
    http_server_report(request);
    http_server_report("\n--\n");
    return true;
}

static inline void http_server_say(int connection, const char *text)
{
    if (send(connection, text, strlen(text), MSG_NOSIGNAL) < 0)
        return; /* the client has left: that is its part of the test */
}

static inline void http_server_reset(int connection)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(connection);
}

/* --- for the test --- */

/* What was reported until `wanted` is in it. */
static inline const char *http_server_await(const struct http_server *server, const char *wanted)
{
    static char text[1 << 17];
    static size_t size;

    while (strstr(text, wanted) == NULL) {
        ssize_t got = read(server->report, text + size, sizeof(text) - 1 - size);

        ck_assert_msg(got > 0, "the server ended without '%s': %s", wanted, text);
        size += (size_t)got;
        text[size] = '\0';
    }
    return text;
}

#endif
