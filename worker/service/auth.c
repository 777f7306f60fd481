#include "service/auth.h"

#include "common/buffer.h"
#include "common/check.h"
#include "service/cookies.h"
#include "service/csrf.h"
#include "service/header.h"
#include "service/lease.h"
#include "service/oauth2.h"
#include "service/token_file.h"

#include <stdlib.h>

#define HEADER_BYTES_MAX (1 << 20)

enum fetching { FETCHING_NOTHING, FETCHING_TOKEN, FETCHING_NONCE };

struct auth {
    const struct config_auth *config;
    char *basic;             /* what stands behind "Basic " */
    struct token_file file;
    struct lease token;      /* OAuth2 */
    char *token_text;
    struct lease nonce;
    struct http_header nonce_header;
    struct arena *nonce_arena; /* of the header */
    struct cookies cookies;
    enum fetching fetching;
    struct auth_used fetching_with;
    bool was_nonce_refused; /* with 401, and asked for again with another token */
    struct arena *arena;    /* of the fetch under way */
    char *failure;
    bool has_trouble;
};

static bool has_csrf(const struct auth *auth)
{
    return auth->config->csrf.url != NULL;
}

static bool is_needed(const struct config_auth *config)
{
    return config->kind != SERVICE_AUTH_NONE || config->api_key != NULL || config->csrf.url != NULL;
}

static void make_basic(struct auth *auth)
{
    auto_text plain = memory_format("%s:%s", auth->config->user, auth->config->password);
    struct bytes encoded = header_base64(bytes_of(plain), auth->arena);

    auth->basic = memory_text_n(encoded.data, encoded.size);
}

struct auth *auth_new(const struct config_service *config)
{
    struct auth *auth;

    if (!is_needed(&config->auth))
        return NULL;
    auth = memory_new(sizeof(*auth));
    auth->config = &config->auth;
    auth->arena = arena_new(4096);
    auth->nonce_arena = arena_new(1024);
    if (auth->config->kind == SERVICE_AUTH_BASIC)
        make_basic(auth);
    token_file_init(&auth->file, auth->config->token_file);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (auth == NULL)
        return;
    free(auth->basic);
    free(auth->token_text);
    free(auth->failure);
    token_file_release(&auth->file);
    cookies_release(&auth->cookies);
    arena_free(auth->nonce_arena);
    arena_free(auth->arena);
    free(auth);
}

/* --- state --- */

static enum auth_state state_of(const struct lease *lease, int64_t now_ms)
{
    switch (lease_state(lease, now_ms)) {
    case LEASE_HELD:
        return AUTH_READY;
    case LEASE_AWAITED:
        return AUTH_AWAITED;
    case LEASE_FAILED:
        return AUTH_FAILED;
    }
    never("a lease has a state");
}

static enum auth_state token_state(struct auth *auth, int64_t now_ms)
{
    if (auth->config->kind == SERVICE_AUTH_OAUTH2)
        return state_of(&auth->token, now_ms);
    if (auth->config->kind != SERVICE_AUTH_BEARER_FILE)
        return AUTH_READY;
    token_file_look(&auth->file, now_ms);
    return auth->file.token != NULL ? AUTH_READY : AUTH_FAILED;
}

enum auth_state auth_state(struct auth *auth, int64_t now_ms)
{
    enum auth_state state = token_state(auth, now_ms);

    return state == AUTH_READY && has_csrf(auth) ? state_of(&auth->nonce, now_ms) : state;
}

const char *auth_failure(const struct auth *auth)
{
    if (auth->config->kind == SERVICE_AUTH_BEARER_FILE && auth->file.token == NULL)
        return auth->file.failure;
    ensure(auth->failure != NULL);
    return auth->failure;
}

const char *auth_trouble(struct auth *auth)
{
    bool has_trouble = auth->has_trouble;

    auth->has_trouble = false;
    return has_trouble ? auth->failure : NULL;
}

/* --- headers --- */

static struct bytes token_text(const struct auth *auth)
{
    switch (auth->config->kind) {
    case SERVICE_AUTH_NONE:
        return BYTES_NONE;
    case SERVICE_AUTH_BASIC:
        return bytes_of(auth->basic);
    case SERVICE_AUTH_BEARER:
        return bytes_of(auth->config->token);
    case SERVICE_AUTH_BEARER_FILE:
        return bytes_of(auth->file.token);
    case SERVICE_AUTH_OAUTH2:
        return bytes_of(auth->token_text);
    }
    never("every kind of credentials has a text");
}

static struct bytes authorization(const struct auth *auth, struct arena *arena)
{
    const char *scheme = auth->config->kind == SERVICE_AUTH_BASIC ? "Basic" : "Bearer";
    struct buffer text;

    buffer_init(&text, HEADER_BYTES_MAX);
    buffer_format(&text, "%s %.*s", scheme, BYTES_ARG(token_text(auth)));
    return buffer_take(&text, arena);
}

static struct auth_used now_used(const struct auth *auth)
{
    return (struct auth_used){
        .token = auth->config->kind == SERVICE_AUTH_BEARER_FILE ? auth->file.number : auth->token.number,
        .nonce = auth->nonce.number,
    };
}

/* Without the nonce: what a request for it carries too. */
static size_t add_credentials(const struct auth *auth, struct arena *arena, struct http_header *headers)
{
    size_t count = 0;

    if (auth->config->kind != SERVICE_AUTH_NONE)
        headers[count++] = (struct http_header){BYTES("Authorization"), authorization(auth, arena)};
    if (auth->config->api_key != NULL)
        headers[count++] =
            (struct http_header){bytes_of(auth->config->api_key_header), bytes_of(auth->config->api_key)};
    return count;
}

size_t auth_headers(const struct auth *auth, bool is_write, struct arena *arena, struct http_header *ret_headers,
                    struct auth_used *ret_used)
{
    size_t count = add_credentials(auth, arena, ret_headers);
    struct buffer cookies;

    *ret_used = now_used(auth);
    if (!has_csrf(auth))
        return count;
    if (is_write)
        ret_headers[count++] = (struct http_header){arena_keep(arena, auth->nonce_header.name),
                                                    arena_keep(arena, auth->nonce_header.value)};
    buffer_init(&cookies, HEADER_BYTES_MAX);
    cookies_add(&auth->cookies, &cookies);
    if (cookies.size > 0)
        ret_headers[count++] = (struct http_header){BYTES("Cookie"), buffer_take(&cookies, arena)};
    else
        buffer_release(&cookies);
    ensure(count <= AUTH_HEADERS_MAX);
    return count;
}

/* --- what is fetched --- */

static void fetch_token(struct auth *auth, struct http_request *request)
{
    auth->fetching = FETCHING_TOKEN;
    lease_fetching(&auth->token);
    request->answer_bytes_max = OAUTH2_ANSWER_BYTES_MAX;
    oauth2_request(&auth->config->oauth2, auth->arena, request);
}

/* A session of its own: the cookies of the last one may be what the service refused. */
static void fetch_nonce(struct auth *auth, struct http_request *request)
{
    struct http_header *headers = arena_take(auth->arena, (AUTH_HEADERS_MAX + CSRF_HEADERS_MAX) * sizeof(*headers));

    auth->fetching = FETCHING_NONCE;
    auth->fetching_with = now_used(auth);
    lease_fetching(&auth->nonce);
    cookies_release(&auth->cookies);
    request->method = "GET";
    request->url = auth->config->csrf.url;
    request->answer_bytes_max = CSRF_ANSWER_BYTES_MAX;
    request->header_count = add_credentials(auth, auth->arena, headers);
    request->header_count += csrf_headers(&auth->config->csrf, headers + request->header_count);
    request->headers = headers;
}

bool auth_fetch(struct auth *auth, int64_t now_ms, struct http_request *ret_request)
{
    bool wants_token = auth->config->kind == SERVICE_AUTH_OAUTH2 && lease_wants_fetch(&auth->token, now_ms);

    if (auth->fetching != FETCHING_NOTHING)
        return false;
    if (!wants_token &&
        (!has_csrf(auth) || token_state(auth, now_ms) != AUTH_READY || !lease_wants_fetch(&auth->nonce, now_ms)))
        return false;
    arena_reset(auth->arena);
    *ret_request = (struct http_request){0};
    if (wants_token)
        fetch_token(auth, ret_request);
    else
        fetch_nonce(auth, ret_request);
    return true;
}

static bool renew_token(struct auth *auth, struct auth_used used, int64_t now_ms)
{
    if (auth->config->kind == SERVICE_AUTH_BEARER_FILE)
        return token_file_refused(&auth->file, used.token, now_ms);
    if (auth->config->kind != SERVICE_AUTH_OAUTH2)
        return false;
    lease_refused(&auth->token, used.token);
    return true;
}

static void fail(struct auth *auth, struct lease *lease, const char *what, const char *url, const struct error *error,
                 int64_t now_ms)
{
    lease_failed(lease, now_ms);
    free(auth->failure);
    auth->failure = memory_format("%s %s: %s", what, url, error->text);
    auth->has_trouble = lease_state(lease, now_ms) == LEASE_HELD;
}

static void token_fetched(struct auth *auth, const struct http_answer *http, int64_t now_ms)
{
    struct error error = {0};
    struct bytes token;
    int64_t lifetime_ms;

    if (!oauth2_answer(http, auth->arena, &token, &lifetime_ms, &error)) {
        fail(auth, &auth->token, "token endpoint", auth->config->oauth2.token_url, &error, now_ms);
        return;
    }
    free(auth->token_text);
    auth->token_text = memory_text_n(token.data, token.size);
    lease_got(&auth->token, lifetime_ms, now_ms);
}

static void nonce_fetched(struct auth *auth, const struct http_answer *http, int64_t now_ms)
{
    struct error error = {0};
    bool is_refused = http->result == HTTP_ANSWERED && http->status == 401;

    auth->was_nonce_refused = is_refused && !auth->was_nonce_refused &&
                              renew_token(auth, auth->fetching_with, now_ms);
    if (auth->was_nonce_refused) {
        lease_not_fetched(&auth->nonce);
        return;
    }
    arena_reset(auth->nonce_arena);
    if (!csrf_answer(&auth->config->csrf, http, auth->nonce_arena, &auth->nonce_header, &error)) {
        fail(auth, &auth->nonce, "CSRF token from", auth->config->csrf.url, &error, now_ms);
        return;
    }
    lease_got(&auth->nonce, -1, now_ms);
    cookies_note(&auth->cookies, http);
}

void auth_fetched(struct auth *auth, const struct http_answer *http, int64_t now_ms)
{
    enum fetching what = auth->fetching;

    auth->fetching = FETCHING_NOTHING;
    switch (what) {
    case FETCHING_TOKEN:
        token_fetched(auth, http, now_ms);
        return;
    case FETCHING_NONCE:
        nonce_fetched(auth, http, now_ms);
        return;
    case FETCHING_NOTHING:
        break;
    }
    never("what is answered was asked for");
}

/* --- answers --- */

size_t auth_secrets(const struct auth *auth, struct bytes *ret_secrets)
{
    size_t count = 0;

    if (auth->config->password != NULL)
        ret_secrets[count++] = bytes_of(auth->config->password);
    if (auth->config->oauth2.client_secret != NULL)
        ret_secrets[count++] = bytes_of(auth->config->oauth2.client_secret);
    ensure(count <= AUTH_SECRETS_MAX);
    return count;
}

/* Of this session only: an answer that was under way when a new one began would bring the old one back. */
void auth_note(struct auth *auth, struct auth_used used, const struct http_answer *http)
{
    if (has_csrf(auth) && used.nonce == auth->nonce.number && auth->nonce.is_held)
        cookies_note(&auth->cookies, http);
}

bool auth_renew(struct auth *auth, struct auth_used used, bool is_write, int status, int64_t now_ms)
{
    bool is_token_renewed = status == 401 && renew_token(auth, used, now_ms);
    bool is_session_renewed = has_csrf(auth) && (status == 401 || (status == 403 && is_write));

    if (is_session_renewed)
        lease_refused(&auth->nonce, used.nonce);
    return is_token_renewed || is_session_renewed;
}
