#ifndef IFMATCH_SERVICE_HTTP_DATE_H
#define IFMATCH_SERVICE_HTTP_DATE_H

#include "common/bytes.h"

/* RFC 9110 5.6.7: IMF-fixdate, and the two obsolete forms that a recipient must accept. Wall time in ms. */
bool http_date_parse(struct bytes text, int64_t *ret_wall_ms);

/* RFC 9110 10.2.3: seconds or a date. Milliseconds from `wall_ms` on, never below 0; false if it is neither. */
bool http_retry_after_parse(struct bytes text, int64_t wall_ms, int64_t *ret_wait_ms);

#endif
