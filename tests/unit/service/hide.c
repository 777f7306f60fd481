#include "service/hide.h"
#include "tests/support/unit.h"

static struct bytes hidden(struct bytes text, struct arena *arena)
{
    static const struct bytes secrets[] = {BYTES("geheim"), BYTES("geheimnis"), BYTES("abc")};

    return hide(text, secrets, 3, arena);
}

START_TEST(each_secret_is_hidden_wherever_it_stands)
{
    struct arena *arena = arena_new(256);

    ck_assert(bytes_equal(hidden(BYTES("geheim, so geheim!"), arena), BYTES("***, so ***!")));
    ck_assert(bytes_equal(hidden(BYTES("<geheimnis>"), arena), BYTES("<***>"))); /* the longest one */
    arena_free(arena);
}
END_TEST

START_TEST(a_text_without_secrets_is_not_copied)
{
    struct bytes text = BYTES("nothing, not even abc"); /* too short for a secret */

    ck_assert_ptr_eq(hidden(text, NULL).data, text.data);
    ck_assert(!bytes_present(hidden(BYTES_NONE, NULL)));
}
END_TEST

START_TEST(the_words_of_a_header_are_secrets)
{
    struct bytes secrets[5];
    size_t count = 0;

    hide_words(BYTES("Bearer abc=="), secrets, 5, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert(bytes_equal(secrets[0], BYTES("Bearer")) && bytes_equal(secrets[1], BYTES("abc")));
    hide_words(BYTES("SID=s1; route=7"), secrets, 5, &count);
    ck_assert_uint_eq(count, 5); /* no room for the last one */
    ck_assert(bytes_equal(secrets[3], BYTES("s1")) && bytes_equal(secrets[4], BYTES("route")));
}
END_TEST

UNIT_TESTS("service/hide", the_words_of_a_header_are_secrets, each_secret_is_hidden_wherever_it_stands, a_text_without_secrets_is_not_copied)
