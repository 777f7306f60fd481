#include "service/oauth2.h"
#include "tests/support/unit.h"

static struct arena *arena;

static char token_url[] = "https://i/t", client_id[] = "id:1", client_secret[] = "a&b c", scope[] = "read write",
            audience[] = "https://api/";

static struct config_oauth2 config(enum oauth2_client_auth client_auth)
{
    return (struct config_oauth2){.token_url = token_url,
                                  .client_id = client_id,
                                  .client_secret = client_secret,
                                  .scope = scope,
                                  .client_auth = client_auth};
}

START_TEST(the_client_is_known_by_basic_authentication)
{
    struct config_oauth2 oauth2 = config(OAUTH2_CLIENT_BASIC);
    struct http_request request = {0};

    arena = arena_new(1024);
    oauth2_request(&oauth2, arena, &request);
    ck_assert_str_eq(request.method, "POST");
    ck_assert_str_eq(request.url, "https://i/t");
    ck_assert(bytes_equal(request.body, BYTES("grant_type=client_credentials&scope=read%20write")));
    ck_assert_uint_eq(request.header_count, 3);
    ck_assert(bytes_equal(request.headers[0].value, BYTES("application/x-www-form-urlencoded")));
    ck_assert(bytes_equal(request.headers[2].name, BYTES("Authorization")));
    ck_assert(bytes_equal(request.headers[2].value, BYTES("Basic aWQlM0ExOmElMjZiJTIwYw=="))); /* id%3A1:a%26b%20c */
    arena_free(arena);
}
END_TEST

START_TEST(or_by_the_body)
{
    struct config_oauth2 oauth2 = config(OAUTH2_CLIENT_POST);
    struct http_request request = {0};

    oauth2.scope = NULL;
    oauth2.audience = audience;
    arena = arena_new(1024);
    oauth2_request(&oauth2, arena, &request);
    ck_assert(bytes_equal(request.body, BYTES("grant_type=client_credentials&audience=https%3A%2F%2Fapi%2F"
                                              "&client_id=id%3A1&client_secret=a%26b%20c")));
    ck_assert_uint_eq(request.header_count, 2);
    arena_free(arena);
}
END_TEST

static bool take_answer(int status, const char *body, struct bytes *ret_token, int64_t *ret_lifetime_ms,
                        struct error *error)
{
    const struct http_answer http = {.result = HTTP_ANSWERED, .status = status, .body = bytes_of(body)};

    return oauth2_answer(&http, arena, ret_token, ret_lifetime_ms, error);
}

START_TEST(a_token_and_its_lifetime_are_taken)
{
    static const struct {
        const char *body;
        int64_t lifetime_ms;
    } cases[] = {
        {"{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":3600}", 3600000},
        {"{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":\"300\",\"x\":[]}", 300000},
        {"{\"access_token\":\"abc\"}", -1},
        {"{\"access_token\":\"abc\",\"expires_in\":1e3}", -1},
        {"{\"access_token\":\"a\\u0062c\",\"expires_in\":99999999999}", INT64_C(365) * 24 * 3600 * 1000},
    };
    struct error error = {0};
    struct bytes token;
    int64_t lifetime_ms;

    arena = arena_new(1024);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_msg(take_answer(200, cases[i].body, &token, &lifetime_ms, &error), "%s", error.text);
        ck_assert(bytes_equal(token, BYTES("abc")));
        ck_assert_int_eq(lifetime_ms, cases[i].lifetime_ms);
    }
    arena_free(arena);
}
END_TEST

START_TEST(what_is_no_token_is_refused_without_showing_it)
{
    static const struct {
        int status;
        const char *body, *why;
    } cases[] = {
        {401, "{\"error\":\"invalid_client\",\"error_description\":\"CANARY\"}", "status 401 invalid_client"},
        {400, "{\"error\":\"CANARY is wrong\"}", "status 400"},
        {503, "CANARY", "status 503"},
        {200, "CANARY", "status 200, but the body is not a JSON object"},
        {200, "[]", "status 200, but the body is not a JSON object"},
        {200, "{\"token\":\"CANARY\"}", "status 200, but no access_token that can stand in a header"},
        {200, "{\"access_token\":\"CANARY\\r\\nX: y\"}", "status 200, but no access_token that can stand in a header"},
        {200, "{\"access_token\":\"CANARY\",\"token_type\":\"mac\"}", "the token is not a bearer token"},
    };
    struct bytes token = BYTES("untouched");
    int64_t lifetime_ms;

    arena = arena_new(1024);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};

        ck_assert(!take_answer(cases[i].status, cases[i].body, &token, &lifetime_ms, &error));
        ck_assert_str_eq(error.text, cases[i].why);
    }
    ck_assert(bytes_equal(token, BYTES("untouched")));
    arena_free(arena);
}
END_TEST

UNIT_TESTS("service/oauth2", the_client_is_known_by_basic_authentication, or_by_the_body,
           a_token_and_its_lifetime_are_taken, what_is_no_token_is_refused_without_showing_it)
