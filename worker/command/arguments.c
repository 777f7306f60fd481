#include "command/arguments.h"

#include "command/command.h"
#include "common/memory.h"

#include <stdarg.h>
#include <stdio.h>

static void add(const char ***items, size_t *count, const char *value)
{
    *items = memory_resize(*items, (*count + 1) * sizeof(**items));
    (*items)[(*count)++] = value;
}

bool arguments_take(struct arguments *arguments, int option, const char *value)
{
    if (option == 'c')
        arguments->config_path = value;
    else if (option == 's')
        add(&arguments->sets, &arguments->set_count, value);
    else if (option == 'X')
        add(&arguments->properties, &arguments->property_count, value);
    else
        return false;
    return true;
}

void arguments_release(struct arguments *arguments)
{
    free(arguments->sets);
    free(arguments->properties);
}

struct config *arguments_load(const struct arguments *arguments)
{
    const struct config_overrides overrides = {
        .sets = arguments->sets,
        .set_count = arguments->set_count,
        .properties = arguments->properties,
        .property_count = arguments->property_count,
    };
    struct config *config = NULL;
    struct error error = {0};

    if (!config_load(arguments->config_path, &overrides, &config, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return NULL;
    }
    return config;
}

int arguments_wrong(const char *command, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "ifmatch %s: ", command);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return arguments_wrong_option(command);
}

int arguments_wrong_option(const char *command)
{
    fprintf(stderr, "Try 'ifmatch %s --help'.\n", command);
    return EXIT_USAGE;
}

int arguments_failed(const char *command, const struct error *error)
{
    fprintf(stderr, "ifmatch %s: %s\n", command, error->text);
    return error->kind == ERROR_USAGE || error->kind == ERROR_INPUT ? EXIT_USAGE : EXIT_FAILED;
}
