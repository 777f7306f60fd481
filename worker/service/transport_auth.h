#ifndef IFMATCH_SERVICE_TRANSPORT_AUTH_H
#define IFMATCH_SERVICE_TRANSPORT_AUTH_H

#include "service/auth.h"
#include "service/transport.h"

/* A transport that puts credentials on every request of another one. Requests wait while something is fetched, one fetch
 * for all of them; what is refused for its credentials is sent once more with renewed ones, and its second answer is the
 * one that counts. Without credentials to be had a request is answered HTTP_NO_CREDENTIALS. What the answers to failed
 * requests say has no secrets in it.
 *
 * Takes over `inner` and `auth`. `timeout_ms` is that of a fetch. No request may have the id UINT64_MAX. */
struct transport *transport_auth_new(struct transport *inner, struct auth *auth, int64_t timeout_ms);

#endif
