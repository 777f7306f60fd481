#ifndef IFMATCH_ENGINE_FAQ_H
#define IFMATCH_ENGINE_FAQ_H

#include "engine/words.h"

/* For people who look at a record and ask why: of each outcome and each reason how it comes about, and what to do. Beside
 * the tables of words.h; a test sees that every word has its entry. */
struct faq {
    const char *why; /* how it comes about */
    const char *act; /* what to do */
};

const struct faq *faq_of_outcome(enum outcome outcome);
/* `ret_outcome` is how an event with this reason ends. Members are NULL: there is no entry. */
const struct faq *faq_of_reason(enum reason reason, enum outcome *ret_outcome);

/* docs/faq.md, made from all of them. */
struct buffer;
void faq_document(struct buffer *out);

#endif
