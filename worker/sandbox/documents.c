#include "sandbox/service.h"

#include "common/clock.h"
#include "common/json_write.h"

static void add_etag(struct evhttp_request *request, uint64_t version)
{
    char etag[STORE_ETAG_SIZE];

    evhttp_add_header(evhttp_request_get_output_headers(request), "ETag", store_etag(version, etag));
}

static void answer_read(struct service *service, struct evhttp_request *request, struct bytes id)
{
    struct bytes known = service_header(request, "If-None-Match");
    struct store_document document;

    if (!store_find(service->store, id, &document)) {
        answer_error(service, request, 404, "no such document");
        return;
    }
    add_etag(request, document.version);
    if (bytes_present(known) && store_etag_matches(known, document.version))
        answer_send(service, request, 304, BYTES_NONE);
    else
        answer_send(service, request, 200, document.text);
}

static void answer_result(struct service *service, struct evhttp_request *request, const struct store_result *result)
{
    switch (result->outcome) {
    case STORE_WRITTEN:
    case STORE_CREATED:
        if (result->version != 0)
            add_etag(request, result->version);
        answer_send(service, request, result->outcome == STORE_CREATED ? 201 : 204, BYTES_NONE);
        break;
    case STORE_MISSING:
        answer_error(service, request, 404, "no such document");
        break;
    case STORE_STALE:
        answer_error(service, request, service->stale_status, "the document has another version");
        break;
    case STORE_UNCONDITIONAL:
        answer_error(service, request, 428, "a write of an existing document needs If-Match");
        break;
    case STORE_BAD_BODY:
        answer_error(service, request, 400, result->why);
        break;
    }
}

/* Somebody else changes a field that the write has just changed, before its writer can look. */
static void follow_up(struct service *service, const struct store_write *write, const struct store_result *result)
{
    struct store_write foreign = {.method = STORE_PUT, .document = write->document, .writer = BYTES("user"),
                                  .at_ms = write->at_ms};
    char etag[STORE_ETAG_SIZE];
    auto_buffer pointer, body;
    struct store_result ignored;

    buffer_init(&pointer, 1 << 16);
    buffer_init(&body, (size_t)2 * STORE_DOCUMENT_BYTES_MAX);
    if (write->method == STORE_DELETE ||
        !change_find(result->before, result->after, &service->faults.random, &pointer) ||
        !change_apply(&service->fault_change, result->after, buffer_bytes(&pointer), &body))
        return;
    foreign.if_match = bytes_of(store_etag(result->version, etag));
    foreign.body = buffer_bytes(&body);
    store_write(service->store, &foreign, &ignored);
}

/* Done instead of the ordinary answer; the write would be accepted. */
static void answer_faulty(struct service *service, struct evhttp_request *request, struct store_write *write,
                          enum fault fault)
{
    char seconds[24];
    struct store_result result;

    service->faults.counts[fault]++;
    if (fault == FAULT_UNAVAILABLE) {
        snprintf(seconds, sizeof(seconds), "%lld", (long long)service->faults.unavailable_seconds);
        if (service->faults.unavailable_seconds > 0)
            evhttp_add_header(evhttp_request_get_output_headers(request), "Retry-After", seconds);
        answer_error(service, request, 503, "not now");
        return;
    }
    write->fault = fault == FAULT_REQUEST_LOST ? BYTES("request_lost") : BYTES("answer_lost");
    if (fault == FAULT_REQUEST_LOST) {
        store_lose(service->store, write);
    } else {
        store_write(service->store, write, &result);
        if (result.outcome == STORE_BAD_BODY) {
            answer_result(service, request, &result);
            return;
        }
        if (fault == FAULT_ANSWER_LOST_THEN_FOREIGN)
            follow_up(service, write, &result);
    }
    answer_never(service, request);
}

static void answer_write(struct service *service, struct evhttp_request *request, struct bytes id,
                         enum store_method method)
{
    struct bytes writer = service_header(request, "X-Writer");
    bool is_under_test = !bytes_present(writer);
    struct store_write write = {
        .method = method,
        .document = id,
        .writer = is_under_test ? BYTES("anonymous") : writer,
        .if_match = service_header(request, "If-Match"),
        .if_none_match = service_header(request, "If-None-Match"),
        .body = service_body(request),
        .at_ms = clock_wall_ms(),
    };
    struct store_result result;
    enum fault fault = FAULT_NONE;

    if (is_under_test && store_accepts(service->store, &write))
        fault = faults_draw(&service->faults);
    if (fault != FAULT_NONE) {
        answer_faulty(service, request, &write, fault);
        return;
    }
    store_write(service->store, &write, &result);
    answer_result(service, request, &result);
}

void documents_answer(struct service *service, struct evhttp_request *request, const char *id_text)
{
    struct bytes id = bytes_of(id_text);
    size_t offset;

    if (id.size == 0 || id.size > STORE_ID_BYTES_MAX || !bytes_are_utf8(id, &offset)) {
        answer_error(service, request, 400, "an id is UTF-8 of 1 to 512 bytes");
        return;
    }
    switch (evhttp_request_get_command(request)) {
    case EVHTTP_REQ_GET:
    case EVHTTP_REQ_HEAD:
        answer_read(service, request, id);
        break;
    case EVHTTP_REQ_PUT:
        answer_write(service, request, id, STORE_PUT);
        break;
    case EVHTTP_REQ_DELETE:
        answer_write(service, request, id, STORE_DELETE);
        break;
    case EVHTTP_REQ_PATCH:
        if (bytes_start_with(service_header(request, "Content-Type"), BYTES("application/merge-patch+json")))
            answer_write(service, request, id, STORE_PATCH);
        else
            answer_error(service, request, 415, "PATCH is application/merge-patch+json");
        break;
    default:
        answer_error(service, request, 405, "GET, HEAD, PUT, PATCH or DELETE");
    }
}
