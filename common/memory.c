#include "common/memory.h"

#include "common/check.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *memory_checked(void *memory)
{
    if (memory == NULL)
        never("out of memory");
    return memory;
}

void *memory_new(size_t size)
{
    return memory_checked(calloc(1, size > 0 ? size : 1));
}

void *memory_resize(void *memory, size_t size)
{
    return memory_checked(realloc(memory, size > 0 ? size : 1));
}

char *memory_text_n(const char *data, size_t size)
{
    char *copy = memory_new(size + 1);

    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *memory_text(const char *text)
{
    return text != NULL ? memory_text_n(text, strlen(text)) : NULL;
}

char *memory_format(const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    int size;

    va_start(arguments, format);
    size = vasprintf(&text, format, arguments);
    va_end(arguments);
    return memory_checked(size >= 0 ? text : NULL);
}

void memory_free_cleanup(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}
