#ifndef IFMATCH_SERVICE_REQUEST_BODY_H
#define IFMATCH_SERVICE_REQUEST_BODY_H

#include "common/memory.h"
#include "engine/action.h"
#include "service/profile.h"

/* The body of a write, in the form that the profile names (of a document that is made: as a whole) and in its envelope, with the version where it goes into the
 * body. Comes from `arena` or points into the action. False: the form cannot express the edits, `ret_why` (static
 * text) says why. Pure. */
bool request_body(const struct profile *profile, const struct write_action *write, struct arena *arena,
                  struct bytes *ret_body, const char **ret_why);

/* Its media type. */
const char *request_body_type(const struct profile *profile);

#endif
