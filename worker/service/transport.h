#ifndef IFMATCH_SERVICE_TRANSPORT_H
#define IFMATCH_SERVICE_TRANSPORT_H

#include "common/bytes.h"
#include "common/error.h"
#include "engine/words.h"

/* The narrow interface between the service client and whatever moves HTTP bytes: request bytes in, answer bytes out,
 * pulled. Today libcurl (transport_curl.h); a leaner one will stand beside it. The client admits no more requests
 * than the transport may have in flight and keeps its own deadlines. No callback, one thread. */

struct http_header {
    struct bytes name;
    struct bytes value;
};

/* Everything in it must live until the answer was pulled or the request was cancelled. */
struct http_request {
    uint64_t id; /* comes back in the answer; unique among those in flight */
    const char *method;
    const char *url;
    const struct http_header *headers;
    size_t header_count;
    struct bytes body; /* absent: none */
    int64_t timeout_ms;
    int64_t begin_by_ms; /* not sent from then on, as if there were no connection; 0: whenever */
    size_t answer_bytes_max; /* of the body */
    bool wants_fresh_connection; /* the confirming read after an ambiguous write */
};

enum http_result {
    HTTP_ANSWERED,    /* status, headers and the whole body are here */
    HTTP_UNREACHABLE, /* no connection: DNS, connect, TLS; nothing was sent. Or too late for begin_by_ms */
    HTTP_TIMEOUT,
    HTTP_BROKEN,      /* reset, cut, not HTTP */
    HTTP_NO_CREDENTIALS, /* none are to be had; nothing was sent, or it was refused for what it carried */
    HTTP_TOO_LARGE,   /* the body is over answer_bytes_max; status and headers are here */
};

/* Valid until the next call of next or free. */
struct http_answer {
    uint64_t id;
    enum http_result result;
    enum sent sent;
    int status;
    const struct http_header *headers; /* of the final answer, in order */
    size_t header_count;
    struct bytes body;
    int64_t took_ms;
    const char *detail; /* one line for people where result != HTTP_ANSWERED */
};

struct transport;

struct transport_operations {
    /* False: cannot even begin (bad URL); no answer follows. */
    bool (*send)(struct transport *transport, const struct http_request *request, struct error *error);
    /* No answer follows; whatever was under way is dropped. Unknown ids are ignored. */
    void (*cancel)(struct transport *transport, uint64_t id);
    /* Moves bytes without blocking. Call when the descriptor is readable, when the deadline is over and after send. */
    void (*run)(struct transport *transport, int64_t now_ms);
    bool (*next)(struct transport *transport, struct http_answer *ret_answer);
    int (*descriptor)(const struct transport *transport);  /* readable: call run */
    int64_t (*deadline)(const struct transport *transport); /* INT64_MAX: none */
    void (*free)(struct transport *transport);
};

/* The first member of every transport. */
struct transport {
    const struct transport_operations *operations;
};

#endif
