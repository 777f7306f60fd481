#include "command/demo_service.h"

#include "command/demo_http.h"
#include "common/json_write.h"
#include "common/memory.h"

#include <stdlib.h>

#define LOG_LINES_MAX 2000
#define BODY_MAX      (64 << 20)

static const struct json_limits limits = {.size_max = BODY_MAX, .depth_max = 64, .members_max = 10000000};

struct demo_service {
    struct demo_http *http;
    struct arena *arena;
    struct buffer body;
    FILE *ledger; /* NULL: none */
    int64_t seq; /* of the last line of the log that was read */
};

struct demo_service *demo_service_new(const char *url, struct error *error)
{
    struct demo_http *http = demo_http_new(url, error);
    struct demo_service *service;

    if (http == NULL)
        return NULL;
    service = memory_new(sizeof(*service));
    service->http = http;
    service->arena = arena_new(1 << 20);
    buffer_init(&service->body, BODY_MAX);
    return service;
}

void demo_service_keep(struct demo_service *service, FILE *ledger)
{
    service->ledger = ledger;
}

void demo_service_free(struct demo_service *service)
{
    if (service == NULL)
        return;
    demo_http_free(service->http);
    arena_free(service->arena);
    buffer_release(&service->body);
    free(service);
}

bool demo_service_create(struct demo_service *service, const struct producer *producer, struct check *check,
                         struct error *error)
{
    auto_buffer all, document;

    buffer_init(&all, BODY_MAX);
    buffer_init(&document, 1 << 16);
    for (size_t i = 0; i < PRODUCER_DOCUMENTS; i++) {
        buffer_reset(&document);
        producer_initial(producer, i, &document);
        check_initial(check, bytes_of(producer->documents[i].id), buffer_bytes(&document));
        buffer_format(&all, "%s\"%s\":%.*s", i == 0 ? "{" : ",", producer->documents[i].id,
                      BYTES_ARG(buffer_bytes(&document)));
    }
    buffer_add_text(&all, "}");
    return demo_http_call(service->http, "POST", "/_documents", buffer_bytes(&all), NULL, error);
}

bool demo_service_trouble(struct demo_service *service, const struct demo_trouble *trouble, struct error *error)
{
    auto_buffer faults, foreign;

    buffer_init(&faults, 1 << 12);
    buffer_init(&foreign, 1 << 12);
    buffer_format(&faults,
                  "{\"latency_ms\":%u,\"answer_lost\":%g,\"request_lost\":%g,\"answer_lost_then_foreign\":%g}",
                  trouble->latency_ms, trouble->answer_lost, trouble->request_lost, trouble->answer_lost_then_foreign);
    buffer_format(&foreign, "{\"per_second\":%u}", trouble->foreign_per_second);
    return demo_http_call(service->http, "POST", "/_faults", buffer_bytes(&faults), NULL, error) &&
           demo_http_call(service->http, "POST", "/_foreign", buffer_bytes(&foreign), NULL, error);
}

/* What the producer sees of a write. */
static void tell(const struct json *line, struct arena *arena, struct producer *producer)
{
    uint32_t document = json_member(line, 0, BYTES("document")), after = json_member(line, 0, BYTES("after"));
    uint32_t version = json_member(line, 0, BYTES("version_after"));

    if (document != JSON_NOT_FOUND && after != JSON_NOT_FOUND && version != JSON_NOT_FOUND &&
        line->values[after].kind == JSON_OBJECT && line->values[version].kind == JSON_STRING)
        producer_told(producer, json_string(line, document, arena), json_text(line, after),
                      json_string(line, version, arena));
}

static bool take_line(struct demo_service *service, struct bytes text, struct check *check,
                      struct producer *producer, struct error *error)
{
    struct json_fault fault;
    struct json line;
    uint32_t seq;
    uint64_t number;

    if (!json_scan(text, &limits, service->arena, &line, &fault) || line.values[0].kind != JSON_OBJECT ||
        (seq = json_member(&line, 0, BYTES("seq"))) == JSON_NOT_FOUND ||
        !bytes_to_uint64(json_text(&line, seq), &number) || !check_write(check, text))
        return error_set(error, ERROR_INPUT, "a line of the sandbox's write log cannot be read: %.*s",
                         (int)(text.size < 200 ? text.size : 200), text.data);
    if ((int64_t)number != service->seq + 1)
        return error_set(error, ERROR_INPUT, "the sandbox's write log goes from %lld to %llu",
                         (long long)service->seq, (unsigned long long)number);
    service->seq = (int64_t)number;
    if (service->ledger != NULL)
        fprintf(service->ledger, "write %.*s\n", BYTES_ARG(text));
    tell(&line, service->arena, producer);
    return true;
}

bool demo_service_read_log(struct demo_service *service, struct check *check, struct producer *producer,
                           size_t *ret_count, struct error *error)
{
    auto_text path = memory_format("/_log?after=%lld&limit=%d", (long long)service->seq, LOG_LINES_MAX);
    struct bytes rest;
    size_t count = 0, end;

    if (!demo_http_call(service->http, "GET", path, BYTES_NONE, &service->body, error))
        return false;
    rest = buffer_bytes(&service->body);
    while (rest.size > 0) {
        if (!bytes_find(rest, '\n', &end))
            end = rest.size;
        arena_reset(service->arena);
        if (end > 0 && !take_line(service, (struct bytes){rest.data, end}, check, producer, error))
            return false;
        count += end > 0;
        rest = bytes_from(rest, end < rest.size ? end + 1 : end);
    }
    *ret_count = count;
    return true;
}

bool demo_service_final(struct demo_service *service, const struct producer *producer, struct check *check,
                        struct error *error)
{
    for (size_t i = 0; i < PRODUCER_DOCUMENTS; i++) {
        auto_text path = memory_format("/documents/%s", producer->documents[i].id);

        if (!demo_http_call(service->http, "GET", path, BYTES_NONE, &service->body, error))
            return false;
        check_final(check, bytes_of(producer->documents[i].id), buffer_bytes(&service->body));
    }
    return true;
}
