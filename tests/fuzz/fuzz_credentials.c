/* service/oauth2.h, csrf.h, cookies.h, hide.h: whatever a token endpoint and a service answer, what becomes a header of
 * our requests is one line of visible characters, and what is refused is said in one line and changes nothing. Where
 * secrets are hidden, none of them is left.
 *
 * Input: header lines of an answer, an empty line, a body. */
#include "http.h"
#include "service/cookies.h"
#include "service/csrf.h"
#include "service/hide.h"
#include "service/oauth2.h"

#define LIFETIME_MAX_MS (INT64_C(365) * 24 * 3600 * 1000)

static char any_url[] = "http://service/", header_name[] = "X-CSRF-Token", name_from[] = "/NonceKey",
            value_from[] = "/NonceValue";

static void expect_visible(struct bytes text, char least)
{
    ensure(text.size > 0);
    for (size_t i = 0; i < text.size; i++)
        ensure(text.data[i] >= least && text.data[i] <= 0x7e);
}

static void expect_error(const struct error *error)
{
    ensure(error->text[0] != '\0');
    ensure(fuzz_is_line(bytes_of(error->text)));
}

static void try_token(const struct http_answer *http, struct arena *arena)
{
    struct bytes token = BYTES_NONE;
    struct error error = {0};
    int64_t lifetime_ms = -2;

    if (oauth2_answer(http, arena, &token, &lifetime_ms, &error)) {
        expect_visible(token, 0x21);
        ensure(lifetime_ms >= -1 && lifetime_ms <= LIFETIME_MAX_MS);
    } else {
        expect_error(&error);
        ensure(!bytes_present(token) && lifetime_ms == -2);
    }
}

static void try_nonce(const struct config_csrf *config, const struct http_answer *http, struct arena *arena)
{
    struct http_header header = {BYTES_NONE, BYTES_NONE};
    struct error error = {0};

    if (csrf_answer(config, http, arena, &header, &error)) {
        expect_visible(header.value, 0x21);
        expect_visible(header.name, 0x21);
        ensure(memchr(header.name.data, ':', header.name.size) == NULL);
    } else {
        expect_error(&error);
        ensure(!bytes_present(header.value) && !bytes_present(header.name));
    }
}

static void try_cookies(const struct http_answer *http)
{
    struct cookies cookies = {0};
    auto_buffer out = {0};

    buffer_init(&out, COOKIES_MAX * (COOKIES_BYTES_MAX + 2));
    cookies_note(&cookies, http);
    cookies_note(&cookies, http); /* the same again changes nothing but their order */
    cookies_add(&cookies, &out);
    ensure(!out.overflowed);
    ensure((out.size > 0) == (cookies.count > 0));
    if (out.size > 0)
        expect_visible(buffer_bytes(&out), 0x20);
    cookies_release(&cookies);
}

static void try_hide(const struct http_answer *http, struct arena *arena)
{
    struct bytes secrets[HIDE_WORDS_MAX], hidden;
    size_t count = 0;

    for (size_t i = 0; i < http->header_count; i++)
        hide_words(http->headers[i].value, secrets, HIDE_WORDS_MAX, &count);
    hidden = hide(http->body, secrets, count, arena);
    for (size_t i = 0; i < count; i++)
        if (secrets[i].size >= HIDE_BYTES_MIN && memchr(secrets[i].data, '*', secrets[i].size) == NULL)
            ensure(hidden.size == 0 || memmem(hidden.data, hidden.size, secrets[i].data, secrets[i].size) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct config_csrf in_header = {.url = any_url, .header = header_name};
    static const struct config_csrf in_body = {
        .url = any_url, .header = header_name, .name_from = name_from, .value_from = value_from};
    struct http_header headers[FUZZ_HEADERS_MAX];
    struct arena *arena = arena_new(1 << 12);
    auto_text exact = fuzz_exact((struct bytes){(const char *)data, size});
    struct bytes rest = {exact, size};
    struct http_answer http = {.result = HTTP_ANSWERED, .status = 200, .headers = headers};

    http.header_count = fuzz_headers(&rest, headers);
    http.body = rest;
    try_token(&http, arena);
    try_nonce(&in_header, &http, arena);
    try_nonce(&in_body, &http, arena);
    try_cookies(&http);
    try_hide(&http, arena);
    http.status = 401;
    try_token(&http, arena);
    arena_free(arena);
    return 0;
}
