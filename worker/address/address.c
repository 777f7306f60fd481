#include "address/address.h"

#include "common/check.h"

#include <stdlib.h>

#define WHOLE_ID 0

/* A piece of the URL: literal text, or a placeholder. */
struct piece {
    struct bytes literal; /* present: this is all */
    int group;            /* of the pattern, or WHOLE_ID */
    bool keeps_slash;
    bool doubles_quote;
};

struct address {
    char *url;
    const struct id_pattern *pattern; /* NULL: none */
    struct piece *pieces;
    size_t count;
};

/* --- the template --- */

static bool find_group(const struct address *address, struct bytes name, struct piece *piece, struct error *error)
{
    piece->group = address->pattern != NULL ? id_pattern_group(address->pattern, name) : ID_PATTERN_NO_GROUP;
    if (piece->group != ID_PATTERN_NO_GROUP)
        return true;
    piece->group = WHOLE_ID;
    if (bytes_equal(name, BYTES("id")))
        return true;
    return error_set(error, ERROR_USAGE, "has {%.*s}, and document.pattern has no group of that name",
                     BYTES_ARG(name));
}

/* What stands between the braces. */
static bool read_placeholder(const struct address *address, struct bytes text, struct piece *piece,
                             struct error *error)
{
    struct bytes name = text;
    size_t colon;

    if (name.size > 0 && name.data[0] == '+') {
        piece->keeps_slash = true;
        name = bytes_from(name, 1);
    }
    if (bytes_find(name, ':', &colon)) {
        piece->doubles_quote = bytes_equal(bytes_from(name, colon), BYTES(":odata"));
        if (!piece->doubles_quote)
            return error_set(error, ERROR_USAGE, "has {%.*s}: placeholders are {NAME}, {+NAME} and {NAME:odata}",
                             BYTES_ARG(text));
        name.size = colon;
    }
    return find_group(address, name, piece, error);
}

static void add(struct address *address, const struct piece *piece)
{
    address->pieces = memory_resize(address->pieces, (address->count + 1) * sizeof(*piece));
    address->pieces[address->count++] = *piece;
}

static bool read_pieces(struct address *address, struct error *error)
{
    struct bytes rest = bytes_of(address->url);
    size_t begin, end;

    while (bytes_find(rest, '{', &begin)) {
        struct piece piece = {0};

        add(address, &(struct piece){.literal = {rest.data, begin}});
        rest = bytes_from(rest, begin + 1);
        if (!bytes_find(rest, '}', &end))
            return error_set(error, ERROR_USAGE, "has a '{' without its '}'");
        if (!read_placeholder(address, (struct bytes){rest.data, end}, &piece, error))
            return false;
        add(address, &piece);
        rest = bytes_from(rest, end + 1);
    }
    if (address->count == 0)
        return error_set(error, ERROR_USAGE, "must contain {id}, where the document id is put");
    add(address, &(struct piece){.literal = rest});
    return true;
}

bool address_new(const char *url, const struct id_pattern *pattern, struct address **ret_address,
                 struct error *error)
{
    struct address *address = memory_new(sizeof(*address));

    address->url = memory_text(url);
    address->pattern = pattern;
    if (!read_pieces(address, error)) {
        address_free(address);
        return false;
    }
    *ret_address = address;
    return true;
}

void address_free(struct address *address)
{
    if (address == NULL)
        return;
    free(address->pieces);
    free(address->url);
    free(address);
}

const char *address_template(const struct address *address)
{
    return address->url;
}

/* --- an id in it --- */

/* What the piece takes of an id that the pattern has matched. */
static struct bytes part(const struct address *address, const struct piece *piece, struct bytes document)
{
    return piece->group == WHOLE_ID ? document : id_pattern_part(address->pattern, document, piece->group);
}

static bool is_segment(struct bytes segment, const char **ret_why)
{
    if (segment.size == 0)
        return *ret_why = "leaves a part of the URL empty", false;
    if (bytes_equal(segment, BYTES(".")) || bytes_equal(segment, BYTES("..")))
        return *ret_why = "means another place in a URL", false;
    return true;
}

static bool is_safe(const struct piece *piece, struct bytes value, const char **ret_why)
{
    size_t slash;

    while (piece->keeps_slash && bytes_find(value, '/', &slash)) {
        if (!is_segment((struct bytes){value.data, slash}, ret_why))
            return false;
        value = bytes_from(value, slash + 1);
    }
    return is_segment(value, ret_why);
}

bool address_takes(const struct address *address, struct bytes document, const char **ret_why)
{
    if (address->pattern != NULL && !id_pattern_match(address->pattern, document, ret_why))
        return false;
    for (size_t i = 0; i < address->count; i++) {
        const struct piece *piece = &address->pieces[i];

        if (!bytes_present(piece->literal) && !is_safe(piece, part(address, piece, document), ret_why))
            return false;
    }
    return true;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

static size_t escape(const struct piece *piece, char c, char *out)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t times = piece->doubles_quote && c == '\'' ? 2 : 1;

    if (is_unreserved(c) || (piece->keeps_slash && c == '/'))
        return *out = c, 1;
    for (size_t i = 0; i < times; i++) {
        out[3 * i] = '%';
        out[3 * i + 1] = digits[(unsigned char)c >> 4];
        out[3 * i + 2] = digits[(unsigned char)c & 15];
    }
    return 3 * times;
}

#define ESCAPED_MAX 6 /* bytes that one becomes: a quote, doubled */

const char *address_url(const struct address *address, struct bytes document, struct arena *arena)
{
    size_t size = 1, used = 0;
    const char *why;
    char *text;

    ensure(address_takes(address, document, &why));
    for (size_t i = 0; i < address->count; i++)
        size += bytes_present(address->pieces[i].literal) ? address->pieces[i].literal.size
                                                          : ESCAPED_MAX * document.size;
    text = arena_take(arena, size);
    for (size_t i = 0; i < address->count; i++) {
        const struct piece *piece = &address->pieces[i];
        struct bytes value = bytes_present(piece->literal) ? piece->literal : part(address, piece, document);

        for (size_t at = 0; at < value.size; at++) {
            if (bytes_present(piece->literal))
                text[used++] = value.data[at];
            else
                used += escape(piece, value.data[at], text + used);
        }
    }
    text[used] = '\0';
    return text;
}
