#ifndef IFMATCH_TESTS_FUZZ_HTTP_H
#define IFMATCH_TESTS_FUZZ_HTTP_H

#include "address/address.h"
#include "fuzz.h"
#include "service/profile.h"
#include "service/shipped.h"
#include "service/transport.h"

#define FUZZ_HEADERS_MAX 8

/* "Name: value" lines up to an empty one; what follows is the body. "\r" may stand anywhere, also in a value: whatever
 * the transport lets through. */
static inline size_t fuzz_headers(struct bytes *rest, struct http_header headers[FUZZ_HEADERS_MAX])
{
    size_t count = 0;

    while (rest->size > 0) {
        struct bytes line = fuzz_line(rest);
        size_t colon;

        if (line.size == 0)
            break;
        if (count < FUZZ_HEADERS_MAX && bytes_find(line, ':', &colon)) {
            headers[count].name = (struct bytes){line.data, colon};
            headers[count++].value = bytes_trim(bytes_from(line, colon + 1));
        }
    }
    return count;
}

/* The first shipped profile whose name begins with this letter, made once; NULL: there is none. */
static inline const struct profile *fuzz_profile(char letter)
{
    static struct profile *profiles[256];
    struct profile **profile = &profiles[(unsigned char)letter];
    const struct shipped_profile *shipped = shipped_profiles;

    while (shipped->name != NULL && shipped->name[0] != letter)
        shipped++;
    if (*profile == NULL && shipped->name != NULL) {
        auto_text name = memory_text(shipped->name);
        const struct config_service config = {.profile = name};

        *profile = profile_load(&config, NULL);
        ensure(*profile != NULL);
    }
    return *profile;
}

/* One address, made once. */
static inline const struct address *fuzz_address(void)
{
    static struct address *address;

    if (address == NULL)
        ensure(address_new("http://service/{id}", NULL, &address, NULL));
    return address;
}

#endif
