#include "config/load.h"

#include "common/buffer.h"
#include "common/file.h"
#include "common/memory.h"
#include "config/properties.h"
#include "config/value.h"

#include <unistd.h>

#define FILE_SIZE_MAX (4 << 20)

struct yaml *loading_keep(struct loading *loading, struct yaml *yaml)
{
    if (yaml == NULL)
        return NULL;
    loading->yamls = memory_resize(loading->yamls, (loading->yaml_count + 1) * sizeof(*loading->yamls));
    loading->yamls[loading->yaml_count++] = yaml;
    return yaml;
}

const char *loading_keep_name(struct loading *loading, char *name)
{
    loading->names = memory_resize(loading->names, (loading->name_count + 1) * sizeof(*loading->names));
    loading->names[loading->name_count++] = name;
    return name;
}

static void loading_release(struct loading *loading)
{
    for (size_t i = 0; i < loading->yaml_count; i++)
        yaml_free(loading->yamls[i]);
    for (size_t i = 0; i < loading->name_count; i++)
        free(loading->names[i]);
    free(loading->yamls);
    free(loading->names);
}

static bool load_defaults(struct loading *loading, struct error *error)
{
    struct settings *settings = &loading->settings;

    for (size_t i = 0; i < schema_count(); i++) {
        const struct option_schema *option = schema_at(i);
        struct yaml *yaml;

        if (option->initial == NULL)
            continue;
        yaml = option->initial[0] == '['
                   ? yaml_parse("default", option->initial, strlen(option->initial), error)
                   : yaml_of_text("default", option->initial);
        if (loading_keep(loading, yaml) == NULL || !value_set(settings, option, yaml_root(yaml), error))
            return false;
        settings->nodes[i] = NULL;
    }
    settings->config.log_format = isatty(STDERR_FILENO) ? LOG_TEXT : LOG_JSON;
    return true;
}

static bool fail_unknown(const struct yaml_node *key, const char *path, struct error *error)
{
    auto_buffer hint = {0};

    buffer_init(&hint, ERROR_TEXT_SIZE);
    schema_add_hint(&hint, path);
    return yaml_fail(key, error, "unknown key '%s'%.*s", path, BYTES_ARG(buffer_bytes(&hint)));
}

static bool load_section(struct settings *settings, const struct yaml_node *section, const char *prefix,
                         struct error *error);

static bool load_key(struct settings *settings, const struct yaml_node *key, const struct yaml_node *value,
                     const char *path, struct error *error)
{
    const struct option_schema *option = schema_find(path);
    const struct yaml_node *earlier;

    if (strcmp(path, "kafka") == 0)
        return properties_read(&settings->config.kafka, value, error);
    if (option == NULL && !schema_is_section(path))
        return fail_unknown(key, path, error);
    if (yaml_is_null(value))
        return true;
    if (option == NULL) {
        if (yaml_kind(value) != YAML_MAPPING)
            return yaml_fail(value, error, "%s needs a mapping", path);
        return load_section(settings, value, path, error);
    }
    earlier = settings->nodes[schema_index(option)];
    if (earlier != NULL)
        return yaml_fail(key, error, "%s is set for the second time, first in line %d", path,
                         yaml_line(earlier));
    return value_set(settings, option, value, error);
}

static bool load_section(struct settings *settings, const struct yaml_node *section, const char *prefix,
                         struct error *error)
{
    for (size_t i = 0; i < yaml_count(section); i++) {
        const struct yaml_node *key = yaml_key(section, i);
        auto_text path = memory_format("%s%s%s", prefix, *prefix != '\0' ? "." : "", yaml_text(key));

        if (!load_key(settings, key, yaml_item(section, i), path, error))
            return false;
    }
    return true;
}

static bool load_file(struct loading *loading, const char *path, struct error *error)
{
    const char *name = strcmp(path, "-") == 0 ? "(standard input)" : path;
    struct error cause = {0};
    size_t size;
    auto_text text = file_read(path, FILE_SIZE_MAX, &size, &cause);
    struct yaml *yaml;

    if (text == NULL)
        return error_set(error, ERROR_USAGE, "%s", cause.text);
    loading->settings.config.path = memory_text(name);
    yaml = loading_keep(loading, yaml_parse(loading->settings.config.path, text, size, error));
    if (yaml == NULL)
        return false;
    if (yaml_root(yaml) == NULL)
        return true;
    if (yaml_kind(yaml_root(yaml)) != YAML_MAPPING)
        return yaml_fail(yaml_root(yaml), error, "a configuration is a mapping, \"key: value\"");
    return load_section(&loading->settings, yaml_root(yaml), "", error);
}

static bool finish(struct loading *loading, struct error *error)
{
    struct config *config = &loading->settings.config;
    char host[256] = "";

    if (!check_settings(&loading->settings, error))
        return false;
    config->rules = rules_build(&loading->settings, error);
    if (config->rules == NULL)
        return false;
    config->service.auth.kind = check_auth_kind(&config->service.auth);
    if (config->worker_name == NULL) {
        gethostname(host, sizeof(host) - 1);
        config->worker_name = memory_text(host[0] != '\0' ? host : "ifmatch");
    }
    fingerprint_set(config);
    return true;
}

static void release(struct settings *settings)
{
    free(settings->config.path);
    properties_release(&settings->config.kafka.common);
    properties_release(&settings->config.kafka.consumer);
    properties_release(&settings->config.kafka.producer);
    rules_free(settings->config.rules);
    address_free(settings->config.address);
    arena_free(settings->config.map_arena);
    id_pattern_free(settings->config.document.pattern);
    value_release(settings);
}

bool config_load(const char *path, const struct config_overrides *overrides, struct config **ret_config,
                 struct error *error)
{
    struct loading loading = {0};
    bool good = load_defaults(&loading, error) && (path == NULL || load_file(&loading, path, error)) &&
                load_environment(&loading, error) &&
                (overrides == NULL || load_overrides(&loading, overrides, error)) && finish(&loading, error);

    if (good) {
        *ret_config = memory_new(sizeof(**ret_config));
        **ret_config = loading.settings.config;
    } else {
        release(&loading.settings);
    }
    loading_release(&loading);
    return good;
}

bool config_lacks(const struct config *config, const char *what, struct error *error)
{
    return error_set(error, ERROR_USAGE, "%s: %s",
                     config->path != NULL ? config->path : "no configuration file is given (-c FILE)", what);
}

void config_free(struct config *config)
{
    struct settings settings = {0};

    if (config == NULL)
        return;
    settings.config = *config;
    release(&settings);
    free(config);
}
