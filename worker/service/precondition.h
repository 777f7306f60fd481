#ifndef IFMATCH_SERVICE_PRECONDITION_H
#define IFMATCH_SERVICE_PRECONDITION_H

#include "service/answer_body.h"
#include "service/profile.h"
#include "service/transport.h"

/* How a version comes out of an answer and goes back into a request, by the profile. Pure. A version of several parts
 * is one text, the parts separated by commas. */

/* The first of `sources` that the answer has, if it can go back as the profile says; absent: none. Points into the
 * answer or the body's arena. */
struct bytes precondition_version(const struct profile *profile, const struct version_sources *sources,
                                  const struct http_answer *http, struct answer_body *body);

/* RFC 9110 8.8.3: [W/] and a quoted string of visible characters. */
bool precondition_is_etag(struct bytes version);

/* What to send for a version that precondition_version() gave: the value of the header, the query ("a=1&b=2"), or the
 * JSON text of the member in the body. */
struct bytes precondition_spell(const struct profile *profile, struct bytes version, struct arena *arena);

/* The header of a read that asks for the document only if it has changed; NULL: this kind of version has none. */
const char *precondition_unless_current(const struct profile *profile, struct bytes version);

/* The value of an answer's header without white space around it; absent: not there. */
struct bytes precondition_header(const struct http_answer *http, struct bytes name);

#endif
