#ifndef IFMATCH_TESTS_FUZZ_FILE_H
#define IFMATCH_TESTS_FUZZ_FILE_H

#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file in memory with these bytes, for what reads files only. */
struct fuzz_file {
    int descriptor;
    char path[64];
};

static inline struct fuzz_file fuzz_file_new(const void *data, size_t size)
{
    struct fuzz_file file = {.descriptor = memfd_create("fuzz", MFD_CLOEXEC)};

    ensure(file.descriptor >= 0);
    ensure(write(file.descriptor, data, size) == (ssize_t)size);
    snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.descriptor);
    return file;
}

static inline void fuzz_file_free(struct fuzz_file *file)
{
    close(file->descriptor);
}

/* Does the message name the file with a line and a column: "PATH:LINE:COLUMN: message"? */
static inline bool fuzz_file_names_place(const struct fuzz_file *file, const char *message)
{
    size_t size = strlen(file->path);
    unsigned line, column;
    int end = 0;

    return strncmp(message, file->path, size) == 0 &&
           sscanf(message + size, ":%u:%u: %n", &line, &column, &end) == 2 && end > 0 && line > 0 && column > 0;
}

#endif
