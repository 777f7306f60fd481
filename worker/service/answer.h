#ifndef IFMATCH_SERVICE_ANSWER_H
#define IFMATCH_SERVICE_ANSWER_H

#include "common/memory.h"
#include "engine/input.h"
#include "service/profile.h"
#include "service/transport.h"

/* An HTTP answer and a profile become what the engine understands. Pure. The result points into `http` and `arena`.
 * `document_bytes_max`: a larger body is no document. */
struct answer answer_make(const struct profile *profile, bool is_write, const struct http_answer *http,
                          size_t document_bytes_max, int64_t wall_ms, struct arena *arena);

#endif
