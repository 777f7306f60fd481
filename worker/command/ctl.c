#include "admin/ctl.h"

#include "admin/socket.h"
#include "command/arguments.h"
#include "command/command.h"
#include "command/ctl_print.h"
#include "common/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char help[] =
    "Usage: ifmatch ctl ACTION -c FILE [OPTION]...\n"
    "Speaks to one running worker over its unix socket, admin.socket in its configuration.\n\n";

static const char help_options[] =
    "\nPausing twice is fine. A pause ends with `resume`, and with the worker: it does not survive a restart.\n\n"
    "      --socket PATH     the socket, instead of the one that the configuration names; needs no -c\n"
    "  -J, --json            the worker's answer as it is, one JSON object\n" ARGUMENTS_HELP
    "\nExit codes: 0 done, 1 no worker answers there, 2 wrong use or configuration.\n";

#define TIMEOUT_MS       10000 /* longer than a worker waits for a client that holds a place */
#define ANSWER_BYTES_MAX (16 << 20)

struct request {
    enum ctl_order order;
    const char *socket;
    bool as_json;
};

static void print_help(void)
{
    fputs(help, stdout);
    for (enum ctl_order order = 0; order < CTL_ORDER_COUNT; order++)
        printf("  %-8s %s\n", ctl_order_name(order), ctl_order_purpose(order));
    fputs(help_options, stdout);
}

static bool fail_exchange(struct error *error)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return error_set(error, ERROR_UNAVAILABLE, "the worker does not answer within %d s: is it stopped?",
                         TIMEOUT_MS / 1000);
    return error_set_errno(error, "the connection broke");
}

/* The line goes, the answer comes until the worker closes. */
static bool exchange(int descriptor, enum ctl_order order, struct buffer *out, struct error *error)
{
    auto_text line = memory_format("%s\n", ctl_order_name(order));
    char piece[16384];
    ssize_t got;

    if (send(descriptor, line, strlen(line), MSG_NOSIGNAL) != (ssize_t)strlen(line))
        return fail_exchange(error);
    while ((got = recv(descriptor, piece, sizeof(piece), 0)) > 0)
        buffer_add(out, (struct bytes){piece, (size_t)got});
    if (got < 0)
        return fail_exchange(error);
    if (out->overflowed || out->size == 0)
        return error_set(error, ERROR_UNAVAILABLE, "the connection was closed without an answer");
    return true;
}

static int ask(const char *path, const struct request *request)
{
    struct error error = {0};
    auto_buffer answer;
    int descriptor;
    bool is_good;

    buffer_init(&answer, ANSWER_BYTES_MAX);
    descriptor = socket_connect(path, TIMEOUT_MS, &error);
    if (descriptor < 0)
        return arguments_failed("ctl", &error);
    is_good = exchange(descriptor, request->order, &answer, &error) &&
              ctl_print(request->order, request->as_json, buffer_bytes(&answer), &error);
    close(descriptor);
    if (is_good)
        return EXIT_GOOD;
    error_wrap(&error, "%s", path);
    return arguments_failed("ctl", &error);
}

static int load_and_ask(const struct arguments *arguments, const struct request *request)
{
    struct config *config;
    int code;

    if (request->socket != NULL)
        return ask(request->socket, request);
    config = arguments_load(arguments);
    if (config == NULL)
        return EXIT_USAGE;
    if (config->admin_socket != NULL)
        code = ask(config->admin_socket, request);
    else
        code = arguments_wrong("ctl", "admin.socket is off: set it to a path and restart the worker, or give --socket");
    config_free(config);
    return code;
}

static int run(const struct arguments *arguments, struct request *request, const char *name)
{
    auto_buffer known;

    buffer_init(&known, 256);
    if (name != NULL && ctl_order_parse(bytes_of(name), &request->order))
        return load_and_ask(arguments, request);
    ctl_order_list(&known);
    return arguments_wrong("ctl", "expected one of %.*s", BYTES_ARG(buffer_bytes(&known)));
}

int command_ctl(int argc, char **argv)
{
    static const struct option options[] = {ARGUMENTS_LONG,
                                            {"json", no_argument, NULL, 'J'},
                                            {"socket", required_argument, NULL, 'o'},
                                            {0}};
    struct arguments arguments = {0};
    struct request request = {0};
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT "J", options, NULL)) != -1) {
        if (option == 'h') {
            print_help();
            code = EXIT_GOOD;
        } else if (option == 'J') {
            request.as_json = true;
        } else if (option == 'o') {
            request.socket = optarg;
        } else if (!arguments_take(&arguments, option, optarg)) {
            code = arguments_wrong_option("ctl");
        }
    }
    if (code < 0)
        code = optind + 1 < argc ? arguments_wrong("ctl", "unexpected '%s'", argv[optind + 1])
                                 : run(&arguments, &request, argv[optind]);
    arguments_release(&arguments);
    return code;
}
