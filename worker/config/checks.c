#include "common/check.h"
#include "config/load.h"

#include <strings.h>

/* The place of the first of the keys that is not a default. */
static const struct yaml_node *node_of(const struct settings *settings, const char *first, const char *second)
{
    const struct yaml_node *node = schema_node(settings, first);

    return node != NULL ? node : schema_node(settings, second);
}

static bool check_url(const struct settings *settings, struct error *error)
{
    const struct yaml_node *node = schema_node(settings, "service.url");
    const char *url = settings->config.service.url, *host, *place;
    size_t host_size;

    if (url == NULL)
        return true;
    host = strstr(url, "://");
    if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
        return yaml_fail(node, error, "service.url must begin with http:// or https://");
    ensure(host != NULL);
    host += 3;
    host_size = strcspn(host, "/?#");
    if (memchr(host, '@', host_size) != NULL)
        return yaml_fail(node, error, "service.url must not have a user; service.auth is the place for it");
    place = strchr(url, '{');
    if (host_size == 0 || (place != NULL && place < host + host_size))
        return yaml_fail(node, error, "service.url needs a host, and {id} behind it");
    if (strpbrk(url, " \t#") != NULL)
        return yaml_fail(node, error, "service.url must not have spaces or '#'");
    return true;
}

/* A record on the updates topic would come back as an event. */
static bool check_topics(const struct settings *settings, struct error *error)
{
    const struct config_topics *topics = &settings->config.topics;
    const char *const keys[] = {"topics.updates", "topics.audit", "topics.dead_letters"};
    const char *const names[] = {topics->updates, topics->audit, topics->dead_letters};

    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return yaml_fail(node_of(settings, keys[i], keys[k]), error,
                                 "%s and %s must be different topics", keys[k], keys[i]);
    return true;
}

static bool check_strategy(const struct settings *settings, struct error *error)
{
    if (settings->strategy != STRATEGY_LAST_WRITE_WINS || schema_node(settings, "merge.default") == NULL ||
        settings->merge_default == RULE_EXTERNAL)
        return true;
    return yaml_fail(schema_node(settings, "merge.default"), error,
                     "merge.strategy: last_write_wins makes external the default rule, which contradicts %s",
                     rule_name(settings->merge_default));
}

bool check_settings(struct settings *settings, struct error *error)
{
    return check_url(settings, error) && document_read(settings, error) && map_read(settings, error) && check_auth(settings, error) && check_topics(settings, error) &&
           check_strategy(settings, error);
}
