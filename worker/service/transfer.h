#ifndef IFMATCH_SERVICE_TRANSFER_H
#define IFMATCH_SERVICE_TRANSFER_H

#include "common/buffer.h"
#include "common/list.h"
#include "service/transport.h"

#include <curl/curl.h>

/* One request of the libcurl transport and what has come of its answer. Used again and again, so that a steady path
 * allocates nothing; only transport_curl.c and transfer.c know it. */
#define TRANSFER_HEADERS_MAX 64

struct transfer {
    struct list node; /* under way, done or spare */
    CURL *easy;
    struct curl_slist *header_list;
    uint64_t id;
    int64_t began_ms;
    int64_t begin_by_ms;
    size_t body_max;
    struct buffer head; /* name, value, name, value ... of the final answer */
    struct buffer body;
    size_t header_ends[2 * TRANSFER_HEADERS_MAX];
    size_t header_count;
    bool head_is_whole; /* the empty line after it has come */
    unsigned times_sent;
    bool is_too_large;
    CURLcode code;
    char why[CURL_ERROR_SIZE];
    struct http_header headers[TRANSFER_HEADERS_MAX];
};

/* What is the same for all requests of a transport. */
struct transfer_options {
    const char *ca_file; /* NULL: the system's */
    const char *certificate_file; /* NULL: none */
    const char *key_file;         /* NULL: in the certificate's file */
    const char *key_password;     /* NULL: none */
    const char *proxy;   /* NULL: none */
    int64_t connect_timeout_ms;
};

struct transfer *transfer_new(void);
void transfer_free(struct transfer *transfer); /* in no list and no multi handle any more */
/* Readies a new or cleared one; the bytes of `request` must live until it is cleared. */
void transfer_begin(struct transfer *transfer, const struct transfer_options *options,
                    const struct http_request *request);
/* `ret_answer` points into the transfer, until it is cleared. */
void transfer_answer(struct transfer *transfer, struct http_answer *ret_answer);
void transfer_clear(struct transfer *transfer);

#endif
