#include "service/service.h"
#include "common/clock.h"
#include "common/memory.h"
#include "tests/support/http_server.h"
#include "tests/support/unit.h"

#include <poll.h>

static struct service *service;
static struct address *address;
static char url[128], profile_name[32];
static struct answer answer;
static uint64_t action_id;
static int64_t took_ms;
static bool is_write;

static struct config config_of(const struct http_server *server, const char *profile)
{
    snprintf(url, sizeof(url), "%s/documents/{id}", server->url);
    snprintf(profile_name, sizeof(profile_name), "%s", profile);
    address_free(address);
    ck_assert(address_new(url, NULL, &address, NULL));
    return (struct config){.address = address,
                           .service = {.profile = profile_name,
                                       .timeout_ms = 20000,
                                       .connect_timeout_ms = 5000,
                                       .max_in_flight = 8,
                                       .document_bytes_max = 1000}};
}

static void begin(const struct config *config)
{
    struct error error = {0};

    service = service_new(config, &error);
    ck_assert_msg(service != NULL, "%s", error.text);
}

static void await(void)
{
    int64_t until_ms = clock_now_ms() + 30000;

    while (!service_next(service, &action_id, &answer, &is_write, &took_ms)) {
        struct pollfd readable = {.fd = service_descriptor(service), .events = POLLIN};
        int64_t now_ms = clock_now_ms(), wait_ms = service_deadline(service) - now_ms;

        ck_assert_int_lt(now_ms, until_ms);
        poll(&readable, 1, wait_ms <= 0 ? 0 : wait_ms > 1000 ? 1000 : (int)wait_ms);
        service_run(service, clock_now_ms(), clock_wall_ms());
    }
}

static void read_document(uint64_t id, const char *document)
{
    const struct action action = {.kind = ACTION_READ, .id = id, .read.document = bytes_of(document)};

    service_perform(service, &action, clock_now_ms());
    await();
    ck_assert(action_id == id && !is_write);
}

static void write_document(uint64_t id, const char *document, const char *body)
{
    const struct action action = {
        .kind = ACTION_WRITE,
        .id = id,
        .write = {.document = bytes_of(document), .version = BYTES("\"1\""), .body = bytes_of(body)}};

    service_perform(service, &action, clock_now_ms());
    await();
    ck_assert(action_id == id && is_write);
}

static void serve_kinto(int listener)
{
    int connection = http_server_accept(listener);

    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 25\r\n\r\n"
                                "{\"data\":{\"id\":1,\"a\":1.0}}");
    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Length: 25\r\n\r\n"
                                "{\"data\":{\"id\":1,\"a\":2.0}}");
    http_server_take(connection);
    http_server_say(connection, "HTTP/1.1 412 Stale\r\nETag: \"3\"\r\nContent-Length: 2\r\n\r\n{}");
    http_server_take(connection);
}

START_TEST(actions_are_performed_by_the_profile)
{
    struct http_server server = http_server_start(serve_kinto);
    struct config config = config_of(&server, "kinto");
    const char *seen;

    config.service.auth.kind = SERVICE_AUTH_BEARER;
    config.service.auth.token = (char[]){"secret"};
    begin(&config);
    read_document(11, "a b");
    ck_assert(answer.meaning == MEANING_OK && bytes_equal(answer.document, BYTES("{\"id\":1,\"a\":1.0}")));
    ck_assert(bytes_equal(answer.version, BYTES("\"1\"")));
    write_document(12, "a b", "{\"id\":1,\"a\":2.0}");
    ck_assert(answer.meaning == MEANING_OK && answer.sent == SENT_ONCE && bytes_equal(answer.version, BYTES("\"2\"")));
    write_document(13, "a b", "{}");
    ck_assert(answer.meaning == MEANING_STALE && answer.status == 412 && !bytes_present(answer.version));
    seen = http_server_await(&server, "{\"data\":{}}\n--\n");
    ck_assert_ptr_nonnull(strstr(seen, "GET /documents/a%20b HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull(strstr(seen, "PUT /documents/a%20b HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull(strstr(seen, "\r\nAuthorization: Bearer secret\r\n"));
    ck_assert_ptr_nonnull(strstr(seen, "\r\nIf-Match: \"1\"\r\n"));
    ck_assert_ptr_nonnull(strstr(seen, "\r\n\r\n{\"data\":{\"a\":2.0}}\n--\n"));
    service_free(service);
}
END_TEST

static void serve_nothing(int listener)
{
    http_server_accept(listener);
    http_server_report("connected");
}

START_TEST(what_cannot_be_expressed_is_answered_without_a_request)
{
    struct http_server server = http_server_start(serve_nothing);
    struct config config = config_of(&server, "etag");
    const struct json_edit edits[] = {{.pointer = BYTES("/a"), .value = BYTES("null")}};
    const struct action action = {
        .kind = ACTION_WRITE,
        .id = 3,
        .write = {.document = BYTES("x"), .body = BYTES("{}"), .edits = edits, .edit_count = 1}};
    struct pollfd report = {.fd = server.report, .events = POLLIN};

    config.service.write = SERVICE_WRITE_MERGE_PATCH;
    begin(&config);
    service_perform(service, &action, clock_now_ms());
    ck_assert_int_eq(service_deadline(service), 0);
    ck_assert(service_next(service, &action_id, &answer, &is_write, &took_ms));
    ck_assert(action_id == 3 && is_write && answer.meaning == MEANING_NOT_EXPRESSIBLE && answer.sent == SENT_NOT);
    ck_assert(answer.detail.size > 0 && !service_next(service, &action_id, &answer, &is_write, &took_ms));
    ck_assert_int_eq(service_deadline(service), INT64_MAX);
    ck_assert_int_eq(poll(&report, 1, 0), 0);
    service_free(service);
}
END_TEST

static void say_connection(int connection, int number)
{
    char text[128];

    snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 7\r\n\r\n{\"c\":%d}", number);
    http_server_say(connection, text);
}

/* The first connection breaks with its request, the others live until the client leaves. */
static void serve_a_broken_write(int listener)
{
    int first = http_server_accept(listener), second, third;

    http_server_take(first);
    http_server_reset(first);
    second = http_server_accept(listener);
    http_server_take(second);
    say_connection(second, 2);
    third = http_server_accept(listener);
    http_server_take(third);
    say_connection(third, 3);
    while (http_server_take(third))
        say_connection(third, 3);
}

START_TEST(the_read_after_a_broken_write_takes_a_fresh_connection)
{
    struct http_server server = http_server_start(serve_a_broken_write);
    struct config config = config_of(&server, "etag");

    begin(&config);
    write_document(1, "a", "{}");
    ck_assert(answer.meaning == MEANING_OUTAGE && answer.sent == SENT_ONCE);
    read_document(2, "b");
    ck_assert(bytes_equal(answer.document, BYTES("{\"c\":2}")));
    read_document(3, "a"); /* the second connection is idle, and not taken */
    ck_assert(bytes_equal(answer.document, BYTES("{\"c\":3}")));
    service_free(service);
}
END_TEST

/* One answer for each path; the client is asked to close. */
static void serve_checks(int listener)
{
    static const char *const answers[] = {
        "200 OK\r\nETag: \"7\"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        "200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        "404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "401 Unauthorized\r\nContent-Length: 9\r\nConnection: close\r\n\r\nwho is it",
        "200 OK\r\nETag: \"7\"\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>",
    };

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        int connection = http_server_accept(listener);

        http_server_take(connection);
        http_server_say(connection, "HTTP/1.1 ");
        http_server_say(connection, answers[i]);
        close(connection);
    }
}

START_TEST(a_check_says_in_one_line_what_it_found)
{
    static const struct {
        bool is_good;
        const char *text;
    } wanted[] = {
        {true, "read 'd', version \"7\""},
        {false, "MISSING: no write could be protected"},
        {true, "404 missing"},
        {false, "401 unauthorized: who is it"},
        {false, "200 unreadable: byte 0: the body is not a JSON object"},
    };
    struct http_server server = http_server_start(serve_checks);
    struct config config = config_of(&server, "etag");

    begin(&config);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        auto_text text = NULL;
        bool is_good = service_check(service, "d", &text);

        ck_assert_msg(is_good == wanted[i].is_good && strstr(text, wanted[i].text) != NULL, "%s", text);
        ck_assert(strstr(text, server.url) != NULL && strchr(text, '\n') == NULL);
    }
    service_free(service);
}
END_TEST

static void serve_nobody(int listener)
{
    close(listener);
}

START_TEST(a_check_without_a_service_or_an_id_fails)
{
    struct http_server server = http_server_start(serve_nobody);
    struct config config = config_of(&server, "etag");
    auto_text unreachable = NULL;
    auto_text bad_id = NULL;

    begin(&config);
    ck_assert_int_eq(read(server.report, &(char){0}, 1), 0); /* the port is closed */
    ck_assert(!service_check(service, "d", &unreachable));
    ck_assert_msg(strstr(unreachable, "no answer, outage: Failed to connect") != NULL, "%s", unreachable);
    ck_assert(!service_check(service, "..", &bad_id));
    ck_assert_str_eq(bad_id, "'..' cannot be a document's id: it means another place in a URL");
    service_free(service);
}
END_TEST

START_TEST(the_engine_learns_what_the_profile_knows)
{
    struct http_server server = http_server_start(serve_nobody);
    struct config config = config_of(&server, "kinto");
    struct engine_options options;

    engine_options_init(&options);
    begin(&config);
    service_set_options(service, &options);
    ck_assert(options.after_write == AFTER_WRITE_BODY && !options.writes_patch && !options.versions_are_reused);
    ck_assert_str_eq(service_profile_name(service), "kinto");
    ck_assert_str_eq(service_method(service, false), "GET");
    ck_assert_str_eq(service_method(service, true), "PUT");
    service_free(service);
}
END_TEST

START_TEST(where_fields_are_tested_only_what_the_service_shows_is_known)
{
    struct http_server server = http_server_start(serve_nobody);
    struct config config = config_of(&server, "etag");
    struct rules_defaults defaults = RULES_DEFAULTS;
    struct error error = {0};
    struct engine_options options;

    config.service.write = SERVICE_WRITE_JSON_PATCH;
    config.service.precondition = PRECONDITION_FIELDS;
    engine_options_init(&options);
    begin(&config);
    service_set_options(service, &options);
    ck_assert(options.fields_are_tested && options.after_write == AFTER_WRITE_NONE);
    service_free(service);
    defaults.base_version = BASE_VERSION_REQUIRE;
    config.rules = rules_new(&defaults);
    ck_assert_ptr_null(service_new(&config, &error));
    ck_assert(error.kind == ERROR_USAGE && strstr(error.text, "merge.base_version: require") != NULL);
    rules_free(config.rules);
}
END_TEST

START_TEST(a_service_needs_a_url_and_a_profile)
{
    struct http_server server = http_server_start(serve_nobody);
    struct config config = config_of(&server, "none");
    struct error error = {0};

    ck_assert_ptr_null(service_new(&config, &error));
    ck_assert(error.kind == ERROR_USAGE && strstr(error.text, "no profile 'none'") != NULL);
    config.address = NULL;
    ck_assert_ptr_null(service_new(&config, &error));
    ck_assert(error.kind == ERROR_USAGE && strstr(error.text, "service.url") != NULL);
}
END_TEST

UNIT_TESTS("service/service", actions_are_performed_by_the_profile,
           what_cannot_be_expressed_is_answered_without_a_request,
           the_read_after_a_broken_write_takes_a_fresh_connection, a_check_says_in_one_line_what_it_found,
           a_check_without_a_service_or_an_id_fails, the_engine_learns_what_the_profile_knows,
           where_fields_are_tested_only_what_the_service_shows_is_known, a_service_needs_a_url_and_a_profile)
