#include "service/request.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/json_splice.h"
#include "common/pointer.h"

#include <stdlib.h>
#include <string.h>

static struct bytes keep(struct buffer *buffer, struct arena *arena)
{
    struct bytes kept = {arena_copy(arena, buffer->data, buffer->size), buffer->size};

    buffer_release(buffer);
    return kept;
}

static struct json scan(struct bytes text, struct arena *arena)
{
    static const struct json_limits limits = {
        .size_max = UINT32_MAX / 2, .depth_max = 1024, .members_max = UINT32_MAX / 2};
    struct json json;
    struct json_fault fault;

    if (!json_scan(text, &limits, arena, &json, &fault))
        never("what is written was scanned before");
    return json;
}

/* `value` at `pointer` of an otherwise empty object. */
static struct bytes envelope(const char *pointer, struct bytes value, struct arena *arena)
{
    struct json empty = scan(BYTES("{}"), arena);
    const struct json_edit edit = {.pointer = bytes_of(pointer), .value = value};
    struct buffer buffer;
    size_t failed;

    if (pointer[0] == '\0')
        return value;
    buffer_init(&buffer, SIZE_MAX / 2);
    if (json_splice(&empty, &edit, 1, &buffer, &failed) != JSON_SPLICED)
        never("an object takes any member");
    return keep(&buffer, arena);
}

/* --- PUT: the whole document without what is the service's own --- */

static struct bytes put_body(const struct profile *profile, const struct write_action *write, struct arena *arena)
{
    struct json document;
    struct json_edit edits[PROFILE_READ_ONLY_MAX];
    struct buffer buffer;
    size_t count = 0, failed;

    if (profile->read_only_count == 0)
        return envelope(profile->document, write->body, arena);
    document = scan(write->body, arena);
    for (size_t i = 0; i < profile->read_only_count; i++) {
        uint32_t index;

        if (pointer_find(&document, bytes_of(profile->read_only[i]), &index) == POINTER_FOUND)
            edits[count++] = (struct json_edit){.pointer = bytes_of(profile->read_only[i])};
    }
    buffer_init(&buffer, SIZE_MAX / 2);
    if (json_splice(&document, edits, count, &buffer, &failed) != JSON_SPLICED)
        never("what was found can be removed");
    return envelope(profile->document, keep(&buffer, arena), arena);
}

/* --- merge patch (RFC 7396) --- */

/* null means remove, and an object is merged into what is there, while an edit means to set exactly its value. Inside
 * an array both are values like any other. */
static bool can_express(const struct write_action *write, struct arena *arena, const char **ret_why)
{
    for (size_t i = 0; i < write->edit_count; i++) {
        enum json_kind kind;

        if (!bytes_present(write->edits[i].value))
            continue;
        kind = scan(write->edits[i].value, arena).values[0].kind;
        if (kind == JSON_NULL)
            *ret_why = "a merge patch cannot set null, which means remove (RFC 7396)";
        else if (kind == JSON_OBJECT)
            *ret_why = "a merge patch cannot replace an object, it merges into what is there (RFC 7396)";
        else
            continue;
        return false;
    }
    return true;
}

static bool patch_body(const struct profile *profile, const struct write_action *write, struct arena *arena,
                       struct bytes *ret_body, const char **ret_why)
{
    struct json_edit *edits = arena_take(arena, (write->edit_count + 1) * sizeof(*edits));
    struct json empty = scan(BYTES("{}"), arena);
    struct buffer buffer;
    size_t failed;

    if (!can_express(write, arena, ret_why))
        return false;
    for (size_t i = 0; i < write->edit_count; i++) {
        edits[i] = write->edits[i];
        if (!bytes_present(edits[i].value))
            edits[i].value = BYTES("null");
    }
    buffer_init(&buffer, SIZE_MAX / 2);
    if (json_splice(&empty, edits, write->edit_count, &buffer, &failed) != JSON_SPLICED)
        never("an object takes any member");
    *ret_body = envelope(profile->document, keep(&buffer, arena), arena);
    return true;
}

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
    return !is_write ? "GET" : profile->writes_patch ? "PATCH" : "PUT";
}

static void add_read(struct http_request *request, struct http_header *headers, const struct read_action *read)
{
    if (read->known_version.size > 0)
        add_header(request, headers, "If-None-Match", read->known_version);
    else
        add_header(request, headers, "If-Modified-Since", read->known_last_modified);
    /* one representation, one version: proxies give compressed ones versions of their own */
    add_header(request, headers, "Accept-Encoding", BYTES("identity"));
}

bool request_make(const struct request_context *context, const struct action *action, struct arena *arena,
                  struct http_request *ret_request, const char **ret_why)
{
    bool is_write = action->kind == ACTION_WRITE;
    struct http_header *headers = arena_take(arena, REQUEST_HEADERS_MAX * sizeof(*headers));
    struct http_request request = {
        .id = action->id,
        .method = request_method(context->profile, is_write),
        .url = address_url(context->address, is_write ? action->write.document : action->read.document, arena),
        .headers = headers,
        .timeout_ms = context->timeout_ms,
        .begin_by_ms = is_write ? action->write.begin_by_ms : 0,
        .answer_bytes_max = context->answer_bytes_max,
    };

    ensure(is_write || action->kind == ACTION_READ);
    add_header(&request, headers, "Accept", BYTES("application/json"));
    add_header(&request, headers, "Authorization", context->authorization);
    if (!is_write) {
        add_read(&request, headers, &action->read);
    } else if (context->profile->writes_patch) {
        if (!patch_body(context->profile, &action->write, arena, &request.body, ret_why))
            return false;
        add_header(&request, headers, "Content-Type", BYTES("application/merge-patch+json"));
    } else {
        request.body = put_body(context->profile, &action->write, arena);
        add_header(&request, headers, "Content-Type", BYTES("application/json"));
    }
    if (is_write && action->write.version.size > 0)
        add_header(&request, headers, "If-Match", action->write.version);
    *ret_request = request;
    return true;
}

/* --- credentials --- */

static char *base64(const char *text, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = memory_new((size + 2) / 3 * 4 + 1);
    size_t used = 0;

    for (size_t i = 0; i < size; i += 3) {
        uint32_t bits = (uint32_t)(unsigned char)text[i] << 16;

        if (i + 1 < size)
            bits |= (uint32_t)(unsigned char)text[i + 1] << 8;
        if (i + 2 < size)
            bits |= (unsigned char)text[i + 2];
        out[used++] = digits[bits >> 18];
        out[used++] = digits[bits >> 12 & 63];
        out[used++] = i + 1 < size ? digits[bits >> 6 & 63] : '=';
        out[used++] = i + 2 < size ? digits[bits & 63] : '=';
    }
    return out;
}

char *request_authorization(const struct config_service *config)
{
    auto_text plain = NULL;
    auto_text encoded = NULL;

    switch (config->auth) {
    case SERVICE_AUTH_NONE:
        return NULL;
    case SERVICE_AUTH_BASIC:
        plain = memory_format("%s:%s", config->user, config->password);
        encoded = base64(plain, strlen(plain));
        return memory_format("Basic %s", encoded);
    case SERVICE_AUTH_BEARER:
        return memory_format("Bearer %s", config->token);
    }
    never("every kind of credentials has a header");
}
