#include "common/clock.h"
#include "common/memory.h"
#include "sandbox/sandbox.h"
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <librdkafka/rdkafka.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_SIZE (1 << 20)

static struct sandbox *sandbox;
static char answer[ANSWER_SIZE];

static void begin(const struct sandbox_options *options)
{
    struct error error = {0};

    ck_assert_msg(sandbox_start(options, &sandbox, &error), "%s", error.text);
}

static int connect_to_service(void)
{
    const char *url = sandbox_url(sandbox);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_port = htons((uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10));
    ck_assert_int_eq(connect(descriptor, (struct sockaddr *)&address, sizeof(address)), 0);
    return descriptor;
}

/* The whole answer into `answer`; its status, 0 if the connection was closed without one. */
static int ask(const char *method, const char *path, const char *headers, const char *body)
{
    int descriptor = connect_to_service(), status = 0;
    auto_text request = memory_format("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
                                      method, path, strlen(body), headers, body);
    size_t size = 0;
    ssize_t got;

    ck_assert_int_eq(write(descriptor, request, strlen(request)), (ssize_t)strlen(request));
    while ((got = read(descriptor, answer + size, ANSWER_SIZE - 1 - size)) > 0)
        size += (size_t)got;
    close(descriptor);
    answer[size] = '\0';
    if (size > 0)
        ck_assert(sscanf(answer, "HTTP/1.1 %d", &status) == 1 && status > 0);
    return status;
}

static bool answer_has(const char *text)
{
    return strstr(answer, text) != NULL;
}

START_TEST(documents_are_read_and_written_by_version)
{
    begin(&(struct sandbox_options){.without_broker = true, .documents = 2});
    ck_assert_int_eq(ask("GET", "/documents/4711", "", ""), 200);
    ck_assert(answer_has("ETag: \"1\"\r\n") && answer_has("\"owner\":\"ana\""));
    ck_assert_int_eq(ask("GET", "/documents/4711", "If-None-Match: \"1\"\r\n", ""), 304);
    ck_assert_int_eq(ask("GET", "/documents/none", "", ""), 404);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "", "{}"), 428);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"9\"\r\n", "{}"), 412);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"1\"\r\n", "[]"), 400);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"1\"\r\n", "{\"a\": 1.0}"), 204);
    ck_assert(answer_has("ETag: \"3\"\r\n"));
    ck_assert_int_eq(ask("PATCH", "/documents/4711", "If-Match: \"3\"\r\n", "{\"b\":2}"), 415);
    ck_assert_int_eq(ask("PATCH", "/documents/4711",
                         "If-Match: \"3\"\r\nContent-Type: application/merge-patch+json\r\n", "{\"b\":2}"),
                     204);
    ck_assert_int_eq(ask("GET", "/documents/4711", "", ""), 200);
    ck_assert(answer_has("\r\n\r\n{\"a\": 1.0,\"b\":2}"));
    ck_assert_int_eq(ask("PUT", "/documents/new%2F%C3%A9", "If-None-Match: *\r\n", "{}"), 201);
    ck_assert_int_eq(ask("DELETE", "/documents/new%2F%C3%A9", "If-Match: \"5\"\r\n", ""), 204);
    ck_assert_int_eq(ask("GET", "/documents/new%2F%C3%A9", "", ""), 404);
    sandbox_stop(sandbox);
}
END_TEST

START_TEST(a_stale_write_is_a_conflict_where_asked)
{
    begin(&(struct sandbox_options){.without_broker = true, .documents = 1, .stale_status = 409});
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"9\"\r\n", "{}"), 409);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-None-Match: *\r\n", "{}"), 409);
    sandbox_stop(sandbox);
}
END_TEST

START_TEST(a_lost_answer_is_in_the_log_and_so_is_a_lost_request)
{
    begin(&(struct sandbox_options){.without_broker = true, .documents = 1});
    ck_assert_int_eq(ask("POST", "/_faults", "", "{\"answer_lost\":1}"), 204);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"1\"\r\n", "{\"a\":1}"), 0);
    ck_assert_int_eq(ask("POST", "/_faults", "", "{\"request_lost\":1}"), 204);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"2\"\r\n", "{\"a\":2}"), 0);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"2\"\r\nX-Writer: eve\r\n", "{\"a\":3}"), 204);
    ck_assert_int_eq(ask("GET", "/_log?after=1&limit=1", "", ""), 200);
    ck_assert(answer_has("\"seq\":2,") && answer_has("\"fault\":\"answer_lost\"") && answer_has("\"after\":{\"a\":1}"));
    ck_assert(!answer_has("\"seq\":3,"));
    ck_assert_int_eq(ask("GET", "/_log?after=2", "", ""), 200);
    ck_assert(answer_has("\"seq\":3,") && answer_has("\"version_after\":null,\"fault\":\"request_lost\""));
    ck_assert(answer_has("\"seq\":4,") && answer_has("\"writer\":\"eve\""));
    ck_assert_int_eq(ask("GET", "/_statistics", "", ""), 200);
    ck_assert(answer_has("\"answer_lost\":1,") && answer_has("\"eve\":1") && answer_has("\"anonymous\":1"));
    sandbox_stop(sandbox);
}
END_TEST

START_TEST(after_a_lost_answer_somebody_else_changes_the_same_field)
{
    begin(&(struct sandbox_options){.without_broker = true});
    ck_assert_int_eq(ask("POST", "/_documents", "", "{\"d\":{\"a\":1,\"b\":1},\"e\":{}}"), 204);
    ck_assert_int_eq(ask("POST", "/_faults", "", "{\"answer_lost_then_foreign\":1}"), 204);
    ck_assert_int_eq(ask("PUT", "/documents/d", "If-Match: \"1\"\r\n", "{\"a\":1,\"b\":2}"), 0);
    ck_assert_int_eq(ask("GET", "/documents/d", "", ""), 200);
    ck_assert(answer_has("{\"a\":1,\"b\":\"user-900000001\"}"));
    ck_assert_int_eq(ask("GET", "/_log?after=3", "", ""), 200);
    ck_assert(answer_has("\"writer\":\"user\"") && answer_has("\"before\":{\"a\":1,\"b\":2}"));
    sandbox_stop(sandbox);
}
END_TEST

START_TEST(an_unavailable_service_says_when_to_come_back)
{
    begin(&(struct sandbox_options){.without_broker = true, .documents = 1});
    ck_assert_int_eq(ask("POST", "/_faults", "", "{\"unavailable\":1,\"unavailable_seconds\":3}"), 204);
    ck_assert_int_eq(ask("PUT", "/documents/4711", "If-Match: \"1\"\r\n", "{}"), 503);
    ck_assert(answer_has("Retry-After: 3\r\n"));
    ck_assert_int_eq(ask("GET", "/documents/4711", "", ""), 200);
    ck_assert_int_eq(ask("POST", "/_faults", "", "{\"nonsense\":1}"), 400);
    sandbox_stop(sandbox);
}
END_TEST

START_TEST(answers_take_the_latency_that_was_asked_for)
{
    int64_t started_ms;

    begin(&(struct sandbox_options){.without_broker = true, .documents = 1, .latency_ms = 80});
    started_ms = clock_now_ms();
    ck_assert_int_eq(ask("GET", "/documents/4711", "", ""), 200);
    ck_assert_int_ge(clock_now_ms() - started_ms, 79);
    sandbox_stop(sandbox);
}
END_TEST

static void wait_until_statistics_have(const char *text, bool wanted)
{
    int64_t until_ms = clock_now_ms() + 30000;

    do {
        ck_assert_int_lt(clock_now_ms(), until_ms);
        poll(NULL, 0, 10);
        ck_assert_int_eq(ask("GET", "/_statistics", "", ""), 200);
    } while (answer_has(text) != wanted);
}

START_TEST(a_foreign_user_writes_until_told_to_stop)
{
    begin(&(struct sandbox_options){.without_broker = true, .documents = 3, .foreign_per_second = 200});
    wait_until_statistics_have("\"user\":", true);
    ck_assert_int_eq(ask("POST", "/_foreign", "", "{\"per_second\":0}"), 204);
    wait_until_statistics_have("\"busy\":0", true);
    ck_assert(answer_has("\"failed\":0"));
    ck_assert_int_eq(ask("POST", "/_foreign", "",
                         "{\"per_second\":500,\"writer\":\"eve\",\"fields\":[\"/owner\"],"
                         "\"values\":{\"/owner\":[\"zoe\",\"kim\"]}}"),
                     204);
    wait_until_statistics_have("\"eve\":", true);
    ck_assert_int_eq(ask("GET", "/_log?limit=10000", "", ""), 200);
    ck_assert(answer_has("\"owner\":\"zoe\"") || answer_has("\"owner\":\"kim\""));
    ck_assert_int_eq(ask("POST", "/_foreign", "", "{\"per_second\":-1}"), 400);
    sandbox_stop(sandbox);
}
END_TEST

static bool is_delivered;

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *context)
{
    (void)client;
    (void)context;
    is_delivered = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
}

START_TEST(the_broker_takes_messages)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_topic_t *topic;
    char payload[] = "{}";
    rd_kafka_t *client;

    begin(&(struct sandbox_options){.without_service = true, .brokers = 2, .partitions = 5, .topics = {"updates"}});
    ck_assert_ptr_null(sandbox_url(sandbox));
    rd_kafka_conf_set(conf, "bootstrap.servers", sandbox_brokers(sandbox), NULL, 0);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    topic = rd_kafka_topic_new(client, "updates", NULL);
    ck_assert_int_eq(rd_kafka_metadata(client, 0, topic, &metadata, 20000), RD_KAFKA_RESP_ERR_NO_ERROR);
    ck_assert_int_eq(metadata->topics[0].partition_cnt, 5);
    ck_assert_int_eq(metadata->broker_cnt, 2);
    rd_kafka_metadata_destroy(metadata);
    ck_assert_int_eq(rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, payload, 2, "k", 1, NULL), 0);
    ck_assert_int_eq(rd_kafka_flush(client, 20000), RD_KAFKA_RESP_ERR_NO_ERROR);
    ck_assert(is_delivered);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    sandbox_stop(sandbox);
}
END_TEST

START_TEST(a_port_that_is_taken_is_an_error)
{
    struct sandbox_options options = {.without_broker = true};
    struct sandbox *second = NULL;
    struct error error = {0};

    begin(&options);
    options.port = (uint16_t)strtoul(strrchr(sandbox_url(sandbox), ':') + 1, NULL, 10);
    ck_assert(!sandbox_start(&options, &second, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "cannot listen on 127.0.0.1:"));
    ck_assert_ptr_null(second);
    ck_assert(sandbox_is_alive(sandbox, &error));
    sandbox_stop(sandbox);
}
END_TEST

UNIT_TESTS("sandbox/sandbox", documents_are_read_and_written_by_version, a_stale_write_is_a_conflict_where_asked,
           a_lost_answer_is_in_the_log_and_so_is_a_lost_request,
           after_a_lost_answer_somebody_else_changes_the_same_field, an_unavailable_service_says_when_to_come_back,
           answers_take_the_latency_that_was_asked_for, a_foreign_user_writes_until_told_to_stop,
           the_broker_takes_messages, a_port_that_is_taken_is_an_error)
