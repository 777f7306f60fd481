#ifndef IFMATCH_SERVICE_TRANSPORT_CURL_H
#define IFMATCH_SERVICE_TRANSPORT_CURL_H

#include "service/transport.h"

/* HTTP/1.1 by libcurl's multi socket interface. TLS is verified, no redirect is followed, no proxy is used but the
 * one that is named. */
struct transport_options {
    const char *ca_file; /* NULL: the system's */
    const char *certificate_file; /* the client's own (PEM), its key, and the key's password; NULL: none */
    const char *key_file;         /* NULL: in the certificate's file */
    const char *key_password;
    const char *proxy;   /* NULL: none, whatever the environment says */
    int64_t connect_timeout_ms;
    size_t connections_max; /* the client admits no more requests than that: libcurl never queues */
};

struct transport *transport_curl_new(const struct transport_options *options, struct error *error);

#endif
