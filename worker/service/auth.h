#ifndef IFMATCH_SERVICE_AUTH_H
#define IFMATCH_SERVICE_AUTH_H

#include "common/memory.h"
#include "config/config.h"
#include "service/transport.h"

/* What a request carries so that the service takes it: Authorization (basic, a token that is given, kept fresh in a file
 * or fetched by OAuth2), the header of an API key, and a CSRF nonce with the cookies of its session. Knows when something
 * has to be fetched and makes that request; who sends it is transport_auth.c. No I/O but the token's file. */
struct auth;

/* NULL: nothing is to be carried. `config` must live as long as the result. */
struct auth *auth_new(const struct config_service *config);
void auth_free(struct auth *auth); /* NULL is fine */

enum auth_state {
    AUTH_READY,   /* requests may go */
    AUTH_AWAITED, /* something is being fetched, or to be fetched by auth_fetch */
    AUTH_FAILED,  /* not now: auth_failure() says why */
};
enum auth_state auth_state(struct auth *auth, int64_t now_ms);
/* One line for people; lives until the next fetch or look. */
const char *auth_failure(const struct auth *auth);

/* A renewal that failed since the last call, while what is to be renewed still holds; NULL: none. Lives until the next
 * fetch. */
const char *auth_trouble(struct auth *auth);

/* False: nothing is to be fetched now. Else `ret_request` (id, timeout and freshness are the caller's) is to be sent, its
 * bytes live until auth_fetched, which must follow. Also when requests may go: before a token's end. */
bool auth_fetch(struct auth *auth, int64_t now_ms, struct http_request *ret_request);
void auth_fetched(struct auth *auth, const struct http_answer *http, int64_t now_ms);

/* Which credentials a request carried. */
struct auth_used {
    uint64_t token;
    uint64_t nonce;
};

#define AUTH_HEADERS_MAX 4
/* In state AUTH_READY: fills `ret_headers` (room for AUTH_HEADERS_MAX) from `arena`; returns how many. */
size_t auth_headers(const struct auth *auth, bool is_write, struct arena *arena, struct http_header *ret_headers,
                    struct auth_used *ret_used);

/* Takes the cookies that an answer sets. */
void auth_note(struct auth *auth, struct auth_used used, const struct http_answer *http);
/* Was the request refused because of what it carried (401, or 403 to a write with a nonce), and can that be renewed?
 * Then it may be sent again, once, when the state is AUTH_READY again. */
bool auth_renew(struct auth *auth, struct auth_used used, bool is_write, int status, int64_t now_ms);

#define AUTH_SECRETS_MAX 2
/* The secrets that no header shows as they are; returns how many. */
size_t auth_secrets(const struct auth *auth, struct bytes *ret_secrets);

#endif
