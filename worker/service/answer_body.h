#ifndef IFMATCH_SERVICE_ANSWER_BODY_H
#define IFMATCH_SERVICE_ANSWER_BODY_H

#include "common/json_scan.h"

/* The body of an answer: scanned when somebody first looks into it, and only once. Embedded by its user. */
struct answer_body {
    struct bytes text;
    struct arena *arena;
    bool is_scanned;
    bool is_json;
    struct json json;        /* where it is JSON */
    struct json_fault fault; /* where it is not */
};

void answer_body_init(struct answer_body *body, struct bytes text, struct arena *arena);
/* NULL: it is no JSON, body->fault says why. */
const struct json *answer_body_json(struct answer_body *body);
/* The value at a pointer as text: of a string its characters, of anything else its JSON. Absent: there is none. */
struct bytes answer_body_value(struct answer_body *body, struct bytes pointer);

#endif
