#include "../../support/unit.h"

#include "engine/documents.h"

static void keep(struct documents *documents, const char *id)
{
    documents_keep(documents, bytes_of(id), 0, BYTES("{\"a\":1}"), BYTES("\"v1\""), false, BYTES_NONE);
}

START_TEST(shrinking_drops_what_was_used_longest_ago)
{
    struct documents documents;
    size_t one;

    documents_init(&documents, 1 << 20);
    keep(&documents, "a");
    one = documents.bytes;
    keep(&documents, "b");
    keep(&documents, "c");
    documents_find(&documents, BYTES("a"));
    documents_shrink(&documents, one);
    ck_assert_ptr_nonnull(documents_find(&documents, BYTES("a")));
    ck_assert_ptr_null(documents_find(&documents, BYTES("b")));
    ck_assert_ptr_nonnull(documents_find(&documents, BYTES("c")));
    documents_shrink(&documents, 100 * one);
    ck_assert_uint_eq(documents.bytes, 0);
    documents_release(&documents);
}
END_TEST

START_TEST(the_least_recently_used_makes_room)
{
    struct documents documents;

    documents_init(&documents, 1 << 20);
    keep(&documents, "a");
    documents.bytes_max = 2 * documents.bytes;
    keep(&documents, "b");
    documents_find(&documents, BYTES("a"));
    keep(&documents, "c");
    ck_assert_ptr_nonnull(documents_find(&documents, BYTES("a")));
    ck_assert_ptr_null(documents_find(&documents, BYTES("b")));
    documents_release(&documents);
}
END_TEST

UNIT_TESTS("engine/documents", shrinking_drops_what_was_used_longest_ago, the_least_recently_used_makes_room)
