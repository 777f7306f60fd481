#ifndef IFMATCH_SERVICE_PROFILE_H
#define IFMATCH_SERVICE_PROFILE_H

#include "common/error.h"
#include "config/config.h"
#include "engine/options.h"
#include "engine/words.h"

#define PROFILE_STATUSES      600
#define PROFILE_READ_ONLY_MAX 64

/* How one kind of service spells versions, preconditions, answers and writes: read from a file (deploy/profiles shows
 * every key), so that no service is named in code. */
struct profile {
    char *name;
    char *version_header;
    bool weak_is_exact;
    bool versions_are_reused;
    char *document; /* JSON Pointer in the body; "": the whole body */
    char **read_only; /* JSON Pointers; none covers another */
    size_t read_only_count;
    bool writes_patch; /* merge-patch instead of PUT */
    enum after_write after_write;
    uint8_t meanings[2][PROFILE_STATUSES]; /* enum meaning, by is_write and status */
};

/* A shipped one by its name, or a file (a name with '/' or '.'). `config` may choose the write form. ERROR_USAGE with
 * file, line and column. The caller frees. */
struct profile *profile_load(const struct config_service *config, struct error *error);
void profile_free(struct profile *profile); /* NULL is fine */

/* What the answer means by its status alone. */
enum meaning profile_meaning(const struct profile *profile, bool is_write, int status);

#endif
