#include "common/error.h"

#include "common/bytes.h"

#include <errno.h>
#include <stdio.h>

/* A text that was cut at its size ends with a whole character. */
static void cut(struct error *error)
{
    error->text[bytes_whole(bytes_of(error->text)).size] = '\0';
}

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
    va_list arguments;

    if (error == NULL)
        return false;
    error->kind = kind;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    cut(error);
    return false;
}

bool error_wrap(struct error *error, const char *format, ...)
{
    char inner[ERROR_TEXT_SIZE];
    va_list arguments;
    size_t size;

    if (error == NULL)
        return false;
    memcpy(inner, error->text, sizeof(inner));
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    size = strlen(error->text);
    snprintf(error->text + size, sizeof(error->text) - size, ": %s", inner);
    cut(error);
    return false;
}

bool error_set_errno(struct error *error, const char *format, ...)
{
    int saved = errno;
    va_list arguments;
    size_t size;

    if (error == NULL)
        return false;
    error->kind = ERROR_SYSTEM;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    size = strlen(error->text);
    snprintf(error->text + size, sizeof(error->text) - size, ": %s", strerror(saved));
    cut(error);
    errno = saved;
    return false;
}
