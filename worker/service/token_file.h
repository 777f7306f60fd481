#ifndef IFMATCH_SERVICE_TOKEN_FILE_H
#define IFMATCH_SERVICE_TOKEN_FILE_H

#include "common/bytes.h"

#include <sys/stat.h>

/* A token that somebody else keeps fresh in a file (a projected token of Kubernetes, an agent's sink): read again when
 * the file has changed, asked for at most once in TOKEN_FILE_LOOK_MS. A file that is gone or unreadable leaves the last
 * token. Embedded by its user. */
#define TOKEN_FILE_LOOK_MS  1000
#define TOKEN_FILE_SIZE_MAX 65536

struct token_file {
    char *path;
    char *token;     /* NULL: none was ever read */
    uint64_t number; /* tells one token from the next */
    char *failure;   /* of the last look, one line for people; NULL: it was good */
    int64_t look_at_ms;
    struct stat seen;
};

void token_file_init(struct token_file *file, const char *path);
void token_file_release(struct token_file *file);
void token_file_look(struct token_file *file, int64_t now_ms);
/* What was sent with token `number` was refused: true if the file, looked at now, has another one. */
bool token_file_refused(struct token_file *file, uint64_t number, int64_t now_ms);

#endif
