#include "event/base64.h"

#include "tests/support/unit.h"

static void decodes(const char *text, const char *expected)
{
    struct arena *arena = arena_new(256);
    struct bytes data;

    ck_assert(base64_decode(bytes_of(text), arena, &data));
    ck_assert(bytes_equal(data, bytes_of(expected)));
    arena_free(arena);
}

static void refuses(const char *text)
{
    struct arena *arena = arena_new(256);
    struct bytes data;

    ck_assert(!base64_decode(bytes_of(text), arena, &data));
    arena_free(arena);
}

START_TEST(vectors_of_the_rfc)
{
    decodes("", "");
    decodes("Zg==", "f");
    decodes("Zm8=", "fo");
    decodes("Zm9v", "foo");
    decodes("Zm9vYg==", "foob");
    decodes("Zm9vYmE=", "fooba");
    decodes("Zm9vYmFy", "foobar");
    decodes("+/+/", "\xfb\xff\xbf");
}
END_TEST

START_TEST(what_is_no_base64)
{
    refuses("Zg");
    refuses("Zg=");
    refuses("Z===");
    refuses("Zg==Zg==");
    refuses("Zm9\n");
    refuses("-_-_");
}
END_TEST

UNIT_TESTS("event/base64", vectors_of_the_rfc, what_is_no_base64)
