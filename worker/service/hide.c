#include "service/hide.h"

#include "common/buffer.h"

#include <string.h>

static bool is_worth_it(struct bytes secret)
{
    return secret.size >= HIDE_BYTES_MIN;
}

static bool has_any(struct bytes text, const struct bytes *secrets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_worth_it(secrets[i]) && memmem(text.data, text.size, secrets[i].data, secrets[i].size) != NULL)
            return true;
    return false;
}

/* The longest that begins here; 0: none. */
static size_t size_at(struct bytes rest, const struct bytes *secrets, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++)
        if (is_worth_it(secrets[i]) && secrets[i].size > size && bytes_start_with(rest, secrets[i]))
            size = secrets[i].size;
    return size;
}

struct bytes hide(struct bytes text, const struct bytes *secrets, size_t count, struct arena *arena)
{
    auto_buffer out = {0};

    if (text.size == 0 || !has_any(text, secrets, count))
        return text;
    buffer_init(&out, SIZE_MAX / 2);
    for (size_t i = 0; i < text.size;) {
        size_t size = size_at(bytes_from(text, i), secrets, count);

        if (size > 0)
            buffer_add_text(&out, "***");
        else
            buffer_add_char(&out, text.data[i]);
        i += size > 0 ? size : 1;
    }
    return arena_keep(arena, buffer_bytes(&out));
}

void hide_words(struct bytes value, struct bytes *secrets, size_t max, size_t *count)
{
    size_t start = 0;

    for (size_t i = 0; i <= value.size; i++) {
        if (i < value.size && memchr(" ;=", value.data[i], 3) == NULL)
            continue;
        if (*count < max && i > start)
            secrets[(*count)++] = (struct bytes){value.data + start, i - start};
        start = i + 1;
    }
}

void hide_in_answer(struct http_answer *answer, const struct bytes *secrets, size_t count, struct arena *arena)
{
    struct http_header *headers = arena_take(arena, (answer->header_count + 1) * sizeof(*headers));

    answer->body = hide(answer->body, secrets, count, arena);
    for (size_t i = 0; i < answer->header_count; i++) {
        headers[i] = answer->headers[i];
        if (bytes_equal_ignore_case(headers[i].name, BYTES("Location")))
            headers[i].value = hide(headers[i].value, secrets, count, arena);
    }
    answer->headers = headers;
}
