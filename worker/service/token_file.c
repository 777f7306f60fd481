#include "service/token_file.h"

#include "common/file.h"
#include "common/memory.h"
#include "service/header.h"

#include <errno.h>
#include <stdlib.h>

void token_file_init(struct token_file *file, const char *path)
{
    *file = (struct token_file){.path = memory_text(path)};
}

void token_file_release(struct token_file *file)
{
    free(file->path);
    free(file->token);
    free(file->failure);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void fail(struct token_file *file, char *failure)
{
    free(file->failure);
    file->failure = failure;
    file->seen = (struct stat){0}; /* what is there next is read */
}

static void use(struct token_file *file, struct bytes token)
{
    free(take(file->failure));
    if (file->token != NULL && bytes_equal(bytes_of(file->token), token))
        return;
    free(file->token);
    file->token = memory_text_n(token.data, token.size);
    file->number++;
}

static void read_again(struct token_file *file)
{
    struct error error = {0};
    size_t size;
    auto_text text = file_read(file->path, TOKEN_FILE_SIZE_MAX, &size, &error);
    struct bytes token = text != NULL ? bytes_trim((struct bytes){text, size}) : BYTES_NONE;

    if (text == NULL)
        fail(file, memory_format("token file %s", error.text));
    else if (!header_value_is_valid(token, false))
        fail(file, memory_format("token file %s: it is not one line of visible characters", file->path));
    else
        use(file, token);
}

void token_file_look(struct token_file *file, int64_t now_ms)
{
    struct stat now;

    if (now_ms < file->look_at_ms)
        return;
    file->look_at_ms = now_ms + TOKEN_FILE_LOOK_MS;
    if (stat(file->path, &now) != 0) {
        fail(file, memory_format("token file %s: %s", file->path, strerror(errno)));
        return;
    }
    if (is_same(&now, &file->seen))
        return;
    file->seen = now;
    read_again(file);
}

bool token_file_refused(struct token_file *file, uint64_t number, int64_t now_ms)
{
    file->look_at_ms = now_ms;
    token_file_look(file, now_ms);
    return file->number != number;
}
