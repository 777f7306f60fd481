#include "service/request.h"

#include "common/check.h"
#include "service/precondition.h"
#include "service/request_body.h"

#include <stdio.h>
#include <string.h>

/* --- the request --- */

static void add_header(struct http_request *request, struct http_header *headers, const char *name, struct bytes value)
{
    if (!bytes_present(value))
        return;
    ensure(request->header_count < REQUEST_HEADERS_MAX);
    headers[request->header_count++] = (struct http_header){bytes_of(name), value};
}

const char *request_method(const struct profile *profile, bool is_write)
{
    return !is_write ? "GET" : profile_writes_patch(profile) ? "PATCH" : "PUT";
}

/* A document that is not there yet is put as a whole, whatever the write form of changes. */
static const char *write_method(const struct profile *profile, enum write_kind kind)
{
    switch (kind) {
    case WRITE_CHANGE:
        return request_method(profile, true);
    case WRITE_CREATE:
        return "PUT";
    case WRITE_DELETE:
        return "DELETE";
    }
    never("every kind of write has a method");
}

/* What the profile fixes goes before what is ours by default. */
static void add_default(struct http_request *request, struct http_header *headers, const struct profile_headers *fixed,
                        const char *name, const char *value)
{
    for (size_t i = 0; i < fixed->count; i++)
        if (bytes_equal_ignore_case(fixed->items[i].name, bytes_of(name)))
            return;
    add_header(request, headers, name, bytes_of(value));
}

static void add_read(const struct profile *profile, const struct read_action *read, struct http_request *request,
                     struct http_header *headers)
{
    const char *unless_current =
        read->known_version.size > 0 ? precondition_unless_current(profile, read->known_version) : NULL;

    if (unless_current != NULL)
        add_header(request, headers, unless_current, read->known_version);
    else if (read->known_version.size == 0)
        add_header(request, headers, "If-Modified-Since", read->known_last_modified);
    /* one representation, one version: proxies give compressed ones versions of their own */
    add_header(request, headers, "Accept-Encoding", BYTES("identity"));
}

static const char *with_query(const char *url, struct bytes query, struct arena *arena)
{
    size_t size = strlen(url) + query.size + 2;
    char *text = arena_take(arena, size);

    snprintf(text, size, "%s%c%.*s", url, strchr(url, '?') != NULL ? '&' : '?', BYTES_ARG(query));
    return text;
}

static void add_precondition(const struct profile *profile, struct bytes version, struct arena *arena,
                             struct http_request *request, struct http_header *headers)
{
    const struct version_target *target = &profile->send;

    if (version.size == 0 || target->place == VERSION_IN_BODY) /* request_body() puts it there */
        return;
    if (target->place == VERSION_IN_QUERY)
        request->url = with_query(request->url, precondition_spell(profile, version, arena), arena);
    else
        add_header(request, headers, target->names[0].data, precondition_spell(profile, version, arena));
}

static bool can_write(const struct profile *profile, enum write_kind kind, const char **ret_why)
{
    if (kind == WRITE_CREATE && !profile->creates)
        *ret_why = "the profile does not say how a document is made only if there is none (`create`)";
    else if (kind == WRITE_DELETE && profile->send.place == VERSION_IN_BODY)
        *ret_why = "the version goes into the body of a write, and a delete has none";
    else
        return true;
    return false;
}

static bool add_write(const struct profile *profile, const struct write_action *write, struct arena *arena,
                      struct http_request *request, struct http_header *headers, const char **ret_why)
{
    bool is_create = write->kind == WRITE_CREATE;

    request->method = write_method(profile, write->kind);
    if (!can_write(profile, write->kind, ret_why))
        return false;
    if (write->kind != WRITE_DELETE) {
        if (!request_body(profile, write, arena, &request->body, ret_why))
            return false;
        add_default(request, headers, &profile->headers[true], "Content-Type",
                    is_create ? "application/json" : request_body_type(profile));
    }
    if (is_create)
        add_header(request, headers, "If-None-Match", BYTES("*"));
    else if (!profile->tests_fields || write->kind == WRITE_DELETE) /* which has no tests */
        add_precondition(profile, write->version, arena, request, headers);
    return true;
}

bool request_make(const struct request_context *context, const struct action *action, struct arena *arena,
                  struct http_request *ret_request, const char **ret_why)
{
    const struct profile *profile = context->profile;
    bool is_write = action->kind == ACTION_WRITE;
    const struct profile_headers *fixed = &profile->headers[is_write];
    struct http_header *headers = arena_take(arena, REQUEST_HEADERS_MAX * sizeof(*headers));
    struct http_request request = {
        .id = action->id,
        .method = request_method(profile, false),
        .url = address_url(context->address, is_write ? action->write.document : action->read.document, arena),
        .headers = headers,
        .timeout_ms = context->timeout_ms,
        .begin_by_ms = is_write ? action->write.begin_by_ms : 0,
        .answer_bytes_max = context->answer_bytes_max,
    };

    ensure(is_write || action->kind == ACTION_READ);
    add_default(&request, headers, fixed, "Accept", "application/json");
    for (size_t i = 0; i < fixed->count; i++)
        add_header(&request, headers, fixed->items[i].name.data, fixed->items[i].value);
    if (!is_write)
        add_read(profile, &action->read, &request, headers);
    else if (!add_write(profile, &action->write, arena, &request, headers, ret_why))
        return false;
    *ret_request = request;
    return true;
}
