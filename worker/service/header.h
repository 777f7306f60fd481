#ifndef IFMATCH_SERVICE_HEADER_H
#define IFMATCH_SERVICE_HEADER_H

#include "common/memory.h"

/* What headers are made of. Pure. */

/* RFC 9110 5.1: a token. */
bool header_name_is_valid(struct bytes name);
/* Visible ASCII, at least one character, and spaces inside where `may_have_spaces`: it cannot smuggle another header. */
bool header_value_is_valid(struct bytes value, bool may_have_spaces);

/* RFC 4648 4, from `arena`. */
struct bytes header_base64(struct bytes plain, struct arena *arena);

/* All but unreserved characters (RFC 3986 2.3) as %XX, from `arena`: a value of application/x-www-form-urlencoded. */
struct bytes header_percent(struct bytes plain, struct arena *arena);

#endif
