#include "common/memory.h"
#include "tests/support/config.h"
#include "tests/support/unit.h"

#define IN_AUTH(text) "service: {url: 'https://h/x/{id}', auth: {" text "}}\n"

static void assert_refused(const char *text, const char *why)
{
    struct error error = {0};

    ck_assert_ptr_null(config_try(text, NULL, NULL, &error));
    ck_assert_msg(strstr(error.text, why) != NULL, "%s", error.text);
}

START_TEST(authorization_is_of_one_kind)
{
    static const struct {
        const char *text;
        enum service_auth kind;
    } cases[] = {
        {"url: 'https://h/{id}'\n", SERVICE_AUTH_NONE},
        {"auth.basic: {user: a, password: b}\n", SERVICE_AUTH_BASIC},
        {"auth.bearer.token: abc\n", SERVICE_AUTH_BEARER},
        {"auth.bearer.file: /run/token\n", SERVICE_AUTH_BEARER_FILE},
        {"auth.oauth2: {token_url: 'https://i/t', client_id: a, client_secret: b}\n", SERVICE_AUTH_OAUTH2},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        auto_text text = memory_format("service:\n  %s", cases[i].text);
        struct config *config = config_of(text, NULL, NULL);

        ck_assert_int_eq(config->service.auth.kind, cases[i].kind);
        config_free(config);
    }
    assert_refused(IN_AUTH("basic: {user: a, password: b}, bearer: {file: /t}"), "one of basic, bearer and oauth2");
    assert_refused(IN_AUTH("bearer: {token: a, file: /t}"), "either a token or a file");
}
END_TEST

START_TEST(half_of_the_credentials_is_refused_with_its_place)
{
    ck_assert_refused("service: {auth: {basic: {user: svc}}}\n", NULL, NULL,
                      "a.yaml:1:32: service.auth.basic needs both user and password\n"
                      "service: {auth: {basic: {user: svc}}}\n                               ^");
    assert_refused(IN_AUTH("basic: {user: 'a:b', password: c}"), "must not have a ':'");
    assert_refused(IN_AUTH("oauth2: {token_url: 'https://i/t', client_id: a}"), "needs token_url, client_id and");
    assert_refused(IN_AUTH("oauth2: {scope: a}"), "needs token_url, client_id and");
    assert_refused(IN_AUTH("api_key: {header: X-Key}"), "service.auth.api_key needs a secret");
    assert_refused(IN_AUTH("mtls: {key_file: k.pem}"), "needs a certificate_file");
    assert_refused(IN_AUTH("csrf: {header: X-Token}"), "service.auth.csrf needs a url");
    assert_refused(IN_AUTH("csrf: {url: 'https://h/t', name_from: /a}"), "needs value_from beside it");
}
END_TEST

START_TEST(what_goes_into_a_header_cannot_make_another_one)
{
    assert_refused(IN_AUTH("bearer: {token: 'a b'}"), "visible ASCII characters without spaces");
    assert_refused(IN_AUTH("bearer: {token: \"a\\u00e9\"}"), "visible ASCII");
    assert_refused(IN_AUTH("api_key: {header: 'X Key', secret: abc}"), "is no name of a header");
    assert_refused(IN_AUTH("api_key: {header: 'X:', secret: abc}"), "is no name of a header");
    assert_refused(IN_AUTH("csrf: {url: 'https://h/t', header: 'X Y'}"), "is no name of a header");
    assert_refused(IN_AUTH("bearer: {token: abc}, api_key: {header: authorization, secret: abc}"), "is taken");
}
END_TEST

START_TEST(addresses_of_credentials_are_checked)
{
    assert_refused(IN_AUTH("oauth2: {token_url: 'ldap://i', client_id: a, client_secret: b}"), "must begin with http");
    assert_refused(IN_AUTH("oauth2: {token_url: 'https://u:p@i', client_id: a, client_secret: b}"), "must not have a user");
    assert_refused(IN_AUTH("csrf: {url: 'https://other/t'}"), "must have the scheme, host and port of service.url");
    assert_refused(IN_AUTH("csrf: {url: 'https://h:444/t'}"), "must have the scheme, host and port of service.url");
    assert_refused(IN_AUTH("csrf: {url: 'https://h/t', value_from: token}"), "service.auth.csrf.value_from: ");
    assert_refused("service: {url: 'http://h/{id}', auth: {mtls: {certificate_file: c.pem}}}\n", "with https://");
    config_free(config_of(IN_AUTH("csrf: {url: 'https://h/t', name_from: /k, value_from: /v}"), NULL, NULL));
}
END_TEST

START_TEST(no_message_shows_a_secret)
{
    static const char *const texts[] = {
        IN_AUTH("oauth2: {client_secret: canary}"),
        IN_AUTH("bearer: {token: 'can ary'}"),
        IN_AUTH("api_key: {header: 'X Y', secret: canary}"),
        IN_AUTH("mtls: {key_password: canary}"),
        IN_AUTH("basic: {user: 'a:b', password: canary}"),
        "service:\n  auth:\n    oauth2:\n      client_secret: canary\n      token_url: ''\n",
        "service:\n  auth:\n    api_key:\n      secret: [canary]\n",
        "service:\n  auth:\n    oauth2:\n      client_sceret: canary\n",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct error error = {0};

        ck_assert_ptr_null(config_try(texts[i], NULL, NULL, &error));
        ck_assert_msg(strstr(error.text, "canary") == NULL && strstr(error.text, "can ary") == NULL, "%s", error.text);
    }
}
END_TEST

UNIT_TESTS("config/auth", authorization_is_of_one_kind, half_of_the_credentials_is_refused_with_its_place,
           what_goes_into_a_header_cannot_make_another_one, addresses_of_credentials_are_checked,
           no_message_shows_a_secret)
