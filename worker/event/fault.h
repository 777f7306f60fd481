#ifndef IFMATCH_EVENT_FAULT_H
#define IFMATCH_EVENT_FAULT_H

#include "common/bytes.h"
#include "event/defect.h"

/* For this room alone: how its parsers say what is wrong. */
#define FAULT_NOWHERE SIZE_MAX

/* Fills `ret_fault` and returns false. The detail is cut at its size without splitting a character. */
bool fault_set(struct event_fault *ret_fault, enum event_defect defect, size_t offset, const char *format, ...)
    __attribute__((format(__printf__, 4, 5)));

/* The beginning of bytes from outside, as they may stand in a detail: valid UTF-8 without control characters. */
#define FAULT_QUOTE_SIZE 100
const char *fault_quote(struct bytes bytes, char text[FAULT_QUOTE_SIZE]);

#endif
