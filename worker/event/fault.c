#include "event/fault.h"

#include <stdarg.h>
#include <stdio.h>

/* The longest prefix of `text` that does not end within a character. */
static size_t whole_characters(const char *text, size_t size)
{
    size_t bad;

    if (bytes_are_utf8((struct bytes){text, size}, &bad))
        return size;
    return bad;
}

bool fault_set(struct event_fault *ret_fault, enum event_defect defect, size_t offset, const char *format, ...)
{
    va_list arguments;

    ret_fault->defect = defect;
    ret_fault->offset = offset;
    va_start(arguments, format);
    vsnprintf(ret_fault->detail, sizeof(ret_fault->detail), format, arguments);
    va_end(arguments);
    ret_fault->detail[whole_characters(ret_fault->detail, strlen(ret_fault->detail))] = '\0';
    return false;
}

const char *fault_quote(struct bytes bytes, char text[FAULT_QUOTE_SIZE])
{
    static const char dots[] = "...";
    size_t size = bytes.size < FAULT_QUOTE_SIZE - sizeof(dots) ? bytes.size : FAULT_QUOTE_SIZE - sizeof(dots);

    for (size_t i = 0; i < size; i++)
        text[i] = (unsigned char)bytes.data[i] < 0x20 || bytes.data[i] == 0x7f ? '?' : bytes.data[i];
    size = whole_characters(text, size);
    text[size] = '\0';
    if (size < bytes.size)
        memcpy(text + size, dots, sizeof(dots));
    return text;
}
