#ifndef IFMATCH_ENGINE_SEQUENCE_H
#define IFMATCH_ENGINE_SEQUENCE_H

#include "common/bytes.h"

/* The order that a source gives to its events. A sequence has one of two shapes: digits alone are a number of any
 * length, anything else, the empty text included, is text. Between the shapes there is no order: "9" < "10" as numbers,
 * "9" > "10" as text, and a source that mixes them means neither. */

bool sequence_is_number(struct bytes sequence);
/* < 0, 0, > 0. Numbers by value (leading zeros mean nothing), text byte by byte. Both of one shape (ensured). */
int sequence_compare(struct bytes a, struct bytes b);

#endif
