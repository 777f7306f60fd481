#include "service/transport_auth.h"
#include "common/clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/unit.h"

#define TOKEN(text) "{\"access_token\":\"" text "\",\"expires_in\":3600}"

static char token_url[] = "https://i/t", client_id[] = "us", client_secret[] = "CANARY-1", nonce_url[] = "https://h/nonce",
            nonce_header[] = "X-CSRF-Token";
static struct fake_transport *fake;
static struct transport *transport;
static struct http_answer answer;
static struct config_service config;

static void begin(void)
{
    fake = fake_transport_new();
    transport = transport_auth_new(&fake->transport, auth_new(&config), 5000);
}

static void begin_with_oauth2(void)
{
    config.auth.kind = SERVICE_AUTH_OAUTH2;
    config.auth.oauth2 =
        (struct config_oauth2){.token_url = token_url, .client_id = client_id, .client_secret = client_secret};
    begin();
}

static void begin_with_csrf(void)
{
    config.auth.csrf = (struct config_csrf){.url = nonce_url, .header = nonce_header};
    begin();
}

static void end(void)
{
    transport->operations->free(transport);
}

static void send_one(uint64_t id, const char *method)
{
    const struct http_header headers[] = {{BYTES("Accept"), BYTES("application/json")}};
    const struct http_request request = {.id = id,
                                         .method = method,
                                         .url = "https://h/d",
                                         .headers = headers,
                                         .header_count = 1,
                                         .body = strcmp(method, "GET") == 0 ? BYTES_NONE : BYTES("{}"),
                                         .timeout_ms = 1000,
                                         .answer_bytes_max = 1000};
    struct error error = {0};

    ck_assert(transport->operations->send(transport, &request, &error));
}

static bool next(void)
{
    return transport->operations->next(transport, &answer);
}

static void give_status(const char *in, int status)
{
    fake_answer(fake, in, (struct http_answer){.status = status, .sent = SENT_ONCE});
}

static void give_body(const char *in, int status, const char *body)
{
    fake_answer(fake, in, (struct http_answer){.status = status, .sent = SENT_ONCE, .body = bytes_of(body)});
}

static void give_nonce(const char *nonce, const char *cookie)
{
    static struct http_header headers[8][2];
    static size_t count;
    struct http_header *these = headers[count++];

    these[0] = (struct http_header){BYTES("X-CSRF-Token"), bytes_of(nonce)};
    these[1] = (struct http_header){BYTES("Set-Cookie"), bytes_of(cookie)};
    fake_answer(fake, "/nonce", (struct http_answer){.status = 200, .headers = these, .header_count = 2});
}

/* A minute before the end of a token that holds for a day. */
static void renew_early(struct auth *auth)
{
    const int64_t then_ms = clock_now_ms() + INT64_C(86400) * 1000 - 30000;
    struct http_request request;

    ck_assert(auth_fetch(auth, then_ms, &request));
    ck_assert_int_eq(auth_state(auth, then_ms), AUTH_READY);
    auth_fetched(auth, &(struct http_answer){.status = 503}, then_ms);
}

START_TEST(what_never_changes_is_on_every_request)
{
    config.auth = (struct config_auth){.kind = SERVICE_AUTH_BASIC,
                                       .user = (char[]){"Aladdin"},
                                       .password = (char[]){"open sesame"},
                                       .api_key_header = (char[]){"X-Key"},
                                       .api_key = (char[]){"k"}};
    begin();
    send_one(1, "GET");
    ck_assert_str_eq(fake->sent[0].text, "GET https://h/d\nAccept: application/json\n"
                                         "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\nX-Key: k\n\n");
    give_status("/d", 401); /* nothing could be renewed */
    ck_assert(next() && answer.id == 1 && answer.status == 401);
    ck_assert(!next());
    end();
}
END_TEST

START_TEST(without_credentials_there_is_nothing_to_do)
{
    ck_assert_ptr_null(auth_new(&config));
}
END_TEST

START_TEST(many_wait_for_one_token)
{
    begin_with_oauth2();
    for (uint64_t i = 1; i <= 5; i++)
        send_one(i, "GET");
    ck_assert_uint_eq(fake->sent_count, 1);
    ck_assert_uint_eq(fake_count(fake, "POST https://i/t"), 1);
    give_body("/t", 200, TOKEN("abc"));
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "/d\nAccept: application/json\nAuthorization: Bearer abc\n"), 5);
    give_status("/d", 200);
    ck_assert(next() && answer.status == 200);
    end();
}
END_TEST

START_TEST(a_refused_token_is_renewed_once)
{
    begin_with_oauth2();
    send_one(1, "PUT");
    give_body("/t", 200, TOKEN("old"));
    ck_assert(!next());
    give_status("Bearer old", 401);
    ck_assert(!next());
    give_body("/t", 200, TOKEN("new"));
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "Bearer new\n\n{}"), 1);
    give_status("Bearer new", 401); /* and that was it: the answer counts */
    ck_assert(next() && answer.id == 1 && answer.status == 401);
    ck_assert_uint_eq(fake_count(fake, "/t"), 2);
    end();
}
END_TEST

START_TEST(many_refusals_of_one_token_are_one_fetch)
{
    begin_with_oauth2();
    send_one(1, "GET");
    send_one(2, "GET");
    give_body("/t", 200, TOKEN("old"));
    ck_assert(!next());
    give_status("Bearer old", 401);
    ck_assert(!next());
    give_body("/t", 200, TOKEN("new"));
    ck_assert(!next());
    give_status("Bearer old", 401); /* the second's: there is a newer one already */
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "Bearer new"), 2);
    ck_assert_uint_eq(fake_count(fake, "/t"), 2);
    end();
}
END_TEST

START_TEST(what_may_have_been_sent_twice_stays_so)
{
    begin_with_oauth2();
    send_one(1, "PUT");
    give_body("/t", 200, TOKEN("old"));
    ck_assert(!next());
    fake_answer(fake, "Bearer old", (struct http_answer){.status = 401, .sent = SENT_PERHAPS_TWICE});
    ck_assert(!next());
    give_body("/t", 200, TOKEN("new"));
    ck_assert(!next());
    give_status("Bearer new", 412);
    ck_assert(next() && answer.status == 412 && answer.sent == SENT_PERHAPS_TWICE);
    end();
}
END_TEST

START_TEST(a_token_endpoint_that_is_down_is_told_to_all_who_wait)
{
    begin_with_oauth2();
    send_one(1, "GET");
    send_one(2, "PUT");
    fake_answer(fake, "/t", (struct http_answer){.result = HTTP_UNREACHABLE, .detail = "Connection refused"});
    ck_assert(next() && answer.id == 1 && answer.result == HTTP_NO_CREDENTIALS && answer.sent == SENT_NOT);
    ck_assert_str_eq(answer.detail, "token endpoint https://i/t: Connection refused");
    ck_assert(next() && answer.id == 2 && answer.result == HTTP_NO_CREDENTIALS);
    ck_assert(!next());
    send_one(3, "GET"); /* not asked for again at once */
    ck_assert_int_eq(transport->operations->deadline(transport), 0);
    ck_assert(next() && answer.id == 3 && answer.result == HTTP_NO_CREDENTIALS);
    ck_assert_uint_eq(fake_count(fake, "/t"), 1);
    end();
}
END_TEST

START_TEST(a_renewal_that_fails_is_told_while_the_old_token_goes_on)
{
    struct auth *auth;

    config.auth.kind = SERVICE_AUTH_OAUTH2;
    config.auth.oauth2 = (struct config_oauth2){.token_url = token_url, .client_id = client_id, .client_secret = client_secret};
    auth = auth_new(&config);
    fake = fake_transport_new();
    transport = transport_auth_new(&fake->transport, auth, 5000);
    send_one(1, "GET");
    give_body("/t", 200, "{\"access_token\":\"old\",\"expires_in\":86400}");
    ck_assert(!next());
    ck_assert_ptr_null(auth_trouble(auth));
    renew_early(auth);
    ck_assert_str_eq(auth_trouble(auth), "token endpoint https://i/t: status 503");
    ck_assert_ptr_null(auth_trouble(auth)); /* once */
    send_one(2, "GET");
    ck_assert_uint_eq(fake_count(fake, "Bearer old"), 2);
    end();
}
END_TEST

START_TEST(who_is_cancelled_while_waiting_is_not_sent)
{
    begin_with_oauth2();
    send_one(1, "GET");
    send_one(2, "GET");
    transport->operations->cancel(transport, 1);
    transport->operations->cancel(transport, 77);
    give_body("/t", 200, TOKEN("abc"));
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "/d"), 1);
    ck_assert_uint_eq(fake->sent[1].id, 2);
    transport->operations->cancel(transport, 2);
    ck_assert(!next());
    end();
}
END_TEST

START_TEST(writes_carry_the_nonce_and_all_the_session)
{
    begin_with_csrf();
    send_one(1, "GET");
    ck_assert_str_eq(fake->sent[0].text, "GET https://h/nonce\nAccept: application/json\nX-CSRF-Token: Fetch\n\n");
    give_nonce("n1", "sid=s1; Path=/");
    ck_assert(!next());
    send_one(2, "PUT");
    ck_assert_str_eq(fake->sent[1].text, "GET https://h/d\nAccept: application/json\nCookie: sid=s1\n\n");
    ck_assert_str_eq(fake->sent[2].text,
                     "PUT https://h/d\nAccept: application/json\nX-CSRF-Token: n1\nCookie: sid=s1\n\n{}");
    end();
}
END_TEST

START_TEST(a_refused_nonce_is_renewed_once_with_a_new_session)
{
    begin_with_csrf();
    send_one(1, "PUT");
    give_nonce("n1", "sid=s1");
    ck_assert(!next());
    give_status("X-CSRF-Token: n1", 403);
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "Cookie: sid=s1"), 1); /* not on the request for the nonce */
    give_nonce("n2", "sid=s2");
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "X-CSRF-Token: n2\nCookie: sid=s2\n"), 1);
    give_status("X-CSRF-Token: n2", 403);
    ck_assert(next() && answer.status == 403);
    ck_assert_uint_eq(fake_count(fake, "/nonce"), 2);
    end();
}
END_TEST

START_TEST(a_read_that_is_forbidden_says_nothing_of_the_nonce)
{
    begin_with_csrf();
    send_one(1, "GET");
    give_nonce("n1", "sid=s1");
    ck_assert(!next());
    give_status("/d", 403);
    ck_assert(next() && answer.status == 403);
    ck_assert_uint_eq(fake_count(fake, "/nonce"), 1);
    end();
}
END_TEST

START_TEST(an_answer_of_the_last_session_does_not_bring_it_back)
{
    static const struct http_header late[] = {{BYTES("Set-Cookie"), BYTES("sid=s1")}};
    static const struct http_header turned[] = {{BYTES("Set-Cookie"), BYTES("sid=s3")}};

    begin_with_csrf();
    send_one(1, "PUT");
    send_one(2, "GET");
    give_nonce("n1", "sid=s1");
    ck_assert(!next());
    give_status("X-CSRF-Token: n1", 403);
    ck_assert(!next());
    give_nonce("n2", "sid=s2");
    ck_assert(!next());
    fake_answer(fake, "Cookie: sid=s1", (struct http_answer){.status = 200, .headers = late, .header_count = 1});
    ck_assert(next() && answer.id == 2);
    send_one(3, "GET");
    ck_assert_uint_eq(fake_count(fake, "Cookie: sid=s2\n\n"), 2); /* the write before it, too */
    fake_answer(fake, "X-CSRF-Token: n2", (struct http_answer){.status = 200, .headers = turned, .header_count = 1});
    ck_assert(next() && answer.id == 1);
    send_one(4, "GET");
    ck_assert_uint_eq(fake_count(fake, "Cookie: sid=s3\n"), 1);
    end();
}
END_TEST

START_TEST(the_nonce_is_asked_for_with_the_token)
{
    config.auth.csrf = (struct config_csrf){.url = nonce_url, .header = nonce_header};
    begin_with_oauth2();
    send_one(1, "PUT");
    ck_assert_uint_eq(fake_count(fake, "/nonce"), 0);
    give_body("/t", 200, TOKEN("old"));
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "/nonce\nAuthorization: Bearer old"), 1);
    give_status("/nonce", 401);
    ck_assert(!next());
    give_body("/t", 200, TOKEN("new"));
    ck_assert(!next());
    ck_assert_uint_eq(fake_count(fake, "/nonce\nAuthorization: Bearer new"), 1);
    give_status("/nonce", 401); /* once */
    ck_assert(next() && answer.id == 1 && answer.result == HTTP_NO_CREDENTIALS);
    ck_assert_str_eq(answer.detail, "CSRF token from https://h/nonce: status 401 without a token in the header X-CSRF-Token");
    end();
}
END_TEST

START_TEST(an_error_that_echoes_what_was_sent_shows_no_secret)
{
    static const struct http_header headers[] = {{BYTES("Location"), BYTES("/login?t=CANARY-2")}};

    begin_with_oauth2();
    send_one(1, "GET");
    give_body("/t", 200, TOKEN("CANARY-2"));
    ck_assert(!next());
    fake_answer(fake, "/d", (struct http_answer){.status = 302,
                                                 .headers = headers,
                                                 .header_count = 1,
                                                 .body = BYTES("token CANARY-2, secret CANARY-1")});
    ck_assert(next());
    ck_assert(bytes_equal(answer.body, BYTES("token ***, secret ***")));
    ck_assert(bytes_equal(answer.headers[0].value, BYTES("/login?t=***")));
    end();
}
END_TEST

START_TEST(what_cannot_even_begin_is_answered)
{
    begin_with_oauth2();
    fake->refuses = true;
    send_one(1, "GET");
    ck_assert(next() && answer.result == HTTP_NO_CREDENTIALS);
    ck_assert_str_eq(answer.detail, "token endpoint https://i/t: out of handles");
    end();
}
END_TEST

UNIT_TESTS("service/transport_auth", what_never_changes_is_on_every_request, without_credentials_there_is_nothing_to_do,
           many_wait_for_one_token, a_refused_token_is_renewed_once, many_refusals_of_one_token_are_one_fetch,
           what_may_have_been_sent_twice_stays_so, a_token_endpoint_that_is_down_is_told_to_all_who_wait,
           a_renewal_that_fails_is_told_while_the_old_token_goes_on, who_is_cancelled_while_waiting_is_not_sent, writes_carry_the_nonce_and_all_the_session,
           a_refused_nonce_is_renewed_once_with_a_new_session, a_read_that_is_forbidden_says_nothing_of_the_nonce,
           an_answer_of_the_last_session_does_not_bring_it_back, the_nonce_is_asked_for_with_the_token,
           an_error_that_echoes_what_was_sent_shows_no_secret, what_cannot_even_begin_is_answered)
