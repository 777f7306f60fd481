#include "sandbox/service.h"

#include "common/clock.h"
#include "common/json_write.h"

#include <sys/queue.h>
#include <event2/keyvalq_struct.h>

#define LOG_LINES_DEFAULT 1000

static void answer_parsed(struct service *service, struct evhttp_request *request, const char *why)
{
    if (why != NULL)
        answer_error(service, request, 400, why);
    else
        answer_send(service, request, 204, BYTES_NONE);
}

static void on_faults(struct service *service, struct evhttp_request *request)
{
    answer_parsed(service, request, faults_parse(&service->faults, service_body(request)));
}

static void on_foreign(struct service *service, struct evhttp_request *request)
{
    answer_parsed(service, request, foreign_set(service->foreign, service_body(request)));
}

static const char *create(struct service *service, struct evhttp_request *request, struct arena *arena)
{
    const struct json_limits limits = {.size_max = SERVICE_BODY_BYTES_MAX, .depth_max = 256, .members_max = 50000000};
    struct bytes writer = service_header(request, "X-Writer");
    struct store_write write = {.method = STORE_PUT, .writer = bytes_present(writer) ? writer : BYTES("setup"),
                                .at_ms = clock_wall_ms()};
    struct store_result result;
    struct json_fault fault;
    struct json json;

    if (!json_scan(service_body(request), &limits, arena, &json, &fault))
        return fault.what;
    if (json.values[0].kind != JSON_OBJECT)
        return "expected {\"id\":{...},...}";
    for (uint32_t i = 1; i < json.count; i = json.values[i].after) {
        write.document = json_key(&json, i, arena);
        write.body = json_text(&json, i);
        if (write.document.size == 0 || write.document.size > STORE_ID_BYTES_MAX)
            return "an id is UTF-8 of 1 to 512 bytes";
        store_write(service->store, &write, &result);
        if (result.outcome == STORE_BAD_BODY)
            return result.why;
        if (result.outcome != STORE_CREATED)
            return "a document is there already";
    }
    return NULL;
}

static void on_create(struct service *service, struct evhttp_request *request)
{
    struct arena *arena = arena_new(1 << 16);

    answer_parsed(service, request, create(service, request, arena));
    arena_free(arena);
}

static void on_documents(struct service *service, struct evhttp_request *request)
{
    auto_buffer body;

    buffer_init(&body, (size_t)1 << 30);
    buffer_add_text(&body, "{");
    for (size_t i = 0; i < store_count(service->store); i++) {
        struct store_document document;
        char etag[STORE_ETAG_SIZE];

        store_at(service->store, i, &document);
        buffer_add_text(&body, i > 0 ? "," : "");
        json_write_quoted(&body, document.id);
        buffer_add_text(&body, ":{\"version\":");
        json_write_quoted(&body, bytes_of(store_etag(document.version, etag)));
        buffer_add_text(&body, ",\"document\":");
        buffer_add(&body, document.text);
        buffer_add_text(&body, "}");
    }
    buffer_add_text(&body, "}");
    answer_send(service, request, 200, buffer_bytes(&body));
}

static uint64_t number_of(const struct evkeyvalq *query, const char *key, uint64_t otherwise)
{
    const char *text = evhttp_find_header(query, key);
    uint64_t value;

    return text != NULL && bytes_to_uint64(bytes_of(text), &value) ? value : otherwise;
}

static void on_log(struct service *service, struct evhttp_request *request)
{
    const char *text = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
    struct evkeyvalq query;
    auto_buffer body;
    uint64_t after;

    TAILQ_INIT(&query);
    if (text != NULL)
        evhttp_parse_query_str(text, &query);
    after = number_of(&query, "after", 0);
    buffer_init(&body, SERVICE_BODY_BYTES_MAX);
    store_log_trim(service->store, after);
    store_log_read(service->store, after, number_of(&query, "limit", LOG_LINES_DEFAULT), &body);
    evhttp_clear_headers(&query);
    answer_send(service, request, 200, body.size > 0 ? buffer_bytes(&body) : BYTES(""));
}

static void on_statistics(struct service *service, struct evhttp_request *request)
{
    auto_buffer body;

    buffer_init(&body, 1 << 20);
    buffer_add_text(&body, "{\"writes\":{");
    store_counts(service->store, &body);
    buffer_format(&body, "},\"stale\":%llu,\"documents\":%zu,\"faults\":{",
                  (unsigned long long)store_stale(service->store), store_count(service->store));
    faults_counts(&service->faults, &body);
    buffer_add_text(&body, "},\"foreign\":{");
    foreign_counts(service->foreign, &body);
    buffer_add_text(&body, "}}");
    answer_send(service, request, 200, buffer_bytes(&body));
}

bool control_answer(struct service *service, struct evhttp_request *request, struct bytes path)
{
    static const struct {
        const char *path;
        enum evhttp_cmd_type method;
        void (*answer)(struct service *, struct evhttp_request *);
    } routes[] = {
        {"/_faults", EVHTTP_REQ_POST, on_faults},     {"/_foreign", EVHTTP_REQ_POST, on_foreign},
        {"/_documents", EVHTTP_REQ_POST, on_create},  {"/_documents", EVHTTP_REQ_GET, on_documents},
        {"/_log", EVHTTP_REQ_GET, on_log},            {"/_statistics", EVHTTP_REQ_GET, on_statistics},
    };

    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (bytes_equal(path, bytes_of(routes[i].path)) && evhttp_request_get_command(request) == routes[i].method) {
            routes[i].answer(service, request);
            return true;
        }
    }
    return false;
}
