#include "service/csrf.h"
#include "tests/support/unit.h"

static struct arena *arena;

static const struct config_csrf sap = {.url = (char[]){"https://h/"}, .header = (char[]){"X-CSRF-Token"}};
static const struct config_csrf windchill = {.url = (char[]){"https://h/"},
                                             .header = (char[]){"X-CSRF-Token"},
                                             .name_from = (char[]){"/NonceKey"},
                                             .value_from = (char[]){"/NonceValue"}};

static bool take_answer(const struct config_csrf *config, struct http_answer http, struct http_header *ret_header,
                        struct error *error)
{
    return csrf_answer(config, &http, arena, ret_header, error);
}

START_TEST(a_nonce_is_asked_for_and_given_in_a_header)
{
    const struct http_header given[] = {{BYTES("x-csrf-token"), BYTES("n0nce==")}};
    struct http_header headers[CSRF_HEADERS_MAX], header;
    struct error error = {0};

    arena = arena_new(1024);
    ck_assert_uint_eq(csrf_headers(&sap, headers), 2);
    ck_assert(bytes_equal(headers[1].name, BYTES("X-CSRF-Token")) && bytes_equal(headers[1].value, BYTES("Fetch")));
    ck_assert(take_answer(&sap, (struct http_answer){.status = 404, .headers = given, .header_count = 1}, &header, &error));
    ck_assert(bytes_equal(header.name, BYTES("X-CSRF-Token")) && bytes_equal(header.value, BYTES("n0nce==")));
    ck_assert(!take_answer(&sap, (struct http_answer){.status = 200}, &header, &error));
    ck_assert_str_eq(error.text, "status 200 without a token in the header X-CSRF-Token");
    arena_free(arena);
}
END_TEST

START_TEST(a_nonce_and_its_header_are_given_in_the_body)
{
    const struct http_answer http = {
        .status = 200, .body = BYTES("{\"NonceKey\":\"CSRF_NONCE\",\"NonceValue\":\"n0nce\"}")};
    struct http_header headers[CSRF_HEADERS_MAX], header;
    struct error error = {0};

    arena = arena_new(1024);
    ck_assert_uint_eq(csrf_headers(&windchill, headers), 1);
    ck_assert(take_answer(&windchill, http, &header, &error));
    ck_assert(bytes_equal(header.name, BYTES("CSRF_NONCE")) && bytes_equal(header.value, BYTES("n0nce")));
    arena_free(arena);
}
END_TEST

START_TEST(an_answer_without_a_nonce_says_so_without_showing_anything)
{
    static const struct {
        int status;
        const char *body, *why;
    } cases[] = {
        {403, "CANARY", "status 403"},
        {200, "CANARY", "the body is not JSON"},
        {200, "{\"NonceKey\":\"K\",\"NonceValue\":5}", "no token at /NonceValue"},
        {200, "{\"NonceKey\":\"K\",\"NonceValue\":\"CANARY\\r\\nX: y\"}", "no token at /NonceValue"},
        {200, "{\"NonceKey\":\"CANARY X\",\"NonceValue\":\"n\"}", "no name of a header at /NonceKey"},
    };
    struct http_header header = {.value = BYTES("untouched")};

    arena = arena_new(1024);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct http_answer http = {.status = cases[i].status, .body = bytes_of(cases[i].body)};
        struct error error = {0};

        ck_assert(!take_answer(&windchill, http, &header, &error));
        ck_assert_msg(strstr(error.text, cases[i].why) == error.text, "%s", error.text);
        ck_assert_ptr_null(strstr(error.text, "CANARY"));
    }
    ck_assert(bytes_equal(header.value, BYTES("untouched")));
    arena_free(arena);
}
END_TEST

UNIT_TESTS("service/csrf", a_nonce_is_asked_for_and_given_in_a_header, a_nonce_and_its_header_are_given_in_the_body,
           an_answer_without_a_nonce_says_so_without_showing_anything)
