#include "engine/trace.h"

void trace_line(struct trace *trace, int64_t now_ms, const char *format, ...)
{
    char *line = trace->lines[trace->next % TRACE_LINES];
    int used = snprintf(line, TRACE_LINE_SIZE, "[%7lld] ", (long long)now_ms);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line + used, (size_t)(TRACE_LINE_SIZE - used), format, arguments);
    va_end(arguments);
    trace->next++;
}

bool trace_read(const struct trace *trace, uint64_t *number, const char **ret_line)
{
    if (*number >= trace->next)
        return false;
    if (trace->next - *number > TRACE_LINES) {
        *number = trace->next - TRACE_LINES;
        return false;
    }
    *ret_line = trace->lines[*number % TRACE_LINES];
    return true;
}
