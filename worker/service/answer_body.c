#include "service/answer_body.h"

#include "common/pointer.h"

#define ENVELOPE_DEPTH_MAX 8 /* what a body may have around the document */

void answer_body_init(struct answer_body *body, struct bytes text, struct arena *arena)
{
    *body = (struct answer_body){.text = text, .arena = arena};
}

const struct json *answer_body_json(struct answer_body *body)
{
    /* The transport has held the limit of the body; the engine holds those of the document. */
    const struct json_limits limits = {.size_max = UINT32_MAX / 2,
                                       .depth_max = JSON_LIMITS_DEFAULT.depth_max + ENVELOPE_DEPTH_MAX,
                                       .members_max = JSON_LIMITS_DEFAULT.members_max};

    if (!body->is_scanned)
        body->is_json = bytes_present(body->text) && json_scan(body->text, &limits, body->arena, &body->json, &body->fault);
    body->is_scanned = true;
    return body->is_json ? &body->json : NULL;
}

struct bytes answer_body_value(struct answer_body *body, struct bytes pointer)
{
    const struct json *json = answer_body_json(body);
    uint32_t index;

    if (json == NULL || pointer_find(json, pointer, &index) != POINTER_FOUND)
        return BYTES_NONE;
    return json->values[index].kind == JSON_STRING ? json_string(json, index, body->arena) : json_text(json, index);
}
