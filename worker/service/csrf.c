#include "service/csrf.h"

#include "common/json_scan.h"
#include "common/pointer.h"
#include "service/header.h"
#include "service/precondition.h"

size_t csrf_headers(const struct config_csrf *config, struct http_header *ret_headers)
{
    size_t count = 0;

    ret_headers[count++] = (struct http_header){BYTES("Accept"), BYTES("application/json")};
    if (config->value_from == NULL)
        ret_headers[count++] = (struct http_header){bytes_of(config->header), BYTES("Fetch")};
    return count;
}

static struct bytes text_at(const struct json *json, const char *pointer, struct arena *arena)
{
    uint32_t index;

    if (pointer_find(json, bytes_of(pointer), &index) != POINTER_FOUND || json->values[index].kind != JSON_STRING)
        return BYTES_NONE;
    return json_string(json, index, arena);
}

static bool read_body(const struct config_csrf *config, const struct http_answer *http, struct arena *arena,
                      struct http_header *header, struct error *error)
{
    struct json json;
    struct json_fault fault;

    if (!json_scan(http->body, &JSON_LIMITS_DEFAULT, arena, &json, &fault))
        return error_set(error, ERROR_UNAVAILABLE, "the body is not JSON: %s at byte %zu", fault.what, fault.offset);
    header->value = text_at(&json, config->value_from, arena);
    if (config->name_from != NULL)
        header->name = text_at(&json, config->name_from, arena);
    if (!header_name_is_valid(header->name))
        return error_set(error, ERROR_UNAVAILABLE, "no name of a header at %s", config->name_from);
    if (!header_value_is_valid(header->value, false))
        return error_set(error, ERROR_UNAVAILABLE, "no token at %s", config->value_from);
    return true;
}

bool csrf_answer(const struct config_csrf *config, const struct http_answer *http, struct arena *arena,
                 struct http_header *ret_header, struct error *error)
{
    struct http_header header = {.name = bytes_of(config->header)};

    if (http->result != HTTP_ANSWERED)
        return error_set(error, ERROR_UNAVAILABLE, "%s",
                         http->detail != NULL ? http->detail : "the answer is too large");
    /* SAP gives the token with whatever status the address itself has */
    if (config->value_from == NULL) {
        header.value = precondition_header(http, bytes_of(config->header));
        if (!header_value_is_valid(header.value, false))
            return error_set(error, ERROR_UNAVAILABLE, "status %d without a token in the header %s", http->status,
                             config->header);
    } else if (http->status != 200) {
        return error_set(error, ERROR_UNAVAILABLE, "status %d", http->status);
    } else if (!read_body(config, http, arena, &header, error)) {
        return false;
    }
    ret_header->name = arena_keep(arena, header.name);
    ret_header->value = arena_keep(arena, header.value);
    return true;
}
