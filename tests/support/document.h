#ifndef IFMATCH_TESTS_SUPPORT_DOCUMENT_H
#define IFMATCH_TESTS_SUPPORT_DOCUMENT_H

/* Generated pages: a test compares the page in docs/ with what the tables say today.
 * IFMATCH_ACCEPT=1 writes the page instead; the difference is reviewed in git. */
#include "common/buffer.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static inline void document_compare(const char *name, const struct buffer *page)
{
    char path[512];
    static char text[1 << 20];
    size_t size;
    FILE *file;

    snprintf(path, sizeof(path), "%s/docs/%s", IFMATCH_SOURCE_DIR, name);
    if (getenv("IFMATCH_ACCEPT") != NULL) {
        file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(page->data, 1, page->size, file), page->size);
        ck_assert_int_eq(fclose(file), 0);
        return;
    }
    file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing: IFMATCH_ACCEPT=1 tests/run unit writes it", path);
    size = fread(text, 1, sizeof(text), file);
    fclose(file);
    ck_assert_msg(size == page->size && memcmp(text, page->data, size) == 0,
                  "%s is not what the tables say: IFMATCH_ACCEPT=1 tests/run unit writes it anew", path);
}

#endif
