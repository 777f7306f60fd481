#ifndef IFMATCH_SERVICE_COOKIES_H
#define IFMATCH_SERVICE_COOKIES_H

#include "common/buffer.h"
#include "service/transport.h"

/* The cookies of one session with one service. They go back to that service only, so Domain, Path and Secure are not
 * looked at; one that the service takes back (Max-Age=0) goes. Pure; embedded by its user, all zero in the beginning. */
#define COOKIES_MAX       32
#define COOKIES_BYTES_MAX 8192 /* of one, name and value; a longer one is not kept */

struct cookies {
    char *pairs[COOKIES_MAX]; /* "name=value" */
    size_t count;
};

void cookies_release(struct cookies *cookies); /* empty again */
/* Takes what the answer sets. */
void cookies_note(struct cookies *cookies, const struct http_answer *http);
/* Adds the value of a Cookie header; nothing without cookies. */
void cookies_add(const struct cookies *cookies, struct buffer *out);

#endif
