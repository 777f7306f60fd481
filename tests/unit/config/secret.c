#include "../../support/unit.h"

#include "config/secret.h"

static void assert_shown(const char *text, int line, const char *expected)
{
    struct buffer out;

    buffer_init(&out, 1024);
    secret_add_line(&out, bytes_of(text), line);
    ck_assert_msg(bytes_equal(buffer_bytes(&out), bytes_of(expected)), "%.*s", BYTES_ARG(buffer_bytes(&out)));
    buffer_release(&out);
}

START_TEST(names_of_secrets_are_known)
{
    static const char *const secrets[] = {"password",     "sasl.password",           "ssl.key.password",
                                          "ssl.key.pem",  "client_secret",           "SSL_KEYSTORE_PASSWORD",
                                          "bearer.token", "sasl.oauthbearer.config", "sasl.jaas.config",
                                          "sasl.pasword",   "bearer.tokn",             "client_secrt"};
    static const char *const open[] = {"", "group.id", "ssl.key.location", "service.url", "user", "pass"};

    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        ck_assert_msg(secret_is_name(bytes_of(secrets[i])), "%s", secrets[i]);
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        ck_assert_msg(!secret_is_name(bytes_of(open[i])), "%s", open[i]);
}
END_TEST

START_TEST(all_behind_the_key_of_a_secret_is_hidden)
{
    assert_shown("a: 1\n  sasl.password: geheim # x\n", 2, "  sasl.password: ***");
    assert_shown("auth: { basic: { user: u, password: geheim }, x: y }", 1,
                 "auth: { basic: { user: u, password: ***");
    assert_shown("\"password\" : geheim", 1, "\"password\" : ***");
    assert_shown("password:", 1, "password:");
    assert_shown("auth: { basic: { user: u, pasword: geheim } }", 1, "auth: { basic: { user: u, pasword: ***");
}
END_TEST

START_TEST(lines_that_continue_a_secret_are_hidden)
{
    static const char text[] = "ssl.key.pem: |\n  line one\n\n  line two\nnext: |\n  open\n";

    assert_shown(text, 2, "***");
    assert_shown(text, 4, "***");
    assert_shown(text, 5, "next: |");
    assert_shown(text, 6, "  open");
}
END_TEST

START_TEST(user_and_password_of_an_address_are_hidden)
{
    assert_shown("proxy: http://u:p@proxy:3128", 1, "proxy: http://***@proxy:3128");
    assert_shown("url: http://host/a@b", 1, "url: http://host/a@b");
}
END_TEST

START_TEST(bytes_that_are_no_text_become_question_marks)
{
    assert_shown("a: \xc3\xa9\xff\xe2\x82\n", 1, "a: \xc3\xa9???");
}
END_TEST

START_TEST(control_characters_become_spaces)
{
    assert_shown("a:\t\x1b[31m\r\n", 1, "a:  [31m");
    assert_shown("a", 7, "");
}
END_TEST

UNIT_TESTS("config/secret", names_of_secrets_are_known, all_behind_the_key_of_a_secret_is_hidden,
           lines_that_continue_a_secret_are_hidden, user_and_password_of_an_address_are_hidden,
           bytes_that_are_no_text_become_question_marks, control_characters_become_spaces)
