#include "common/memory.h"
#include "common/pointer.h"
#include "config/load.h"

/* `document:`, where the id of an event's document is, and the address that service.url makes of it. */

static bool set_place(struct config_document *document, const char *text, const struct yaml_node *node,
                      const char *key, struct error *error)
{
    const char *what;

    document->place = bytes_of(text);
    return pointer_is_valid(document->place, &what) || yaml_fail(node, error, "%s: '%s': %s", key, text, what);
}

static bool read_from(struct config_document *document, const struct yaml_node *node, struct error *error)
{
    const char *text = document->from_text;

    if (strcmp(text, "key") == 0)
        return true;
    if (strncmp(text, "header:", strlen("header:")) == 0 && text[strlen("header:")] != '\0') {
        document->from = DOCUMENT_FROM_HEADER;
        document->place = bytes_of(text + strlen("header:"));
        return true;
    }
    document->from = DOCUMENT_FROM_VALUE;
    if (text[0] == '/')
        return set_place(document, text, node, "document.from", error);
    return yaml_fail(node, error, "document.from must be key, a pointer (/id) or header:NAME");
}

static bool read_key(struct config_document *document, const struct yaml_node *node, struct error *error)
{
    const char *text = document->key_text;

    if (text == NULL)
        return true;
    if (document->from != DOCUMENT_FROM_KEY)
        return yaml_fail(node, error, "document.key says how the Kafka key has the id, which document.from takes from "
                                      "elsewhere");
    if (strcmp(text, "text") == 0 || strcmp(text, "json") == 0) {
        document->key = text[0] == 't' ? DOCUMENT_KEY_TEXT : DOCUMENT_KEY_JSON;
        return true;
    }
    document->key = DOCUMENT_KEY_MEMBER;
    if (text[0] == '/')
        return set_place(document, text, node, "document.key", error);
    return yaml_fail(node, error, "document.key must be text, json or a pointer (/id)");
}

static bool read_pattern(struct config_document *document, const struct yaml_node *node, struct error *error)
{
    struct error cause;

    return document->pattern_text == NULL || id_pattern_new(document->pattern_text, &document->pattern, &cause) ||
           yaml_fail(node, error, "document.pattern: %s", cause.text);
}

static bool make_address(struct config *config, const struct yaml_node *node, struct error *error)
{
    struct error cause;

    return config->service.url == NULL ||
           address_new(config->service.url, config->document.pattern, &config->address, &cause) ||
           yaml_fail(node, error, "service.url %s", cause.text);
}

bool document_read(struct settings *settings, struct error *error)
{
    struct config_document *document = &settings->config.document;

    return read_from(document, schema_node(settings, "document.from"), error) &&
           read_key(document, schema_node(settings, "document.key"), error) &&
           read_pattern(document, schema_node(settings, "document.pattern"), error) &&
           make_address(&settings->config, schema_node(settings, "service.url"), error);
}
