#ifndef IFMATCH_SERVICE_PROFILE_H
#define IFMATCH_SERVICE_PROFILE_H

#include "common/error.h"
#include "common/memory.h"
#include "config/config.h"
#include "engine/options.h"
#include "engine/words.h"

#define PROFILE_STATUSES      600
#define PROFILE_READ_ONLY_MAX 64
#define PROFILE_HEADERS_MAX   8 /* for reads, and as many for writes */
#define PROFILE_PARTS_MAX     4 /* of a version */
#define PROFILE_SOURCES_MAX   4

/* Where a version may stand in an answer: in a header, or at JSON Pointers of the body, of which each is one part. */
struct version_source {
    struct bytes header;
    struct bytes pointers[PROFILE_PARTS_MAX];
    size_t pointer_count; /* 0: in the header */
};

struct version_sources {
    struct version_source items[PROFILE_SOURCES_MAX]; /* the first that an answer has counts */
    size_t count;
};

enum version_place { VERSION_IN_HEADER, VERSION_IN_QUERY, VERSION_IN_BODY };

/* How a version is spelled where it goes back. */
enum version_spelling {
    VERSION_VERBATIM,  /* as it came; in a body as a JSON string */
    VERSION_QUOTED,    /* in double quotes */
    VERSION_UNQUOTED,  /* without W/ and double quotes */
    VERSION_NUMBER,    /* in a body as a JSON number */
    VERSION_INCREMENT, /* the number one above it */
};

struct version_target {
    enum version_place place;
    enum version_spelling spelling;
    struct bytes names[PROFILE_PARTS_MAX]; /* of the header, of the query's parameters, or a JSON Pointer of the body */
    size_t name_count;
};

enum write_form { WRITE_PUT, WRITE_MERGE_PATCH, WRITE_JSON_PATCH, WRITE_ODATA_PATCH };

/* Answers of one status that a value or a text of the body tells apart. */
struct answer_match {
    bool is_write;
    int status;
    enum meaning meaning;
    struct bytes pointer;  /* absent: the body as text */
    struct bytes is;       /* the value as text; absent: any */
    struct bytes contains; /* a part of it, whatever the case of its letters; absent: any */
};

struct profile_header {
    struct bytes name;
    struct bytes value;
};

struct profile_headers {
    struct profile_header items[PROFILE_HEADERS_MAX];
    size_t count;
};

/* How one kind of service spells versions, preconditions, answers and writes: read from a file (docs/services.md says
 * what each key means), so that no service is named in code. All text is the arena's, with a NUL behind it. */
struct profile {
    struct arena *arena;
    const char *name;
    struct version_sources read;    /* of a document that was read */
    struct version_sources written; /* of an answer to a write */
    struct version_target send;
    bool weak_is_exact;
    bool weak_may_be_stripped;
    bool versions_are_reused;
    int64_t resolution_ms; /* 0: every change makes a new version */
    const char *document[2]; /* JSON Pointer in the body, by is_write: of answers, and of requests; "": the whole body */
    struct bytes read_only[PROFILE_READ_ONLY_MAX]; /* JSON Pointers; none covers another */
    size_t read_only_count;
    enum write_form write;
    bool creates; /* PUT with If-None-Match: * makes a document only if there is none */
    bool tests_fields; /* a JSON Patch with test operations instead of the version */
    enum after_write after_write;
    struct profile_headers headers[2]; /* by is_write */
    int64_t max_in_flight;             /* where the configuration says `auto`; 0: nothing said */
    uint8_t meanings[2][PROFILE_STATUSES]; /* enum meaning, by is_write and status */
    struct answer_match *matches; /* in the order of the file; they go before `meanings` */
    size_t match_count;
};

/* A shipped one by its name, or a file (a name with '/' or '.'). `config` may choose the write form. ERROR_USAGE with
 * file, line and column. The caller frees. */
struct profile *profile_load(const struct config_service *config, struct error *error);
void profile_free(struct profile *profile); /* NULL is fine */

/* What a status means where no match of the body says otherwise. */
enum meaning profile_meaning(const struct profile *profile, bool is_write, int status);
/* Does the write form send edits, not the whole document? */
bool profile_writes_patch(const struct profile *profile);

#endif
