#ifndef IFMATCH_COMMON_SHA256_H
#define IFMATCH_COMMON_SHA256_H

#include "common/bytes.h"

/* FIPS 180-4. For naming values that are too large to be copied into a record, not for secrets. */
#define SHA256_HEX_SIZE 65
void sha256_hex(struct bytes bytes, char ret_hex[SHA256_HEX_SIZE]);

#endif
