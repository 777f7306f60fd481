#ifndef IFMATCH_SERVICE_HIDE_H
#define IFMATCH_SERVICE_HIDE_H

#include "common/memory.h"
#include "service/transport.h"

/* A shorter text is no secret worth the name, and would tear other words apart. */
#define HIDE_BYTES_MIN 4

/* `text` with "***" in place of each of the secrets, from `arena`; `text` itself where none of them stands in it. */
struct bytes hide(struct bytes text, const struct bytes *secrets, size_t count, struct arena *arena);

/* Enough for the words of credentials and of a session's cookies. */
#define HIDE_WORDS_MAX 80
/* Adds the words of a header's value that carries credentials, as far as there is room: "Bearer" and the token, the names
 * and values of cookies. */
void hide_words(struct bytes value, struct bytes *secrets, size_t max, size_t *count);

/* In the body, and where a redirect leads: what of an answer may be shown to people. */
void hide_in_answer(struct http_answer *answer, const struct bytes *secrets, size_t count, struct arena *arena);

#endif
