#ifndef IFMATCH_EVENT_BASE64_H
#define IFMATCH_EVENT_BASE64_H

#include "common/memory.h"

/* RFC 4648, section 4, padding included; no white space. The result comes from `arena`. False: it is none. */
bool base64_decode(struct bytes text, struct arena *arena, struct bytes *ret_data);

#endif
