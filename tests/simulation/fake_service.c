#include "world.h"

#include "common/check.h"
#include "common/json_splice.h"
#include "common/pointer.h"
#include "story.h"

/* A document service: strong or weak versions, a history of every write, and all the ways in which an answer can be
 * wrong, late or lost. */

struct document *service_find(const struct world *world, struct bytes id)
{
    list_each(node, &world->service.documents) {
        struct document *document = list_item(node, struct document, in_service);

        if (bytes_equal(document->id, id))
            return document;
    }
    return NULL;
}

struct state *document_now(const struct document *document)
{
    return list_item(document->states.previous, struct state, in_document);
}

struct state *document_at(const struct document *document, struct bytes version)
{
    list_each(node, &document->states) {
        struct state *state = list_item(node, struct state, in_document);

        if (bytes_equal(state->version, version))
            return state;
    }
    return NULL;
}

static struct state *add_state(struct world *world, struct document *document, struct bytes text)
{
    struct state *state = arena_zero(world->arena, sizeof(*state));

    state->number = list_is_empty(&document->states) ? 1 : document_now(document)->number + 1;
    state->version = world_format(world, "%s\"v%lld\"", world->options.profile == PROFILE_WEAK ? "W/" : "",
                                  (long long)state->number);
    state->document = document;
    state->text = world_copy(world, text);
    state->at_ms = world->now_ms;
    list_push_back(&document->states, &state->in_document);
    return state;
}

struct document *service_add(struct world *world, struct bytes id, struct bytes text)
{
    struct document *document = arena_zero(world->arena, sizeof(*document));

    document->id = world_copy(world, id);
    list_init(&document->states);
    list_push_back(&world->service.documents, &document->in_service);
    add_state(world, document, text);
    return document;
}

bool state_is_written_for(const struct state *state, const struct asked *asked)
{
    for (size_t i = 0; state->request != NULL && i < state->request->asked_count; i++) {
        if (state->request->asked[i] == asked)
            return true;
    }
    return false;
}

void service_user_sets(struct world *world, struct document *document, struct bytes field, struct bytes value)
{
    struct model_value wanted = {bytes_present(value) ? MODEL_VALUE : MODEL_MISSING, value};
    struct bytes text;

    if (document->is_gone)
        return;
    arena_reset(world->scratch);
    if (!model_set(document_now(document)->text, field, wanted, world->scratch, &text))
        return;
    add_state(world, document, text);
    world_note(world, "%.*s: a user sets %.*s to %.*s (v%lld)", BYTES_ARG(document->id), BYTES_ARG(field),
               BYTES_ARG(value), (long long)document_now(document)->number);
}

void service_touch(struct world *world, struct document *document)
{
    if (document->is_gone)
        return;
    add_state(world, document, document_now(document)->text);
    world_note(world, "%.*s: touched (v%lld)", BYTES_ARG(document->id), (long long)document_now(document)->number);
}

void service_user_deletes(struct world *world, struct document *document)
{
    document->is_gone = !document->is_gone;
    if (!document->is_gone)
        add_state(world, document, document_now(document)->text);
    world_note(world, "%.*s: a user %s it", BYTES_ARG(document->id), document->is_gone ? "deletes" : "makes");
}

static void answer_error(struct world *world, struct request *request, enum meaning meaning, int status)
{
    request->answer = (struct answer){
        .meaning = meaning, .sent = SENT_ONCE, .status = status, .retry_after_ms = request->retry_after_ms};
    if (world->options.errors_carry_a_version)
        request->answer.version = BYTES("\"of-an-error\""); /* must never come back */
}

static void give_version(struct world *world, struct answer *answer, const struct state *state)
{
    if (world->options.profile == PROFILE_NONE)
        return;
    answer->version = state->version;
    answer->version_is_weak = world->options.profile == PROFILE_WEAK;
    answer->version_is_exact = world->options.profile != PROFILE_INEXACT;
}

static void read_document(struct world *world, struct request *request, const struct document *document)
{
    const struct state *state = document_now(document);

    request->answer =
        (struct answer){.meaning = MEANING_OK, .sent = SENT_ONCE, .status = 200, .retry_after_ms = -1};
    request->read = state;
    give_version(world, &request->answer, state);
    if (bytes_present(request->version) && bytes_equal(request->version, state->version)) {
        request->answer.meaning = MEANING_NOT_MODIFIED;
        request->answer.status = 304;
    } else {
        request->answer.document = state->text;
    }
}

/* What is stored: the body that came, or the current text with the edits of a patch. */
static struct bytes new_text(struct world *world, const struct request *request, const struct state *before)
{
    struct bytes text = request->body;
    struct json_fault fault;
    struct buffer out;
    struct json json;
    size_t failed;

    arena_reset(world->scratch);
    if (world->options.writes_patch) {
        buffer_init(&out, 1 << 20);
        if (!json_scan(before->text, &JSON_LIMITS_DEFAULT, world->scratch, &json, &fault) ||
            json_splice(&json, request->edits, request->edit_count, &out, &failed) != JSON_SPLICED)
            never("the edits of a patch fit the document whose version they carry");
        text = (struct bytes){arena_copy(world->scratch, out.data, out.size), out.size};
        buffer_release(&out);
    }
    if (world->options.normalizes &&
        !model_set(text, BYTES("/revision"),
                   (struct model_value){MODEL_VALUE, world_format(world, "%lld", (long long)before->number + 1)},
                   world->scratch, &text))
        never("a document is an object");
    return text;
}

/* Some services compare strongly, so that a weak version never matches, but take it without its W/. */
static bool matches(const struct world *world, struct bytes demanded, struct bytes current)
{
    if (world->options.refuses_weak && bytes_start_with(current, BYTES("W/")))
        current = bytes_from(current, 2);
    return bytes_equal(demanded, current);
}

static void write_document(struct world *world, struct request *request, struct document *document)
{
    const struct state *before = document_now(document);
    struct state *state;

    if (world->service.refuses_always || (bytes_present(request->version) && !matches(world, request->version, before->version))) {
        answer_error(world, request, MEANING_STALE, world->options.stale_is_409 ? 409 : 412);
        request->answer.retry_after_ms = -1;
        return;
    }
    if (world->kafka.partitions[request->partition].written_epoch > request->epoch)
        probe("a write of a former owner comes after one of its successor");
    state = add_state(world, document, new_text(world, request, before));
    state->request = request;
    request->answer =
        (struct answer){.meaning = MEANING_OK, .sent = SENT_ONCE, .status = 200, .retry_after_ms = -1};
    if (world->options.profile != PROFILE_SILENT_WRITE)
        give_version(world, &request->answer, state);
    if (world->options.after_write == AFTER_WRITE_BODY)
        request->answer.document = state->text;
    check_write(world, request, document, before);
}

/* Only if there is none. */
static void create_document(struct world *world, struct request *request, struct document *document)
{
    const struct state *state;

    if (document != NULL && !document->is_gone) {
        answer_error(world, request, MEANING_STALE, 412);
        request->answer.retry_after_ms = -1;
        return;
    }
    if (document == NULL) {
        document = service_add(world, request->document, request->body);
    } else {
        add_state(world, document, request->body);
        document->is_gone = false;
    }
    document_now(document)->request = request;
    document_now(document)->is_made = true;
    state = document_now(document);
    request->answer =
        (struct answer){.meaning = MEANING_OK, .sent = SENT_ONCE, .status = 201, .retry_after_ms = -1};
    if (world->options.profile != PROFILE_SILENT_WRITE)
        give_version(world, &request->answer, state);
    if (world->options.after_write == AFTER_WRITE_BODY)
        request->answer.document = state->text;
    check_create(world, request, document);
}

static void delete_document(struct world *world, struct request *request, struct document *document)
{
    if (!matches(world, request->version, document_now(document)->version)) {
        answer_error(world, request, MEANING_STALE, 412);
        request->answer.retry_after_ms = -1;
        return;
    }
    check_delete(world, request, document);
    document->is_gone = true;
    request->answer =
        (struct answer){.meaning = MEANING_OK, .sent = SENT_ONCE, .status = 204, .retry_after_ms = -1};
}

static void serve(struct world *world, struct request *request)
{
    struct document *document = service_find(world, request->document);

    if (request->is_write && request->kind == WRITE_CREATE) {
        create_document(world, request, document);
        return;
    }
    if (document != NULL && document->is_gone)
        answer_error(world, request, MEANING_GONE, 410);
    else if (document == NULL)
        answer_error(world, request, MEANING_MISSING, 404);
    else if (request->is_write && document->locked_until_ms > world->now_ms)
        answer_error(world, request, MEANING_LOCKED, 423);
    else if (request->is_write && request->kind == WRITE_DELETE)
        delete_document(world, request, document);
    else if (request->is_write)
        write_document(world, request, document);
    else
        read_document(world, request, document);
}

/* The faults that are an answer and nothing else: nothing was done. */
static const struct {
    enum meaning meaning;
    int status;
} refusals[FAULT_COUNT] = {
    [FAULT_OVERLOAD] = {MEANING_OVERLOAD, 503},
    [FAULT_RETRY_AFTER] = {MEANING_OVERLOAD, 429},
    [FAULT_LOCKED] = {MEANING_LOCKED, 423},
    [FAULT_ERROR_BEFORE] = {MEANING_OUTAGE, 500},
    [FAULT_UNAUTHORIZED] = {MEANING_UNAUTHORIZED, 401},
    [FAULT_UNDESCRIBED] = {MEANING_UNDESCRIBED, 418},
    [FAULT_REFUSED] = {MEANING_REFUSED, 400},
};

static void serve_with_fault(struct world *world, struct request *request)
{
    if (refusals[request->fault].status != 0) {
        answer_error(world, request, refusals[request->fault].meaning, refusals[request->fault].status);
        return;
    }
    switch (request->fault) {
    case FAULT_ERROR_AFTER:
        serve(world, request);
        answer_error(world, request, MEANING_OUTAGE, 500);
        return;
    case FAULT_TWICE:
        serve(world, request);
        serve(world, request);
        request->answer.sent = SENT_PERHAPS_TWICE;
        return;
    case FAULT_FALSE_STALE:
        if (request->is_write)
            answer_error(world, request, MEANING_STALE, 412);
        else
            serve(world, request);
        return;
    case FAULT_CUT_BODY:
        serve(world, request);
        if (request->is_write)
            request->answer.document.size /= 2;
        return;
    case FAULT_NO_VERSION:
        serve(world, request);
        request->answer.version = BYTES_NONE;
        request->answer.version_is_exact = request->answer.version_is_weak = false;
        return;
    case FAULT_UNREADABLE:
        serve(world, request);
        if (request->answer.meaning != MEANING_OK)
            return;
        answer_error(world, request, MEANING_UNREADABLE, 200);
        return;
    default:
        serve(world, request);
    }
}

void service_handle(struct world *world, struct request *request)
{
    bool is_heard = request->fault != FAULT_ANSWER_LOST && request->fault != FAULT_LATE;
    struct answer answer = request->answer;

    if (world->service.down_until_ms > world->now_ms) {
        answer_error(world, request, MEANING_OUTAGE, 502);
        if (!is_heard)
            request->answer = answer;
        return;
    }
    if (world->service.unauthorized_until_ms > world->now_ms) {
        answer_error(world, request, MEANING_UNAUTHORIZED, 401);
        if (!is_heard)
            request->answer = answer;
        return;
    }
    if (world->story != NULL)
        story_before(world, request);
    serve_with_fault(world, request);
    if (world->story != NULL)
        story_after(world, request);
    if (!is_heard)
        request->answer = answer; /* what the client says by itself when its time is over */
}
