#include "second_parser.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *of(const struct second *value)
{
    return (json_t *)(void *)value;
}

static struct second *to(json_t *value)
{
    return (struct second *)(void *)value;
}

struct second *second_parse(const char *data, size_t size, enum second_verdict *ret_verdict)
{
    json_error_t error;
    json_t *value;

    *ret_verdict = SECOND_CANNOT;
    if (memchr(data, '\0', size) != NULL)
        return NULL;
    value = json_loadb(data, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    if (value != NULL)
        *ret_verdict = SECOND_ACCEPTS;
    else if (json_error_code(&error) != json_error_numeric_overflow &&
             json_error_code(&error) != json_error_stack_overflow)
        *ret_verdict = SECOND_REFUSES;
    return to(value);
}

struct second *second_object(void)
{
    return to(json_object());
}

void second_free(struct second *value)
{
    json_decref(of(value));
}

char second_kind(const struct second *value)
{
    switch (json_typeof(of(value))) {
    case JSON_OBJECT:
        return '{';
    case JSON_ARRAY:
        return '[';
    case JSON_STRING:
        return 's';
    case JSON_INTEGER:
    case JSON_REAL:
        return '0';
    case JSON_TRUE:
        return 't';
    case JSON_FALSE:
        return 'f';
    case JSON_NULL:
        return 'n';
    }
    abort();
}

size_t second_count(const struct second *value)
{
    return json_is_array(of(value)) ? json_array_size(of(value)) : json_object_size(of(value));
}

double second_number(const struct second *value)
{
    return json_number_value(of(value));
}

const char *second_string(const struct second *value, size_t *ret_size)
{
    *ret_size = json_string_length(of(value));
    return json_string_value(of(value));
}

struct second *second_member(const struct second *object, const char *key, size_t size)
{
    return to(json_object_getn(of(object), key, size));
}

struct second *second_element(const struct second *array, size_t position)
{
    return to(json_array_get(of(array), position));
}

void second_set(struct second *object, const char *key, size_t size, struct second *value)
{
    if (value == NULL)
        json_object_deln(of(object), key, size);
    else if (json_object_setn_new(of(object), key, size, of(value)) != 0)
        abort();
}
