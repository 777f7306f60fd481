#ifndef IFMATCH_ENGINE_TRACE_H
#define IFMATCH_ENGINE_TRACE_H

#include "common/bytes.h"
#include "engine/engine.h"

/* One line for each transition, in a ring: the flight recorder. A line begins with the engine's time in ms. */
#define TRACE_LINE_SIZE 256

struct trace {
    char lines[TRACE_LINES][TRACE_LINE_SIZE];
    uint64_t next; /* number of the next line */
};

void trace_line(struct trace *trace, int64_t now_ms, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));
/* As engine_trace. */
bool trace_read(const struct trace *trace, uint64_t *number, const char **ret_line);

#endif
