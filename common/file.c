#include "common/file.h"

#include "common/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_STEP_BYTES 16384

/* Reads until the end or until one byte more than `size_max`. */
static bool file_read_all(int descriptor, size_t size_max, char **ret_text, size_t *ret_size)
{
    size_t size = 0, capacity = 0;
    auto_text text = NULL;

    for (;;) {
        ssize_t n;

        if (capacity - size < 2) {
            capacity = capacity > 0 ? capacity * 2 : FILE_STEP_BYTES;
            text = memory_resize(text, capacity);
        }
        n = read(descriptor, text + size, capacity - size - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        size += (size_t)n;
        if (n == 0 || size > size_max)
            break;
    }
    text[size] = '\0';
    *ret_size = size;
    *ret_text = take(text);
    return true;
}

char *file_read(const char *path, size_t size_max, size_t *ret_size, struct error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    const char *name = is_stdin ? "standard input" : path;
    int descriptor = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    auto_text text = NULL;
    size_t size;
    bool is_read;

    if (descriptor < 0) {
        error_set_errno(error, "%s", name);
        if (error != NULL && errno == ENOENT)
            error->kind = ERROR_UNAVAILABLE;
        return NULL;
    }
    is_read = file_read_all(descriptor, size_max, &text, &size);
    if (!is_read)
        error_set_errno(error, "%s", name);
    if (!is_stdin)
        close(descriptor);
    if (!is_read)
        return NULL;
    if (size > size_max) {
        error_set(error, ERROR_INPUT, "%s: larger than %zu bytes", name, size_max);
        return NULL;
    }
    *ret_size = size;
    return take(text);
}
