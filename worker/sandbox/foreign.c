#include "sandbox/service.h"

#include "common/clock.h"
#include "common/memory.h"
#include "common/pointer.h"

#include <event2/buffer.h>
#include <stdlib.h>

#define CONNECTIONS      64
#define TICK_MS          5
#define TRIES_MAX        50
#define FIELDS_MAX       32
#define TIMEOUT_SECONDS  30
#define NOTES            4 /* a '*' at the end of a field is one of so many numbers */

/* The foreign user: a client of the service like any other, in the same process for want of a better place. */
struct user_write {
    struct foreign *foreign;
    struct evhttp_connection *connection;
    struct buffer id, field, body;
    uint32_t tries;
    bool is_busy;
};

struct foreign_plan {
    struct arena *arena; /* owns what follows */
    double per_second;
    struct bytes fields[FIELDS_MAX];
    size_t field_count;
    struct bytes writer;
    struct json values;
    bool has_values;
};

struct foreign {
    struct service *service;
    struct foreign_plan plan;
    struct random random;
    struct change change;
    struct event *timer;
    double due; /* writes that should have begun by now */
    int64_t ticked_ms;
    struct user_write writes[CONNECTIONS];
    uint64_t done, stale, failed;
};

static void on_read(struct evhttp_request *request, void *context);

static bool ask(struct user_write *write, enum evhttp_cmd_type method, const char *etag,
                void (*on_answer)(struct evhttp_request *, void *))
{
    struct evhttp_request *request = evhttp_request_new(on_answer, write);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    auto_text writer = memory_text_n(write->foreign->plan.writer.data, write->foreign->plan.writer.size);
    char *id = evhttp_uriencode(write->id.data, (ev_ssize_t)write->id.size, 0);
    auto_text path = memory_format("/documents/%s", id);

    free(id);
    evhttp_add_header(headers, "Host", "127.0.0.1");
    evhttp_add_header(headers, "X-Writer", writer);
    if (etag != NULL) {
        evhttp_add_header(headers, "If-Match", etag);
        evhttp_add_header(headers, "Content-Type", "application/json");
        evbuffer_add(evhttp_request_get_output_buffer(request), write->body.data, write->body.size);
    }
    return evhttp_make_request(write->connection, request, method, path) == 0;
}

static void give_up(struct user_write *write)
{
    write->foreign->failed++;
    write->is_busy = false;
}

static void read_again(struct user_write *write)
{
    if (write->tries++ >= TRIES_MAX || !ask(write, EVHTTP_REQ_GET, NULL, on_read))
        give_up(write);
}

static void on_written(struct evhttp_request *request, void *context)
{
    struct user_write *write = context;
    int status = request != NULL ? evhttp_request_get_response_code(request) : 0;

    if (status == write->foreign->service->stale_status) {
        write->foreign->stale++;
        read_again(write);
    } else if (status >= 200 && status < 300) {
        write->foreign->done++;
        write->is_busy = false;
    } else {
        give_up(write);
    }
}

static void on_read(struct evhttp_request *request, void *context)
{
    struct user_write *write = context;
    const char *etag;

    if (request == NULL || evhttp_request_get_response_code(request) != 200) {
        give_up(write);
        return;
    }
    etag = evhttp_find_header(evhttp_request_get_input_headers(request), "ETag");
    buffer_reset(&write->body);
    if (etag == NULL ||
        !change_apply(&write->foreign->change, service_body(request), buffer_bytes(&write->field), &write->body) ||
        !ask(write, EVHTTP_REQ_PUT, etag, on_written))
        give_up(write);
}

static void choose(struct foreign *foreign, struct user_write *write)
{
    struct store *store = foreign->service->store;
    struct bytes field = foreign->plan.fields[random_below(&foreign->random, foreign->plan.field_count)];
    struct store_document document;

    store_at(store, random_below(&foreign->random, store_count(store)), &document);
    buffer_reset(&write->id);
    buffer_add(&write->id, document.id);
    buffer_reset(&write->field);
    if (field.size > 0 && field.data[field.size - 1] == '*') {
        buffer_add(&write->field, (struct bytes){field.data, field.size - 1});
        buffer_add_uint64(&write->field, 1 + random_below(&foreign->random, NOTES));
    } else {
        buffer_add(&write->field, field);
    }
}

static void begin(struct foreign *foreign, struct user_write *write)
{
    if (write->connection == NULL) {
        write->connection =
            evhttp_connection_base_new(foreign->service->base, NULL, "127.0.0.1", foreign->service->port);
        evhttp_connection_set_timeout(write->connection, TIMEOUT_SECONDS);
    }
    choose(foreign, write);
    write->is_busy = true;
    write->tries = 0;
    read_again(write);
}

static void on_tick(evutil_socket_t descriptor, short what, void *context)
{
    struct foreign *foreign = context;
    int64_t now_ms = clock_now_ms();

    (void)descriptor;
    (void)what;
    foreign->due += foreign->plan.per_second * (double)(now_ms - foreign->ticked_ms) / 1000;
    foreign->ticked_ms = now_ms;
    for (size_t i = 0; i < CONNECTIONS && foreign->due >= 1 && store_count(foreign->service->store) > 0; i++) {
        if (foreign->writes[i].is_busy)
            continue;
        foreign->due -= 1;
        begin(foreign, &foreign->writes[i]);
    }
    /* A service that cannot keep up does not get it all at once later. */
    if (foreign->due > CONNECTIONS)
        foreign->due = CONNECTIONS;
}

static bool take_fields(struct foreign_plan *plan, const struct json *json, uint32_t array)
{
    const char *what;

    if (json->values[array].kind != JSON_ARRAY || json->values[array].count == 0 ||
        json->values[array].count > FIELDS_MAX)
        return false;
    plan->field_count = 0;
    for (uint32_t i = 0; i < json->values[array].count; i++) {
        uint32_t item = json_element(json, array, i);

        if (json->values[item].kind != JSON_STRING)
            return false;
        plan->fields[plan->field_count++] = json_string(json, item, plan->arena);
        if (plan->fields[i].size < 2 || !pointer_is_valid(plan->fields[i], &what))
            return false;
    }
    return true;
}

static const char *take_member(struct foreign_plan *plan, const struct json *json, uint32_t index)
{
    struct bytes key = json_key(json, index, plan->arena), text = json_text(json, index);
    enum json_kind kind = json->values[index].kind;
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;

    if (bytes_equal(key, BYTES("per_second"))) {
        plan->per_second = strtod(arena_copy(plan->arena, text.data, text.size), NULL);
        return kind == JSON_NUMBER && plan->per_second >= 0 ? NULL : "per_second is a number, not below 0";
    }
    if (bytes_equal(key, BYTES("fields")))
        return take_fields(plan, json, index) ? NULL : "fields are 1 to 32 JSON Pointers";
    if (bytes_equal(key, BYTES("values"))) {
        plan->has_values = kind == JSON_OBJECT && json_scan(text, &limits, plan->arena, &plan->values, &fault);
        return plan->has_values ? NULL : "values are an object of arrays";
    }
    if (bytes_equal(key, BYTES("writer")) && kind == JSON_STRING) {
        plan->writer = json_string(json, index, plan->arena);
        return plan->writer.size > 0 ? NULL : "a writer has a name";
    }
    return "unknown member";
}

static const char *take_plan(struct foreign_plan *plan, struct bytes text)
{
    static const char *const fields[] = {"/status", "/owner", "/attributes/color", "/attributes/note_*"};
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;
    const char *why = NULL;
    struct json json;

    for (plan->field_count = 0; plan->field_count < sizeof(fields) / sizeof(fields[0]); plan->field_count++)
        plan->fields[plan->field_count] = bytes_of(fields[plan->field_count]);
    plan->writer = BYTES("user");
    text.data = arena_copy(plan->arena, text.data, text.size);
    if (!json_scan(text, &limits, plan->arena, &json, &fault))
        return fault.what;
    if (json.values[0].kind != JSON_OBJECT)
        return "expected a JSON object";
    for (uint32_t i = 1; why == NULL && i < json.count; i = json.values[i].after)
        why = take_member(plan, &json, i);
    return why;
}

const char *foreign_set(struct foreign *foreign, struct bytes text)
{
    struct foreign_plan plan = {.arena = arena_new(4096)};
    const struct timeval tick = {.tv_usec = TICK_MS * 1000};
    const char *why = take_plan(&plan, text);

    if (why != NULL) {
        arena_free(plan.arena);
        return why;
    }
    arena_free(foreign->plan.arena);
    foreign->plan = plan;
    foreign->change.values = plan.has_values ? &foreign->plan.values : NULL;
    foreign->due = 0;
    foreign->ticked_ms = clock_now_ms();
    if (plan.per_second > 0)
        event_add(foreign->timer, &tick);
    else
        event_del(foreign->timer);
    return NULL;
}

struct foreign *foreign_new(struct service *service, uint64_t seed)
{
    struct foreign *foreign = memory_new(sizeof(*foreign));

    foreign->service = service;
    random_init(&foreign->random, seed);
    foreign->change.random = &foreign->random;
    foreign->plan.arena = arena_new(4096);
    foreign->plan.writer = BYTES("user");
    foreign->timer = event_new(service->base, -1, EV_PERSIST, on_tick, foreign);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        foreign->writes[i].foreign = foreign;
        buffer_init(&foreign->writes[i].id, STORE_ID_BYTES_MAX);
        buffer_init(&foreign->writes[i].field, 4096);
        buffer_init(&foreign->writes[i].body, (size_t)2 * STORE_DOCUMENT_BYTES_MAX);
    }
    return foreign;
}

void foreign_counts(const struct foreign *foreign, struct buffer *out)
{
    size_t busy = 0;

    for (size_t i = 0; i < CONNECTIONS; i++)
        busy += foreign->writes[i].is_busy;
    buffer_format(out, "\"written\":%llu,\"stale\":%llu,\"failed\":%llu,\"busy\":%zu",
                  (unsigned long long)foreign->done, (unsigned long long)foreign->stale,
                  (unsigned long long)foreign->failed, busy);
}
