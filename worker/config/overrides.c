#include "common/buffer.h"
#include "common/memory.h"
#include "config/load.h"
#include "config/properties.h"
#include "config/secret.h"
#include "config/value.h"

#include <ctype.h>
#include <unistd.h>

#define KAFKA_VARIABLE "IFMATCH_KAFKA_"

static bool is_text(const struct option_schema *option)
{
    return option->type != OPTION_DURATIONS && option->type != OPTION_SKIPS &&
           option->type != OPTION_PATTERNS && option->type != OPTION_RULES && option->type != OPTION_MAP;
}

/* Lists and mappings are YAML, all else is taken letter by letter: a password may look like anything. */
static bool override_option(struct loading *loading, const struct option_schema *option, const char *name,
                            const char *value, struct error *error)
{
    struct yaml *yaml =
        is_text(option) ? yaml_of_text(name, value) : yaml_parse(name, value, strlen(value), error);

    if (loading_keep(loading, yaml) == NULL)
        return false;
    if (yaml_root(yaml) == NULL)
        return error_set(error, ERROR_USAGE, "%s: %s needs %s", name, option->key,
                         value_type_text(option->type));
    return value_set(&loading->settings, option, yaml_root(yaml), error);
}

/* "--set service.timeout=5", or without the value where it is a secret or shown below. */
static const char *name_of(struct loading *loading, const struct option_schema *option, const char *place,
                           const char *value)
{
    auto_text text = memory_format("%s=%s", place, value);
    auto_buffer name = {0};

    if (!is_text(option) || option->type == OPTION_SECRET)
        return loading_keep_name(loading, memory_text(place));
    buffer_init(&name, 4096);
    secret_add_line(&name, bytes_of(text), 1);
    return loading_keep_name(loading, buffer_detach(&name));
}

/* "IFMATCH_KAFKA_GROUP_ID" is group.id. A container platform sets IFMATCH_KAFKA_SERVICE_HOST and _PORT by
 * itself where a service is called ifmatch-kafka. */
static bool load_kafka_variable(struct loading *loading, const char *variable, struct error *error)
{
    const char *equals = strchr(variable, '=');
    const char *start = variable + strlen(KAFKA_VARIABLE);
    auto_text place = NULL;
    auto_text key = NULL;

    if (equals == NULL || equals <= start || strncmp(start, "SERVICE_", 8) == 0 ||
        strncmp(start, "PORT", 4) == 0)
        return true;
    place = memory_text_n(variable, (size_t)(equals - variable));
    key = memory_text_n(start, (size_t)(equals - start));
    for (char *c = key; *c != '\0'; c++)
        *c = *c == '_' ? '.' : (char)tolower((unsigned char)*c);
    return properties_override(&loading->settings.config.kafka, key, equals + 1, place, error);
}

bool load_environment(struct loading *loading, struct error *error)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const struct option_schema *option = schema_at(i);
        auto_text variable = schema_variable(option->key);
        const char *value = getenv(variable);

        if (value == NULL)
            continue;
        if (!override_option(loading, option, name_of(loading, option, variable, value), value, error))
            return false;
    }
    for (char **variable = environ; *variable != NULL; variable++)
        if (strncmp(*variable, KAFKA_VARIABLE, strlen(KAFKA_VARIABLE)) == 0 &&
            !load_kafka_variable(loading, *variable, error))
            return false;
    return true;
}

static bool fail_unknown(const char *key, struct error *error)
{
    auto_buffer hint = {0};

    buffer_init(&hint, ERROR_TEXT_SIZE);
    schema_add_hint(&hint, key);
    return error_set(error, ERROR_USAGE, "--set %s: unknown key '%s'%.*s", key, key,
                     BYTES_ARG(buffer_bytes(&hint)));
}

static bool load_set(struct loading *loading, const char *set, struct error *error)
{
    const char *equals = strchr(set, '=');
    const struct option_schema *option;
    auto_text key = NULL;
    auto_text place = NULL;

    if (equals == NULL)
        return error_set(error, ERROR_USAGE, "--set %s: \"=value\" is missing", set);
    key = memory_text_n(set, (size_t)(equals - set));
    place = memory_format("--set %s", key);
    if (strncmp(key, "kafka.", 6) == 0)
        return properties_override(&loading->settings.config.kafka, key + 6, equals + 1, place, error);
    option = schema_find(key);
    if (option == NULL)
        return fail_unknown(key, error);
    return override_option(loading, option, name_of(loading, option, place, equals + 1), equals + 1, error);
}

static bool load_property(struct loading *loading, const char *property, struct error *error)
{
    const char *equals = strchr(property, '=');
    auto_text key = NULL;
    auto_text place = NULL;

    if (equals == NULL || equals == property)
        return error_set(error, ERROR_USAGE, "-X %s: a Kafka property is NAME=VALUE", property);
    key = memory_text_n(property, (size_t)(equals - property));
    place = memory_format("-X %s", key);
    return properties_override(&loading->settings.config.kafka, key, equals + 1, place, error);
}

bool load_overrides(struct loading *loading, const struct config_overrides *overrides, struct error *error)
{
    for (size_t i = 0; i < overrides->set_count; i++)
        if (!load_set(loading, overrides->sets[i], error))
            return false;
    for (size_t i = 0; i < overrides->property_count; i++)
        if (!load_property(loading, overrides->properties[i], error))
            return false;
    return true;
}
