#include "service/oauth2.h"

#include "common/buffer.h"
#include "common/json_scan.h"
#include "service/header.h"

#include <ctype.h>

#define BODY_BYTES_MAX   (1 << 20)
#define LIFETIME_MAX_S   (365 * 24 * 3600)
#define ERROR_CODE_BYTES 64

/* --- the request --- */

static void add_field(struct buffer *body, const char *name, const char *value, struct arena *arena)
{
    if (value == NULL)
        return;
    buffer_format(body, "%s%s=", body->size > 0 ? "&" : "", name);
    buffer_add(body, header_percent(bytes_of(value), arena));
}

static struct bytes make_body(const struct config_oauth2 *config, struct arena *arena)
{
    struct buffer body;

    buffer_init(&body, BODY_BYTES_MAX);
    add_field(&body, "grant_type", "client_credentials", arena);
    add_field(&body, "scope", config->scope, arena);
    add_field(&body, "audience", config->audience, arena);
    if (config->client_auth == OAUTH2_CLIENT_POST) {
        add_field(&body, "client_id", config->client_id, arena);
        add_field(&body, "client_secret", config->client_secret, arena);
    }
    return buffer_take(&body, arena);
}

/* RFC 6749 2.3.1: both are form-encoded before they are joined. */
static struct bytes basic(const struct config_oauth2 *config, struct arena *arena)
{
    struct bytes id = header_percent(bytes_of(config->client_id), arena);
    struct bytes secret = header_percent(bytes_of(config->client_secret), arena);
    struct buffer text;

    buffer_init(&text, BODY_BYTES_MAX);
    buffer_format(&text, "%.*s:%.*s", BYTES_ARG(id), BYTES_ARG(secret));
    id = header_base64(buffer_take(&text, arena), arena);
    buffer_init(&text, BODY_BYTES_MAX);
    buffer_format(&text, "Basic %.*s", BYTES_ARG(id));
    return buffer_take(&text, arena);
}

void oauth2_request(const struct config_oauth2 *config, struct arena *arena, struct http_request *request)
{
    struct http_header *headers = arena_take(arena, 3 * sizeof(*headers));
    size_t count = 0;

    headers[count++] = (struct http_header){BYTES("Content-Type"), BYTES("application/x-www-form-urlencoded")};
    headers[count++] = (struct http_header){BYTES("Accept"), BYTES("application/json")};
    if (config->client_auth == OAUTH2_CLIENT_BASIC)
        headers[count++] = (struct http_header){BYTES("Authorization"), basic(config, arena)};
    request->method = "POST";
    request->url = config->token_url;
    request->headers = headers;
    request->header_count = count;
    request->body = make_body(config, arena);
}

/* --- the answer --- */

static bool scan(const struct http_answer *http, struct arena *arena, struct json *ret_json)
{
    struct json_fault fault;

    return json_scan(http->body, &JSON_LIMITS_DEFAULT, arena, ret_json, &fault) &&
           ret_json->values[0].kind == JSON_OBJECT;
}

static struct bytes text_member(const struct json *json, struct bytes name, struct arena *arena)
{
    uint32_t index = json_member(json, 0, name);

    return index != JSON_NOT_FOUND && json->values[index].kind == JSON_STRING ? json_string(json, index, arena)
                                                                              : BYTES_NONE;
}

/* RFC 6749 5.2: "invalid_client" and the like. Anything else might be an echo of what was sent. */
static struct bytes error_code(const struct http_answer *http, struct arena *arena)
{
    struct json json;
    struct bytes code = scan(http, arena, &json) ? text_member(&json, BYTES("error"), arena) : BYTES_NONE;

    for (size_t i = 0; i < code.size; i++)
        if (!islower((unsigned char)code.data[i]) && code.data[i] != '_')
            return BYTES_NONE;
    return code.size <= ERROR_CODE_BYTES ? code : BYTES_NONE;
}

/* Seconds as a number, or as text, which some servers send. */
static int64_t lifetime_ms(const struct json *json, struct arena *arena)
{
    uint32_t index = json_member(json, 0, BYTES("expires_in"));
    struct bytes text = BYTES_NONE;
    uint64_t seconds;

    if (index != JSON_NOT_FOUND && json->values[index].kind == JSON_NUMBER)
        text = json_text(json, index);
    else if (index != JSON_NOT_FOUND && json->values[index].kind == JSON_STRING)
        text = json_string(json, index, arena);
    if (text.size == 0 || !bytes_to_uint64(text, &seconds))
        return -1;
    return 1000 * (int64_t)(seconds < LIFETIME_MAX_S ? seconds : LIFETIME_MAX_S);
}

static bool is_bearer(const struct json *json, struct arena *arena)
{
    struct bytes type = text_member(json, BYTES("token_type"), arena);

    return !bytes_present(type) || bytes_equal_ignore_case(type, BYTES("Bearer"));
}

bool oauth2_answer(const struct http_answer *http, struct arena *arena, struct bytes *ret_token,
                   int64_t *ret_lifetime_ms, struct error *error)
{
    struct json json;
    struct bytes token;

    if (http->result != HTTP_ANSWERED)
        return error_set(error, ERROR_UNAVAILABLE, "%s",
                         http->detail != NULL ? http->detail : "the answer is too large");
    if (http->status != 200) {
        struct bytes code = error_code(http, arena);

        return error_set(error, ERROR_UNAVAILABLE, "status %d%s%.*s", http->status, code.size > 0 ? " " : "",
                         BYTES_ARG(code));
    }
    if (!scan(http, arena, &json))
        return error_set(error, ERROR_UNAVAILABLE, "status 200, but the body is not a JSON object");
    token = text_member(&json, BYTES("access_token"), arena);
    if (!header_value_is_valid(token, false))
        return error_set(error, ERROR_UNAVAILABLE, "status 200, but no access_token that can stand in a header");
    if (!is_bearer(&json, arena))
        return error_set(error, ERROR_UNAVAILABLE, "the token is not a bearer token");
    *ret_token = arena_keep(arena, token);
    *ret_lifetime_ms = lifetime_ms(&json, arena);
    return true;
}
