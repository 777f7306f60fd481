#ifndef IFMATCH_CONFIG_SECRET_H
#define IFMATCH_CONFIG_SECRET_H

#include "common/buffer.h"

/* What must never appear in a message: the one place that knows. */

/* Does a key of this name hold a secret: "password", "sasl.password", "ssl.key.pem", "client_secret", ...? */
bool secret_is_name(struct bytes name);

/* Adds line `line` (from 1) of `text` to `out` as it may be shown: control characters as spaces, "?" for what is not UTF-8, "***" in
 * place of all that stands behind a secret's key, or of the whole line where it continues a secret, and of
 * user:password in URLs. */
void secret_add_line(struct buffer *out, struct bytes text, int line);

#endif
