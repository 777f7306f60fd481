#include "service/transport_auth.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/list.h"
#include "service/hide.h"

#include <stdlib.h>
#include <uthash.h>

#define FETCH_ID UINT64_MAX

/* A request of the caller on its way. */
struct entry {
    struct list node; /* waiting, unsent or spare */
    UT_hash_handle hh; /* under way */
    struct arena *arena;
    struct http_request request; /* as it came; `headers` are ours */
    struct http_header *headers;
    size_t header_count; /* without credentials */
    struct auth_used used;
    bool is_second;
    bool was_perhaps_twice;
    int64_t began_ms;
    enum http_result result; /* of one that is not sent, and why */
    const char *why;
};

struct transport_auth {
    struct transport transport;
    struct transport *inner;
    struct auth *auth;
    int64_t timeout_ms;
    struct entry *entries; /* under way, by id */
    struct list waiting;
    struct list unsent; /* to be answered without having been sent */
    struct list spare;
    struct entry *current; /* handed out */
};

static struct transport_auth *self_of(const struct transport *transport)
{
    return (struct transport_auth *)transport; /* its first member */
}

/* --- entries --- */

static struct entry *entry_take(struct transport_auth *self, const struct http_request *request)
{
    struct entry *entry;

    if (list_is_empty(&self->spare)) {
        entry = memory_new(sizeof(*entry));
        entry->arena = arena_new(2048);
        list_init(&entry->node);
    } else {
        entry = list_item(self->spare.next, struct entry, node);
        list_remove(&entry->node);
    }
    entry->request = *request;
    entry->header_count = request->header_count;
    entry->headers = arena_take(entry->arena, (request->header_count + AUTH_HEADERS_MAX) * sizeof(*entry->headers));
    for (size_t i = 0; i < request->header_count; i++)
        entry->headers[i] = request->headers[i];
    entry->is_second = false;
    entry->was_perhaps_twice = false;
    entry->began_ms = clock_now_ms();
    return entry;
}

/* In no list and not under way any more. */
static void entry_give_back(struct transport_auth *self, struct entry *entry)
{
    arena_reset(entry->arena);
    list_push_front(&self->spare, &entry->node);
}

static void entry_free(struct entry *entry)
{
    arena_free(entry->arena);
    free(entry);
}

static bool is_write(const struct entry *entry)
{
    return bytes_present(entry->request.body);
}

/* --- sending --- */

static void fetch(struct transport_auth *self, int64_t now_ms)
{
    struct http_request request;
    struct error error = {0};

    while (auth_fetch(self->auth, now_ms, &request)) {
        request.id = FETCH_ID;
        request.timeout_ms = self->timeout_ms;
        if (self->inner->operations->send(self->inner, &request, &error))
            return;
        auth_fetched(self->auth, &(struct http_answer){.result = HTTP_UNREACHABLE, .detail = error.text}, now_ms);
    }
}

static bool send_now(struct transport_auth *self, struct entry *entry, struct error *error)
{
    struct http_request request = entry->request;
    size_t added = auth_headers(self->auth, is_write(entry), entry->arena, entry->headers + entry->header_count,
                                &entry->used);

    request.headers = entry->headers;
    request.header_count = entry->header_count + added;
    entry->request.header_count = request.header_count;
    if (!self->inner->operations->send(self->inner, &request, error))
        return false;
    HASH_ADD(hh, self->entries, request.id, sizeof(entry->request.id), entry);
    return true;
}

static void not_sent(struct transport_auth *self, struct entry *entry, enum http_result result, const char *why)
{
    entry->result = result;
    entry->why = arena_copy(entry->arena, why, strlen(why));
    list_push_back(&self->unsent, &entry->node);
}

/* False: cannot even begin. */
static bool send_or_wait(struct transport_auth *self, struct entry *entry, struct error *error)
{
    int64_t now_ms = clock_now_ms();

    fetch(self, now_ms);
    switch (auth_state(self->auth, now_ms)) {
    case AUTH_READY:
        return send_now(self, entry, error);
    case AUTH_AWAITED:
        list_push_back(&self->waiting, &entry->node);
        return true;
    case AUTH_FAILED:
        not_sent(self, entry, HTTP_NO_CREDENTIALS, auth_failure(self->auth));
        return true;
    }
    never("credentials are there, awaited or not to be had");
}

static bool auth_send(struct transport *transport, const struct http_request *request, struct error *error)
{
    struct transport_auth *self = self_of(transport);
    struct entry *entry;

    ensure(request->id != FETCH_ID);
    entry = entry_take(self, request);
    if (send_or_wait(self, entry, error))
        return true;
    entry_give_back(self, entry);
    return false;
}

static void send_later(struct transport_auth *self, struct entry *entry)
{
    struct error error = {0};

    if (!send_or_wait(self, entry, &error))
        not_sent(self, entry, HTTP_UNREACHABLE, error.text);
}

/* After a fetch: those that waited go, wait for the next one, or are told. */
static void release_waiting(struct transport_auth *self)
{
    struct list released;

    list_init(&released);
    while (!list_is_empty(&self->waiting)) {
        struct list *node = self->waiting.next;

        list_remove(node);
        list_push_back(&released, node);
    }
    while (!list_is_empty(&released)) {
        struct entry *entry = list_item(released.next, struct entry, node);

        list_remove(&entry->node);
        send_later(self, entry);
    }
}

static bool drop(struct transport_auth *self, struct list *entries, uint64_t id)
{
    list_each_safe(node, entries)
    {
        struct entry *entry = list_item(node, struct entry, node);

        if (entry->request.id != id)
            continue;
        list_remove(node);
        entry_give_back(self, entry);
        return true;
    }
    return false;
}

static void auth_cancel(struct transport *transport, uint64_t id)
{
    struct transport_auth *self = self_of(transport);
    struct entry *entry;

    if (drop(self, &self->waiting, id) || drop(self, &self->unsent, id))
        return;
    HASH_FIND(hh, self->entries, &id, sizeof(id), entry);
    if (entry == NULL)
        return;
    self->inner->operations->cancel(self->inner, id);
    HASH_DEL(self->entries, entry);
    entry_give_back(self, entry);
}

/* --- answers --- */

/* What the request carried may come back in an error's text, and from there into records. */
static void hide_secrets(struct transport_auth *self, struct entry *entry, struct http_answer *answer)
{
    struct bytes secrets[AUTH_SECRETS_MAX + HIDE_WORDS_MAX];
    size_t count = auth_secrets(self->auth, secrets);

    if (answer->status / 100 == 2)
        return;
    for (size_t i = entry->header_count; i < entry->request.header_count; i++)
        hide_words(entry->headers[i].value, secrets, sizeof(secrets) / sizeof(secrets[0]), &count);
    hide_in_answer(answer, secrets, count, entry->arena);
}

/* True: it is sent again, and this was not its answer. */
static bool sends_again(struct transport_auth *self, struct entry *entry, const struct http_answer *answer)
{
    if (entry->is_second || answer->result != HTTP_ANSWERED ||
        !auth_renew(self->auth, entry->used, is_write(entry), answer->status, clock_now_ms()))
        return false;
    entry->is_second = true;
    entry->was_perhaps_twice = answer->sent == SENT_PERHAPS_TWICE;
    send_later(self, entry);
    return true;
}

static bool next_unsent(struct transport_auth *self, struct http_answer *ret_answer)
{
    struct entry *entry;

    if (list_is_empty(&self->unsent))
        return false;
    entry = list_item(self->unsent.next, struct entry, node);
    list_remove(&entry->node);
    self->current = entry;
    *ret_answer = (struct http_answer){
        .id = entry->request.id,
        .result = entry->result,
        .sent = entry->was_perhaps_twice ? SENT_PERHAPS_TWICE : SENT_NOT,
        .took_ms = clock_now_ms() - entry->began_ms,
        .detail = entry->why,
    };
    return true;
}

/* True: `answer` is that of `self->current`. */
static bool take_answer(struct transport_auth *self, struct http_answer *answer)
{
    struct entry *entry;

    if (answer->id == FETCH_ID) {
        auth_fetched(self->auth, answer, clock_now_ms());
        release_waiting(self);
        return false;
    }
    HASH_FIND(hh, self->entries, &answer->id, sizeof(answer->id), entry);
    ensure(entry != NULL);
    HASH_DEL(self->entries, entry);
    auth_note(self->auth, entry->used, answer);
    if (sends_again(self, entry, answer))
        return false;
    self->current = entry;
    hide_secrets(self, entry, answer);
    answer->took_ms = clock_now_ms() - entry->began_ms;
    if (entry->was_perhaps_twice)
        answer->sent = SENT_PERHAPS_TWICE;
    return true;
}

static bool auth_next(struct transport *transport, struct http_answer *ret_answer)
{
    struct transport_auth *self = self_of(transport);
    struct http_answer answer;

    if (self->current != NULL)
        entry_give_back(self, take(self->current));
    while (self->inner->operations->next(self->inner, &answer))
        if (take_answer(self, &answer)) {
            *ret_answer = answer;
            return true;
        }
    return next_unsent(self, ret_answer);
}

/* --- the rest is the inner one's --- */

static void auth_run(struct transport *transport, int64_t now_ms)
{
    struct transport *inner = self_of(transport)->inner;

    inner->operations->run(inner, now_ms);
}

static int auth_descriptor(const struct transport *transport)
{
    const struct transport *inner = self_of(transport)->inner;

    return inner->operations->descriptor(inner);
}

static int64_t auth_deadline(const struct transport *transport)
{
    const struct transport_auth *self = self_of(transport);

    return list_is_empty(&self->unsent) ? self->inner->operations->deadline(self->inner) : 0;
}

static void free_all(struct list *entries)
{
    list_each_safe(node, entries)
        entry_free(list_item(node, struct entry, node));
}

static void auth_transport_free(struct transport *transport)
{
    struct transport_auth *self = self_of(transport);
    struct entry *entry, *next;

    self->inner->operations->free(self->inner);
    HASH_ITER(hh, self->entries, entry, next)
    {
        HASH_DEL(self->entries, entry);
        entry_free(entry);
    }
    free_all(&self->waiting);
    free_all(&self->unsent);
    free_all(&self->spare);
    if (self->current != NULL)
        entry_free(self->current);
    auth_free(self->auth);
    free(self);
}

static const struct transport_operations operations = {
    .send = auth_send,
    .cancel = auth_cancel,
    .run = auth_run,
    .next = auth_next,
    .descriptor = auth_descriptor,
    .deadline = auth_deadline,
    .free = auth_transport_free,
};

struct transport *transport_auth_new(struct transport *inner, struct auth *auth, int64_t timeout_ms)
{
    struct transport_auth *self = memory_new(sizeof(*self));

    self->transport.operations = &operations;
    self->inner = inner;
    self->auth = auth;
    self->timeout_ms = timeout_ms;
    list_init(&self->waiting);
    list_init(&self->unsent);
    list_init(&self->spare);
    return &self->transport;
}
