#ifndef IFMATCH_SERVICE_REQUEST_H
#define IFMATCH_SERVICE_REQUEST_H

#include "address/address.h"
#include "common/memory.h"
#include "engine/action.h"
#include "service/profile.h"
#include "service/transport.h"

/* An action and a profile become an HTTP request. Pure. */

#define REQUEST_HEADERS_MAX (8 + PROFILE_HEADERS_MAX)

/* The parts of a request that do not change. Credentials are not among them: service/transport_auth.h. */
struct request_context {
    const struct profile *profile;
    const struct address *address;
    int64_t timeout_ms;
    size_t answer_bytes_max;
};

/* The address has taken the document. Fills `ret_request`; everything in it comes from `arena` or points into the action. False: the write form cannot
 * express the edits, `ret_why` (static text) says why; nothing is to be sent. */
bool request_make(const struct request_context *context, const struct action *action, struct arena *arena,
                  struct http_request *ret_request, const char **ret_why);

const char *request_method(const struct profile *profile, bool is_write);

#endif
