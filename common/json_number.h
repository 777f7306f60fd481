#ifndef IFMATCH_COMMON_JSON_NUMBER_H
#define IFMATCH_COMMON_JSON_NUMBER_H

#include "common/bytes.h"

/* JSON numbers by decimal value, of any length and exponent, never through a double:
 * 1.0 = 1 = 1e0 = 10e-1, -0 = 0, 9007199254740993 != 9007199254740992.
 * Both texts must be numbers of RFC 8259 section 6 (the scan has seen to it). */
int json_number_compare(struct bytes a, struct bytes b); /* < 0, 0, > 0 */
bool json_number_is(struct bytes text);                  /* is the whole text one JSON number? */

#endif
