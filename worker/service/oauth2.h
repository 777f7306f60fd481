#ifndef IFMATCH_SERVICE_OAUTH2_H
#define IFMATCH_SERVICE_OAUTH2_H

#include "common/error.h"
#include "common/memory.h"
#include "config/config.h"
#include "service/transport.h"

/* OAuth2 client credentials (RFC 6749 4.4): the request for a token and the answer to it. Pure. */

#define OAUTH2_ANSWER_BYTES_MAX 65536

/* Fills method, URL, headers and body, from `arena`; the rest of `request` is the caller's. */
void oauth2_request(const struct config_oauth2 *config, struct arena *arena, struct http_request *request);

/* The token, from `arena`, and how long it holds (-1: the answer does not say). False with `error` for people, in which
 * nothing of the answer stands but its status and the error code. */
bool oauth2_answer(const struct http_answer *http, struct arena *arena, struct bytes *ret_token,
                   int64_t *ret_lifetime_ms, struct error *error);

#endif
