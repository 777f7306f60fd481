#include "common/pointer.h"
#include "config/load.h"

#include <strings.h>

#define PREFIX "service.auth."

/* What set the first option of that section; NULL: nothing did. */
static const struct yaml_node *section_node(const struct settings *settings, const char *section)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const char *key = schema_at(i)->key;

        if (strncmp(key, PREFIX, strlen(PREFIX)) == 0 &&
            strncmp(key + strlen(PREFIX), section, strlen(section)) == 0 &&
            key[strlen(PREFIX) + strlen(section)] == '.' && settings->nodes[i] != NULL)
            return settings->nodes[i];
    }
    return NULL;
}

/* It goes into a header, and must not make another one. */
static bool is_visible(const char *text, bool may_have_spaces)
{
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text > 0x7e || (*text == 0x20 && !may_have_spaces))
            return false;
    return true;
}

static bool check_secret(const struct settings *settings, const char *key, const char *value, bool may_have_spaces,
                         struct error *error)
{
    if (value == NULL || is_visible(value, may_have_spaces))
        return true;
    return yaml_fail(schema_node(settings, key), error, "%s must be of visible ASCII characters%s", key,
                     may_have_spaces ? "" : " without spaces");
}

static bool check_header(const struct settings *settings, const char *key, const char *name, struct error *error)
{
    static const char token[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

    if (name[strspn(name, token)] == '\0')
        return true;
    return yaml_fail(schema_node(settings, key), error, "%s is no name of a header", key);
}

static bool check_address(const struct settings *settings, const char *key, const char *url, struct error *error)
{
    const struct yaml_node *node = schema_node(settings, key);
    const char *host;

    if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
        return yaml_fail(node, error, "%s must begin with http:// or https://", key);
    host = strstr(url, "://") + 3;
    if (memchr(host, '@', strcspn(host, "/?#")) != NULL)
        return yaml_fail(node, error, "%s must not have a user", key);
    if (strpbrk(url, " \t#") != NULL)
        return yaml_fail(node, error, "%s must not have spaces or '#'", key);
    return true;
}

static bool check_basic(const struct settings *settings, struct error *error)
{
    const struct config_auth *auth = &settings->config.service.auth;
    const struct yaml_node *node = section_node(settings, "basic");

    if ((auth->user == NULL) != (auth->password == NULL))
        return yaml_fail(node, error, "service.auth.basic needs both user and password");
    if (auth->user != NULL && strchr(auth->user, ':') != NULL)
        return yaml_fail(node, error, "service.auth.basic.user must not have a ':'");
    return true;
}

static bool check_bearer(const struct settings *settings, struct error *error)
{
    const struct config_auth *auth = &settings->config.service.auth;

    if (auth->token != NULL && auth->token_file != NULL)
        return yaml_fail(section_node(settings, "bearer"), error,
                         "service.auth.bearer is either a token or a file, not both");
    return check_secret(settings, "service.auth.bearer.token", auth->token, false, error);
}

static bool check_oauth2(const struct settings *settings, struct error *error)
{
    const struct config_oauth2 *oauth2 = &settings->config.service.auth.oauth2;
    const struct yaml_node *node = section_node(settings, "oauth2");

    if (node == NULL)
        return true;
    if (oauth2->token_url == NULL || oauth2->client_id == NULL || oauth2->client_secret == NULL)
        return yaml_fail(node, error, "service.auth.oauth2 needs token_url, client_id and client_secret");
    return check_address(settings, "service.auth.oauth2.token_url", oauth2->token_url, error);
}

static bool check_one_of_three(const struct settings *settings, struct error *error)
{
    static const char *const sections[] = {"basic", "bearer", "oauth2"};
    const struct yaml_node *first = NULL;

    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        const struct yaml_node *node = section_node(settings, sections[i]);

        if (node != NULL && first != NULL)
            return yaml_fail(first, error,
                             "service.auth is one of basic, bearer and oauth2, not two (api_key, mtls and csrf go "
                             "with each)");
        if (node != NULL)
            first = node;
    }
    return true;
}

static bool check_api_key(const struct settings *settings, struct error *error)
{
    const struct config_auth *auth = &settings->config.service.auth;
    const struct yaml_node *node = section_node(settings, "api_key");

    if (node == NULL)
        return true;
    if (auth->api_key == NULL)
        return yaml_fail(node, error, "service.auth.api_key needs a secret");
    if (strcasecmp(auth->api_key_header, "Authorization") == 0 && check_auth_kind(auth) != SERVICE_AUTH_NONE)
        return yaml_fail(node, error, "service.auth.api_key.header is taken: Authorization has other credentials");
    return check_header(settings, "service.auth.api_key.header", auth->api_key_header, error) &&
           check_secret(settings, "service.auth.api_key.secret", auth->api_key, true, error);
}

static bool check_mtls(const struct settings *settings, struct error *error)
{
    const struct config_service *service = &settings->config.service;
    const struct yaml_node *node = section_node(settings, "mtls");

    if (node == NULL)
        return true;
    if (service->auth.certificate_file == NULL)
        return yaml_fail(node, error, "service.auth.mtls needs a certificate_file");
    if (service->url != NULL && strncasecmp(service->url, "https://", 8) != 0)
        return yaml_fail(node, error, "service.auth.mtls needs a service.url with https://");
    return true;
}

/* Up to the end of the host: cookies and credentials must not go elsewhere. */
static bool is_same_origin(const char *a, const char *b)
{
    const char *host_a = strstr(a, "://") + 3, *host_b = strstr(b, "://") + 3;
    size_t size_a = (size_t)(host_a - a) + strcspn(host_a, "/?"), size_b = (size_t)(host_b - b) + strcspn(host_b, "/?");

    return size_a == size_b && strncasecmp(a, b, size_a) == 0;
}

static bool check_pointer(const struct settings *settings, const char *key, const char *pointer, struct error *error)
{
    const char *what;

    if (pointer == NULL || pointer_is_valid(bytes_of(pointer), &what))
        return true;
    return yaml_fail(schema_node(settings, key), error, "%s: %s", key, what);
}

static bool check_csrf(const struct settings *settings, struct error *error)
{
    const struct config_csrf *csrf = &settings->config.service.auth.csrf;
    const struct yaml_node *node = section_node(settings, "csrf");

    if (node == NULL)
        return true;
    if (csrf->url == NULL)
        return yaml_fail(node, error, "service.auth.csrf needs a url");
    if (csrf->name_from != NULL && csrf->value_from == NULL)
        return yaml_fail(node, error, "service.auth.csrf.name_from needs value_from beside it");
    if (!check_address(settings, "service.auth.csrf.url", csrf->url, error))
        return false;
    if (settings->config.service.url != NULL && !is_same_origin(csrf->url, settings->config.service.url))
        return yaml_fail(schema_node(settings, "service.auth.csrf.url"), error,
                         "service.auth.csrf.url must have the scheme, host and port of service.url");
    return check_header(settings, "service.auth.csrf.header", csrf->header, error) &&
           check_pointer(settings, "service.auth.csrf.name_from", csrf->name_from, error) &&
           check_pointer(settings, "service.auth.csrf.value_from", csrf->value_from, error);
}

enum service_auth check_auth_kind(const struct config_auth *auth)
{
    return auth->user != NULL                ? SERVICE_AUTH_BASIC
           : auth->token != NULL             ? SERVICE_AUTH_BEARER
           : auth->token_file != NULL        ? SERVICE_AUTH_BEARER_FILE
           : auth->oauth2.token_url != NULL  ? SERVICE_AUTH_OAUTH2
                                             : SERVICE_AUTH_NONE;
}

bool check_auth(const struct settings *settings, struct error *error)
{
    return check_one_of_three(settings, error) && check_basic(settings, error) && check_bearer(settings, error) &&
           check_oauth2(settings, error) && check_api_key(settings, error) && check_mtls(settings, error) &&
           check_csrf(settings, error);
}
