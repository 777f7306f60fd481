#ifndef IFMATCH_ADDRESS_ADDRESS_H
#define IFMATCH_ADDRESS_ADDRESS_H

#include "address/pattern.h"
#include "common/memory.h"

/* Where the document of an id is: `service.url` with its placeholders. Pure.
 *   {id}         the whole id, or the group of the pattern that is called so
 *   {NAME}       what the group NAME of the pattern took
 *   {+NAME}      '/' stays; without '+' it becomes %2F
 *   {NAME:odata} ' is doubled, as a string within an OData key wants it
 * Everything but unreserved characters (RFC 3986 2.3) is percent-encoded. */
struct address;

/* `pattern` NULL: the only name is id. It must outlive the address. False: ERROR_USAGE. The caller frees. */
bool address_new(const char *url, const struct id_pattern *pattern, struct address **ret_address,
                 struct error *error);
void address_free(struct address *address); /* NULL is fine */

/* Does the id give a safe URL? It must have passed event_document_is_valid. It does not where the pattern does not
 * match, and where a placeholder would be empty or become a segment "." or "..". `ret_why` is static text. */
bool address_takes(const struct address *address, struct bytes document, const char **ret_why);
/* The URL of a document whose id is taken, with a NUL behind it, in `arena`. */
const char *address_url(const struct address *address, struct bytes document, struct arena *arena);
/* The URL with its placeholders, as it was given. */
const char *address_template(const struct address *address);

#endif
