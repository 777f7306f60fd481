#ifndef IFMATCH_TESTS_FUZZ_SECOND_PARSER_H
#define IFMATCH_TESTS_FUZZ_SECOND_PARSER_H

#include <stdbool.h>
#include <stddef.h>

/* jansson, which shares no line with common/json_*: as strict (RFC 8259, UTF-8, no NUL, no duplicate keys), but for
 * numbers, which become doubles there. Behind names of its own, since some of jansson's are ours. */
struct second;

enum second_verdict {
    SECOND_ACCEPTS,
    SECOND_REFUSES,
    SECOND_CANNOT, /* over the range of a double, nested too deep, or with a raw NUL, which it loses between tokens */
};

/* The caller frees; NULL unless SECOND_ACCEPTS. */
struct second *second_parse(const char *data, size_t size, enum second_verdict *ret_verdict);
struct second *second_object(void);
void second_free(struct second *value);

/* "0" number, "s" string, "[" array, "{" object, "n", "t", "f". */
char second_kind(const struct second *value);
size_t second_count(const struct second *value); /* of members or elements */
double second_number(const struct second *value);
const char *second_string(const struct second *value, size_t *ret_size);
/* Borrowed; NULL: not there. */
struct second *second_member(const struct second *object, const char *key, size_t size);
struct second *second_element(const struct second *array, size_t position);

/* `value` goes over to the object; NULL removes the member. */
void second_set(struct second *object, const char *key, size_t size, struct second *value);

#endif
