#include "common/buffer.h"
#include "common/pointer.h"
#include "common/random.h"
#include "tests/support/unit.h"

START_TEST(a_star_stands_alone_in_its_segment)
{
    static const char *const good[] = {"", "/a", "/*", "/**", "/a/*/b", "/a/**", "/**/a/**", "/a~1b"};
    static const char *const bad[] = {"a", "/a*", "/*a", "/***", "/a/b*c", "/~", "/\n"};
    const char *what = NULL;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(pattern_is_valid(bytes_of(good[i]), &what), "%s: %s", good[i], what);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!pattern_is_valid(bytes_of(bad[i]), &what), "%s", bad[i]);
    ck_assert(!pattern_is_valid(BYTES("/a*"), &what));
    ck_assert_str_eq(what, "'*' and '**' stand alone between slashes");
}
END_TEST

static const struct {
    const char *pattern, *pointer;
    bool matches, reaches_below;
} cases[] = {
    {"", "", true, false},           {"", "/a", false, false},
    {"/a", "/a", true, false},       {"/a", "", false, true},
    {"/a", "/b", false, false},      {"/a", "/a/b", false, false},
    {"/a/b", "/a", false, true},     {"/a/b", "/c", false, false},
    {"/*", "/a", true, false},       {"/*", "/", true, false},
    {"/*", "/a/b", false, false},    {"/*", "", false, true},
    {"/a/*", "/a", false, true},     {"/a/*", "/a/b", true, false},
    {"/a/*/c", "/a/b/c", true, false}, {"/a/*/c", "/a/b", false, true},
    {"/*/b", "/a/b", true, false},   {"/*/b", "/a/c", false, false},
    {"/**", "", true, true},         {"/**", "/a", true, true},
    {"/**", "/a/b/c", true, true},   {"/a/**", "/a", true, true},
    {"/a/**", "/a/b/c", true, true}, {"/a/**", "/ab", false, false},
    {"/a/**", "", false, true},      {"/**/c", "/c", true, true},
    {"/**/c", "/a/b/c", true, true}, {"/**/c", "/a/c/b", false, true},
    {"/**/c", "", false, true},      {"/a/**/c/*", "/a/c/x/c/y", true, true},
    {"/a/**/c/*", "/a/c/x/c", false, true}, {"/a/**/c/*", "/a/c", false, true},
    {"/**/**", "", true, true},      {"/**/*", "", false, true},
    {"/**/*", "/a", true, true},     {"/**/a/**/b", "/a/b/a", false, true},
    {"/**/a/**/b", "/x/a/b/a/b", true, true}, {"/a~1b", "/a~1b", true, false},
    {"/a~1b", "/a/b", false, false},
};

START_TEST(matching_and_reaching_below)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes pattern = bytes_of(cases[i].pattern), pointer = bytes_of(cases[i].pointer);

        ck_assert_msg(pattern_matches(pattern, pointer) == cases[i].matches, "%s %s", cases[i].pattern,
                      cases[i].pointer);
        ck_assert_msg(pattern_reaches_below(pattern, pointer) == cases[i].reaches_below, "below: %s %s",
                      cases[i].pattern, cases[i].pointer);
    }
    ck_assert(pattern_matches(BYTES("/**"), BYTES_NONE));
}
END_TEST

START_TEST(specificity_goes_segment_by_segment)
{
    /* From the most specific on. */
    static const char *const order[] = {"/a/b/c", "/a/b/*", "/a/b/**", "/a/b", "/a/*/c", "/a/*", "/a/**/c", "/a/**",
                                        "/a", "/*/b", "/*", "/**/a", "/**", ""};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        for (size_t j = 0; j < sizeof(order) / sizeof(order[0]); j++) {
            int found = pattern_compare(bytes_of(order[i]), bytes_of(order[j]));

            ck_assert_msg((found > 0) == (i < j) && (found < 0) == (i > j), "%s ? %s: %d", order[i], order[j], found);
        }
    }
    ck_assert_int_eq(pattern_compare(BYTES("/a/*"), BYTES("/b/*")), 0);
    ck_assert_int_eq(pattern_compare(BYTES("/*/x"), BYTES("/*/y")), 0);
}
END_TEST

START_TEST(overlapping_is_matching_the_same_pointer)
{
    static const struct {
        const char *a, *b;
        bool overlap;
    } pairs[] = {
        {"", "", true},         {"", "/a", false},        {"", "/**", true},          {"", "/*", false},
        {"/a", "/a", true},     {"/a", "/b", false},      {"/a", "/*", true},         {"/a/*", "/*/b", true},
        {"/a/*", "/b/*", false}, {"/a/*", "/a", false},   {"/a/**", "/a", true},      {"/a/**", "/*/b/c", true},
        {"/**/a", "/b/**", true}, {"/**/a", "/b/*", true}, {"/**/a", "/b/c", false},  {"/**/a/b", "/**/b", true},
        {"/**/a", "/**/b", false}, {"/a/**/b", "/a/b", true}, {"/a/**/b", "/a/*/*/c", false},
        {"/a/**/b/**", "/**/c/**/d", true}, {"/*/*", "/**", true}, {"/*", "/*/*", false},
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        ck_assert_msg(pattern_overlaps(bytes_of(pairs[i].a), bytes_of(pairs[i].b)) == pairs[i].overlap, "%s ? %s",
                      pairs[i].a, pairs[i].b);
        ck_assert_msg(pattern_overlaps(bytes_of(pairs[i].b), bytes_of(pairs[i].a)) == pairs[i].overlap, "%s ? %s",
                      pairs[i].b, pairs[i].a);
    }
}
END_TEST

/* All pointers of up to five segments over two names: as far as two segments and a pattern of three can go. */
#define POINTERS 63

static void pointers_make(struct buffer pointers[POINTERS])
{
    size_t made = 1;

    for (size_t i = 0; i < POINTERS; i++)
        buffer_init(&pointers[i], 100);
    for (size_t i = 0; made < POINTERS; i++) {
        for (size_t name = 0; name < 2; name++, made++) {
            buffer_add(&pointers[made], buffer_bytes(&pointers[i]));
            buffer_add_text(&pointers[made], name == 0 ? "/a" : "/b");
        }
    }
}

static void pattern_draw(struct random *random, struct buffer *out)
{
    static const char *const segments[] = {"/a", "/b", "/*", "/**"};

    buffer_reset(out);
    for (uint64_t i = random_below(random, 4); i > 0; i--)
        buffer_add_text(out, segments[random_below(random, 4)]);
}

START_TEST(overlapping_and_reaching_agree_with_matching_every_pointer)
{
    struct buffer pointers[POINTERS];
    struct random random;
    auto_buffer a, b;

    random_init(&random, 11);
    pointers_make(pointers);
    buffer_init(&a, 100);
    buffer_init(&b, 100);
    for (int round = 0; round < 3000; round++) {
        bool both = false;

        pattern_draw(&random, &a);
        pattern_draw(&random, &b);
        for (size_t i = 0; i < POINTERS; i++)
            both = both || (pattern_matches(buffer_bytes(&a), buffer_bytes(&pointers[i])) &&
                            pattern_matches(buffer_bytes(&b), buffer_bytes(&pointers[i])));
        ck_assert_msg(pattern_overlaps(buffer_bytes(&a), buffer_bytes(&b)) == both, "%.*s ? %.*s",
                      BYTES_ARG(buffer_bytes(&a)), BYTES_ARG(buffer_bytes(&b)));
        for (size_t i = 0; i < 7; i++) { /* up to two segments */
            bool below = false;

            for (size_t j = 0; j < POINTERS; j++)
                below = below || (j != i && pointer_covers(buffer_bytes(&pointers[i]), buffer_bytes(&pointers[j])) &&
                                  pattern_matches(buffer_bytes(&a), buffer_bytes(&pointers[j])));
            ck_assert(pattern_reaches_below(buffer_bytes(&a), buffer_bytes(&pointers[i])) == below);
        }
    }
    for (size_t i = 0; i < POINTERS; i++)
        buffer_release(&pointers[i]);
}
END_TEST

START_TEST(a_pattern_touches_what_it_matches_and_what_lies_above_and_below)
{
    ck_assert(pattern_touches(BYTES("/a/b"), BYTES("/a/b")));
    ck_assert(pattern_touches(BYTES("/a/b"), BYTES("/a")));
    ck_assert(pattern_touches(BYTES("/a/b"), BYTES("/a/b/c")));
    ck_assert(pattern_touches(BYTES("/a/*"), BYTES("/a/x/y")));
    ck_assert(pattern_touches(BYTES("/**/b"), BYTES("/x/y")));
    ck_assert(pattern_touches(BYTES("/a/b"), BYTES("")));
    ck_assert(!pattern_touches(BYTES("/a/b"), BYTES("/a/c")));
    ck_assert(!pattern_touches(BYTES("/*/b"), BYTES("/x/c/d")));
}
END_TEST

UNIT_TESTS("common/pattern", a_star_stands_alone_in_its_segment, matching_and_reaching_below,
           specificity_goes_segment_by_segment, overlapping_is_matching_the_same_pointer,
           overlapping_and_reaching_agree_with_matching_every_pointer,
           a_pattern_touches_what_it_matches_and_what_lies_above_and_below)
