#ifndef IFMATCH_SERVICE_CSRF_H
#define IFMATCH_SERVICE_CSRF_H

#include "common/error.h"
#include "common/memory.h"
#include "config/config.h"
#include "service/transport.h"

/* A CSRF nonce of the service's session: the request for it and the answer to it. Without pointers the nonce stands in
 * the answer's header of the name that asked for it (SAP: "X-CSRF-Token: Fetch"), else in the answer's body (Windchill:
 * NonceKey and NonceValue). Pure. */

#define CSRF_ANSWER_BYTES_MAX 65536

/* Headers that a request for the nonce has of its own; `ret_headers` has room for CSRF_HEADERS_MAX. */
#define CSRF_HEADERS_MAX 2
size_t csrf_headers(const struct config_csrf *config, struct http_header *ret_headers);

/* The header that writes carry from now on, from `arena`. False with `error` for people, in which nothing of the answer
 * stands but its status. */
bool csrf_answer(const struct config_csrf *config, const struct http_answer *http, struct arena *arena,
                 struct http_header *ret_header, struct error *error);

#endif
