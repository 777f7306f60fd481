#include "compose/compose.h"

#include "common/bytes.h"
#include "common/check.h"

#include <cjson/cJSON.h>
#include <inttypes.h>

/* cJSON answers NULL and false when there is no memory: that ends the process, as everywhere. */
static cJSON *made(cJSON *value)
{
    ensure(value != NULL);
    return value;
}

struct cJSON *compose_object(void)
{
    return made(cJSON_CreateObject());
}

void compose_free(struct cJSON *root)
{
    cJSON_Delete(root);
}

void compose_text(struct cJSON *object, const char *name, const char *text)
{
    size_t bad;

    if (text != NULL && bytes_are_utf8(bytes_of(text), &bad))
        made(cJSON_AddStringToObject(object, name, text));
    else
        compose_null(object, name);
}

void compose_int(struct cJSON *object, const char *name, int64_t value)
{
    char digits[32];

    snprintf(digits, sizeof(digits), "%" PRId64, value);
    made(cJSON_AddRawToObject(object, name, digits));
}

void compose_number(struct cJSON *object, const char *name, double value)
{
    made(cJSON_AddNumberToObject(object, name, value));
}

void compose_bool(struct cJSON *object, const char *name, bool value)
{
    made(cJSON_AddBoolToObject(object, name, value));
}

void compose_null(struct cJSON *object, const char *name)
{
    made(cJSON_AddNullToObject(object, name));
}

struct cJSON *compose_member_object(struct cJSON *object, const char *name)
{
    return made(cJSON_AddObjectToObject(object, name));
}

struct cJSON *compose_member_array(struct cJSON *object, const char *name)
{
    return made(cJSON_AddArrayToObject(object, name));
}

struct cJSON *compose_element_object(struct cJSON *array)
{
    cJSON *object = compose_object();

    ensure(cJSON_AddItemToArray(array, object));
    return object;
}

char *compose_print(const struct cJSON *root)
{
    char *text = cJSON_PrintUnformatted(root);

    ensure(text != NULL);
    return text;
}
