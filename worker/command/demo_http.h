#ifndef IFMATCH_COMMAND_DEMO_HTTP_H
#define IFMATCH_COMMAND_DEMO_HTTP_H

#include "common/buffer.h"
#include "common/error.h"

/* One HTTP request after the other, each waited for: what the demo says to its sandbox. */
struct demo_http;

struct demo_http *demo_http_new(const char *url, struct error *error); /* "http://127.0.0.1:PORT" */
void demo_http_free(struct demo_http *http);                           /* NULL is fine */
/* Any status from 200 to 299 is success; `body` may be absent. `ret_body` is emptied first and gets the answer's body;
 * it may be NULL. */
bool demo_http_call(struct demo_http *http, const char *method, const char *path, struct bytes body,
                    struct buffer *ret_body, struct error *error);

#endif
