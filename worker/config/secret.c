#include "config/secret.h"

#include "common/nearest.h"
#include "common/utf8.h"

#include <ctype.h>
#include <strings.h>

static const char *const words[] = {
    "password", "passwd",      "passphrase", "secret",        "token", "credential",        "api_key",
    "apikey",   "private.key", "key.pem",    "authorization", "jaas",  "oauthbearer.config"};

/* A slip of the finger in a key must not show what stands behind it: "pasword". */
static bool is_nearly_a_word(struct bytes letters)
{
    char text[24];

    if (letters.size >= sizeof(text))
        return false;
    memcpy(text, letters.data, letters.size);
    text[letters.size] = '\0';
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t size = strlen(words[i]);

        if (size >= 5 && nearest_distance(text, words[i]) <= (size < 8 ? 1 : 2))
            return true;
    }
    return false;
}

static struct bytes letters_at(struct bytes text, size_t start)
{
    size_t end = start;

    while (end < text.size && isalpha((unsigned char)text.data[end]))
        end++;
    return (struct bytes){text.data + start, end - start};
}

/* Where the first of the words ends; false: none is there. */
static bool find_word(struct bytes text, size_t *ret_end)
{
    for (size_t start = 0; start < text.size; start++) {
        struct bytes letters = start == 0 || !isalpha((unsigned char)text.data[start - 1]) ? letters_at(text, start)
                                                                                           : BYTES("");

        if (is_nearly_a_word(letters)) {
            *ret_end = start + letters.size;
            return true;
        }
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            size_t size = strlen(words[i]);

            if (text.size - start >= size && strncasecmp(text.data + start, words[i], size) == 0) {
                *ret_end = start + size;
                return true;
            }
        }
    }
    return false;
}

bool secret_is_name(struct bytes name)
{
    size_t end;

    return find_word(name, &end);
}

static struct bytes line_at(struct bytes text, int line)
{
    size_t end;

    for (int i = 1; i < line; i++) {
        if (!bytes_find(text, '\n', &end))
            return BYTES("");
        text = bytes_from(text, end + 1);
    }
    if (bytes_find(text, '\n', &end))
        text.size = end;
    if (text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    return text;
}

/* A line without a key of its own goes on with the value of the nearest key above it. */
static bool continues_secret(struct bytes text, int line)
{
    size_t position;

    if (bytes_find(line_at(text, line), ':', &position))
        return false;
    while (--line >= 1) {
        struct bytes above = line_at(text, line);

        if (bytes_find(above, ':', &position))
            return secret_is_name((struct bytes){above.data, position});
    }
    return false;
}

/* Behind "//" up to the '@' of a URL's user:password; false: the URL at `start` has none. */
static bool find_user(struct bytes line, size_t start, size_t *ret_at)
{
    if (line.size - start < 2 || memcmp(line.data + start, "//", 2) != 0)
        return false;
    for (size_t i = start + 2; i < line.size && strchr("/ \t\"',}]", line.data[i]) == NULL; i++)
        if (line.data[i] == '@') {
            *ret_at = i;
            return true;
        }
    return false;
}

/* The first one of `line`; returns its size. */
static size_t add_character(struct buffer *out, struct bytes line)
{
    size_t size = utf8_length(line.data, line.size);

    if (size > 1)
        buffer_add(out, (struct bytes){line.data, size});
    else if (size == 0)
        buffer_add_char(out, '?');
    else
        buffer_add_char(out, line.data[0] < 0x20 || line.data[0] == 0x7f ? ' ' : line.data[0]);
    return size > 0 ? size : 1;
}

static void add_shown(struct buffer *out, struct bytes line)
{
    size_t at;

    for (size_t i = 0; i < line.size; i++) {
        if (find_user(line, i, &at)) {
            buffer_add_text(out, "//***");
            i = at;
        }
        i += add_character(out, bytes_from(line, i)) - 1;
    }
}

void secret_add_line(struct buffer *out, struct bytes text, int line)
{
    struct bytes shown = line_at(text, line);
    size_t end, colon;
    bool has_secret = false;

    if (continues_secret(text, line)) {
        buffer_add_text(out, "***");
        return;
    }
    if (find_word(shown, &end) && bytes_find(bytes_from(shown, end), ':', &colon)) {
        has_secret = bytes_trim(bytes_from(shown, end + colon + 1)).size > 0;
        shown.size = end + colon + 1;
    }
    add_shown(out, shown);
    if (has_secret)
        buffer_add_text(out, " ***");
}
