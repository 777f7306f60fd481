#include "service/cookies.h"

#include "common/memory.h"
#include "service/header.h"

#include <stdlib.h>

void cookies_release(struct cookies *cookies)
{
    for (size_t i = 0; i < cookies->count; i++)
        free(cookies->pairs[i]);
    *cookies = (struct cookies){0};
}

/* "name=" with the sign. */
static bool is_same_name(const char *pair, struct bytes name)
{
    return strncmp(pair, name.data, name.size) == 0;
}

static void drop(struct cookies *cookies, struct bytes name)
{
    for (size_t i = 0; i < cookies->count; i++)
        if (is_same_name(cookies->pairs[i], name)) {
            free(cookies->pairs[i]);
            cookies->pairs[i] = cookies->pairs[--cookies->count];
            return;
        }
}

/* RFC 6265 5.2.2: zero or less ends it. A date in Expires needs no look: a service that logs us out answers 401 or 403. */
static bool is_taken_back(struct bytes attributes)
{
    size_t end;

    while (attributes.size > 0) {
        struct bytes attribute = attributes;

        if (bytes_find(attributes, ';', &end)) {
            attribute.size = end;
            attributes = bytes_from(attributes, end + 1);
        } else {
            attributes = BYTES("");
        }
        attribute = bytes_trim(attribute);
        if (attribute.size > 8 && bytes_equal_ignore_case((struct bytes){attribute.data, 8}, BYTES("Max-Age=")))
            return attribute.data[8] == '0' || attribute.data[8] == '-';
    }
    return false;
}

static void note(struct cookies *cookies, struct bytes value)
{
    struct bytes pair = value, attributes = BYTES("");
    size_t end, sign;

    if (bytes_find(value, ';', &end)) {
        pair.size = end;
        attributes = bytes_from(value, end + 1);
    }
    pair = bytes_trim(pair);
    if (!bytes_find(pair, '=', &sign) || sign == 0 || pair.size > COOKIES_BYTES_MAX ||
        !header_value_is_valid(pair, true))
        return;
    drop(cookies, (struct bytes){pair.data, sign + 1});
    if (!is_taken_back(attributes) && cookies->count < COOKIES_MAX)
        cookies->pairs[cookies->count++] = memory_text_n(pair.data, pair.size);
}

void cookies_note(struct cookies *cookies, const struct http_answer *http)
{
    for (size_t i = 0; i < http->header_count; i++)
        if (bytes_equal_ignore_case(http->headers[i].name, BYTES("Set-Cookie")))
            note(cookies, http->headers[i].value);
}

void cookies_add(const struct cookies *cookies, struct buffer *out)
{
    for (size_t i = 0; i < cookies->count; i++)
        buffer_format(out, "%s%s", i > 0 ? "; " : "", cookies->pairs[i]);
}
