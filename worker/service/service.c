#include "service/service.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/memory.h"
#include "service/answer.h"
#include "service/request.h"
#include "service/transport_auth.h"
#include "service/transport_curl.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#define ENVELOPE_BYTES  65536 /* what a body may have around the document */
#define BROKEN_KEPT     64

/* A request under way; its memory comes from a pool. */
struct call {
    UT_hash_handle hh;
    uint64_t action_id;
    bool is_write;
    struct arena *arena;
    uint64_t document_hash;
    struct call *next;       /* spare, or answered without the transport */
    struct answer answer;    /* of one that was never sent */
};

struct service {
    struct profile *profile;
    struct transport *transport;
    struct auth *auth; /* the transport's; NULL: none */
    struct request_context context;
    size_t document_bytes_max;
    int64_t wall_ms;
    struct call *calls; /* by action id */
    struct call *unsent;
    struct call *spare;
    struct call *current;           /* handed out */
    uint64_t broken[BROKEN_KEPT];   /* documents whose last write broke: the next read takes a fresh connection */
    size_t next_broken;
};

/* False: there is no transport. */
static bool make_transport(struct service *service, const struct config_service *config, struct error *error)
{
    const struct transport_options options = {
        .ca_file = config->ca_file,
        .certificate_file = config->auth.certificate_file,
        .key_file = config->auth.key_file,
        .key_password = config->auth.key_password,
        .proxy = config->proxy,
        .connect_timeout_ms = config->connect_timeout_ms,
        .connections_max = config->max_in_flight > 0 ? (size_t)config->max_in_flight : SERVICE_IN_FLIGHT_AUTO_MAX,
    };

    service->transport = transport_curl_new(&options, error);
    if (service->transport == NULL)
        return false;
    service->auth = auth_new(config);
    if (service->auth != NULL)
        service->transport = transport_auth_new(service->transport, service->auth, config->timeout_ms);
    return true;
}

/* A version that an event demands is no field that could be tested. */
static bool fits_rules(const struct profile *profile, const struct config *config, struct error *error)
{
    return !profile->tests_fields || config->rules == NULL ||
           rules_defaults(config->rules)->base_version != BASE_VERSION_REQUIRE ||
           error_set(error, ERROR_USAGE,
                     "merge.base_version: require holds a write to its version, service.precondition: fields does not");
}

struct service *service_new(const struct config *config, struct error *error)
{
    struct service *service;

    if (config->address == NULL) {
        config_lacks(config, "service.url is needed: the document's URL with {id} where its id belongs", error);
        return NULL;
    }
    service = memory_new(sizeof(*service));
    service->profile = profile_load(&config->service, error);
    if (service->profile == NULL || !fits_rules(service->profile, config, error) ||
        !make_transport(service, &config->service, error)) {
        service_free(service);
        return NULL;
    }
    service->document_bytes_max = (size_t)config->service.document_bytes_max;
    service->context = (struct request_context){
        .profile = service->profile,
        .address = config->address,
        .timeout_ms = config->service.timeout_ms,
        .answer_bytes_max = service->document_bytes_max + ENVELOPE_BYTES,
    };
    return service;
}

static void call_free(struct call *call)
{
    arena_free(call->arena);
    free(call);
}

static void free_list(struct call *call)
{
    while (call != NULL) {
        struct call *next = call->next;

        call_free(call);
        call = next;
    }
}

void service_free(struct service *service)
{
    struct call *call, *next;

    if (service == NULL)
        return;
    if (service->transport != NULL)
        service->transport->operations->free(service->transport);
    HASH_ITER(hh, service->calls, call, next)
    {
        HASH_DEL(service->calls, call);
        call_free(call);
    }
    free_list(service->unsent);
    free_list(service->spare);
    free_list(service->current);
    profile_free(service->profile);
    free(service);
}

void service_set_options(const struct service *service, struct engine_options *options)
{
    options->after_write = service->profile->after_write;
    options->writes_patch = profile_writes_patch(service->profile);
    if (service->profile->tests_fields) {
        options->fields_are_tested = true;
        /* Others may have changed other fields meanwhile: only what the service shows is known. */
        if (options->after_write != AFTER_WRITE_BODY)
            options->after_write = AFTER_WRITE_NONE;
    }
    options->versions_are_reused = service->profile->versions_are_reused;
    options->weak_may_be_stripped = service->profile->weak_may_be_stripped;
    if (!options->max_in_flight_is_fixed && service->profile->max_in_flight > 0)
        options->max_in_flight = (uint32_t)service->profile->max_in_flight;
}

/* --- requests --- */

static struct call *call_take(struct service *service, const struct action *action)
{
    struct call *call = service->spare;

    if (call != NULL) {
        service->spare = call->next;
        arena_reset(call->arena);
    } else {
        call = memory_new(sizeof(*call));
        call->arena = arena_new(4096);
    }
    *call = (struct call){
        .arena = call->arena, .action_id = action->id, .is_write = action->kind == ACTION_WRITE};
    call->document_hash = bytes_hash(call->is_write ? action->write.document : action->read.document);
    return call;
}

static void not_sent(struct service *service, struct call *call, enum meaning meaning, const char *why)
{
    struct bytes detail = {arena_copy(call->arena, why, strlen(why)), strlen(why)};

    call->answer = (struct answer){
        .meaning = meaning, .sent = SENT_NOT, .retry_after_ms = -1, .detail = detail};
    call->next = service->unsent;
    service->unsent = call;
}

/* A connection that broke may have gone through something that still answers for the service. */
static bool was_broken(struct service *service, const struct call *call)
{
    for (size_t i = 0; i < BROKEN_KEPT; i++)
        if (service->broken[i] == call->document_hash) {
            service->broken[i] = 0;
            return true;
        }
    return false;
}

void service_perform(struct service *service, const struct action *action, int64_t now_ms)
{
    struct call *call = call_take(service, action);
    struct http_request request;
    struct error error = {0};
    const char *why;

    (void)now_ms;
    if (!request_make(&service->context, action, call->arena, &request, &why)) {
        not_sent(service, call, MEANING_NOT_EXPRESSIBLE, why);
        return;
    }
    request.wants_fresh_connection = !call->is_write && was_broken(service, call);
    if (!service->transport->operations->send(service->transport, &request, &error)) {
        not_sent(service, call, MEANING_OUTAGE, error.text);
        return;
    }
    HASH_ADD(hh, service->calls, action_id, sizeof(call->action_id), call);
}

bool service_expresses(const struct service *service, const struct action *action, const char **ret_why)
{
    struct arena *arena = arena_new(4096);
    struct http_request request;
    bool is_good = request_make(&service->context, action, arena, &request, ret_why);

    arena_free(arena);
    return is_good;
}

void service_run(struct service *service, int64_t now_ms, int64_t wall_ms)
{
    service->wall_ms = wall_ms;
    service->transport->operations->run(service->transport, now_ms);
}

/* --- answers --- */

static void note_broken(struct service *service, const struct call *call, const struct http_answer *http)
{
    if (call->is_write && (http->result == HTTP_BROKEN || http->result == HTTP_TIMEOUT))
        service->broken[service->next_broken++ % BROKEN_KEPT] = call->document_hash;
}

static bool next_unsent(struct service *service, struct answer *ret_answer)
{
    struct call *call = service->unsent;

    if (call == NULL)
        return false;
    service->unsent = call->next;
    call->next = NULL;
    service->current = call;
    *ret_answer = call->answer;
    return true;
}

static bool next_sent(struct service *service, struct answer *ret_answer, int64_t *ret_took_ms)
{
    struct http_answer http;
    struct call *call;

    if (!service->transport->operations->next(service->transport, &http))
        return false;
    HASH_FIND(hh, service->calls, &http.id, sizeof(http.id), call);
    ensure(call != NULL);
    HASH_DEL(service->calls, call);
    service->current = call;
    note_broken(service, call, &http);
    *ret_answer = answer_make(service->profile, call->is_write, &http, service->document_bytes_max, service->wall_ms,
                              call->arena);
    *ret_took_ms = http.took_ms;
    return true;
}

bool service_next(struct service *service, uint64_t *ret_action_id, struct answer *ret_answer, bool *ret_is_write,
                  int64_t *ret_took_ms)
{
    if (service->current != NULL) {
        service->current->next = service->spare;
        service->spare = take(service->current);
    }
    *ret_took_ms = 0;
    if (!next_unsent(service, ret_answer) && !next_sent(service, ret_answer, ret_took_ms))
        return false;
    *ret_action_id = service->current->action_id;
    *ret_is_write = service->current->is_write;
    return true;
}

const char *service_trouble(struct service *service)
{
    return service->auth != NULL ? auth_trouble(service->auth) : NULL;
}

int service_descriptor(const struct service *service)
{
    return service->transport->operations->descriptor(service->transport);
}

int64_t service_deadline(const struct service *service)
{
    return service->unsent != NULL ? 0 : service->transport->operations->deadline(service->transport);
}

const char *service_profile_name(const struct service *service)
{
    return service->profile->name;
}

const char *service_method(const struct service *service, bool is_write)
{
    return request_method(service->profile, is_write);
}

/* --- for commands --- */

/* What a first request may wait for: a token, a session, and each of these and itself once more. */
#define REQUESTS_MAX 6

bool service_ask(struct service *service, const struct action *action, struct answer *ret_answer)
{
    int64_t until_ms = clock_now_ms() + REQUESTS_MAX * service->context.timeout_ms + 1000;
    uint64_t action_id;
    int64_t took_ms;
    bool is_write;

    service_perform(service, action, clock_now_ms());
    while (clock_now_ms() < until_ms) {
        struct pollfd wait = {.fd = service_descriptor(service), .events = POLLIN};
        int64_t left_ms = service_deadline(service) - clock_now_ms();

        poll(&wait, 1, left_ms < 0 ? 0 : left_ms > 100 ? 100 : (int)left_ms);
        service_run(service, clock_now_ms(), clock_wall_ms());
        if (service_next(service, &action_id, ret_answer, &is_write, &took_ms))
            return true;
    }
    return false;
}

static bool fits(const struct answer *answer)
{
    return (answer->meaning == MEANING_OK && answer->version.size > 0) || answer->meaning == MEANING_MISSING ||
           answer->meaning == MEANING_GONE || answer->meaning == MEANING_NOT_MODIFIED;
}

bool service_check(struct service *service, const char *document, char **ret_text)
{
    const struct action action = {.kind = ACTION_READ, .id = 1, .read.document = bytes_of(document)};
    const struct address *address = service->context.address;
    struct answer answer;
    char status[32] = "no answer,";
    const char *why, *url;

    if (!event_document_is_valid(action.read.document, EVENT_LIMITS_DEFAULT.document_id_max, &why) ||
        !address_takes(address, action.read.document, &why)) {
        *ret_text = memory_format("'%s' cannot be a document's id: it %s", document, why);
        return false;
    }
    url = address_template(address);
    if (!service_ask(service, &action, &answer)) {
        *ret_text = memory_format("%s: no answer in time", url);
        return false;
    }
    if (answer.status > 0)
        snprintf(status, sizeof(status), "%d", answer.status);
    if (answer.meaning == MEANING_OK)
        *ret_text = memory_format("%s (profile %s): read '%s', version %s%.*s", url, service->profile->name, document,
                                  answer.version.size > 0 ? "" : "MISSING: no write could be protected",
                                  BYTES_ARG(answer.version));
    else
        *ret_text = memory_format("%s (profile %s): reading '%s': %s %s%s%.*s", url, service->profile->name, document,
                                  status, meaning_name(answer.meaning), answer.detail.size > 0 ? ": " : "",
                                  BYTES_ARG(answer.detail));
    return fits(&answer);
}
