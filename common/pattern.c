#include "common/pointer.h"

#include "common/memory.h"

static bool is_star(struct bytes segment)
{
    return bytes_equal(segment, BYTES("*"));
}

static bool is_stars(struct bytes segment)
{
    return bytes_equal(segment, BYTES("**"));
}

bool pattern_is_valid(struct bytes text, const char **ret_what)
{
    struct pointer_walk walk;
    struct bytes segment;
    size_t position;

    if (!pointer_is_valid(text, ret_what))
        return false;
    pointer_walk_init(&walk, text);
    while (pointer_walk_next(&walk, &segment)) {
        if (!is_star(segment) && !is_stars(segment) && bytes_find(segment, '*', &position)) {
            *ret_what = "'*' and '**' stand alone between slashes";
            return false;
        }
    }
    return true;
}

bool pattern_matches(struct bytes pattern, struct bytes pointer)
{
    struct pointer_walk p = {pattern}, s = {pointer};
    struct pointer_walk stars = {BYTES_NONE}, stars_at = {BYTES_NONE}; /* behind the last "**", and what it faced */
    struct bytes wanted, segment;

    for (;;) {
        bool has_wanted = pointer_walk_next(&p, &wanted);

        if (has_wanted && is_stars(wanted)) {
            stars = p;
            stars_at = s;
            continue;
        }
        if (!pointer_walk_next(&s, &segment))
            return !has_wanted; /* "**" took as few as it could, so what is wanted still is too much */
        if (has_wanted && (is_star(wanted) || bytes_equal(wanted, segment)))
            continue;
        if (!bytes_present(stars_at.rest))
            return false;
        pointer_walk_next(&stars_at, &segment); /* "**" takes one more */
        p = stars;
        s = stars_at;
    }
}

bool pattern_reaches_below(struct bytes pattern, struct bytes pointer)
{
    struct pointer_walk p, s;
    struct bytes wanted, segment;

    pointer_walk_init(&p, pattern);
    pointer_walk_init(&s, pointer);
    while (pointer_walk_next(&s, &segment)) {
        if (!pointer_walk_next(&p, &wanted))
            return false;
        if (is_stars(wanted))
            return true; /* whatever follows it can stand below */
        if (!is_star(wanted) && !bytes_equal(wanted, segment))
            return false;
    }
    return pointer_walk_next(&p, &wanted);
}

bool pattern_touches(struct bytes pattern, struct bytes pointer)
{
    struct pointer_walk p, s;
    struct bytes wanted, segment;

    pointer_walk_init(&p, pattern);
    pointer_walk_init(&s, pointer);
    while (pointer_walk_next(&p, &wanted) && pointer_walk_next(&s, &segment)) {
        if (is_stars(wanted))
            return true; /* none, so that what follows may stand here or below */
        if (!is_star(wanted) && !bytes_equal(wanted, segment))
            return false;
    }
    return true;
}

static int segment_rank(struct bytes segment)
{
    return is_stars(segment) ? 0 : is_star(segment) ? 1 : 2;
}

int pattern_compare(struct bytes a, struct bytes b)
{
    struct pointer_walk a_walk, b_walk;
    struct bytes a_segment, b_segment;

    pointer_walk_init(&a_walk, a);
    pointer_walk_init(&b_walk, b);
    for (;;) {
        bool a_has = pointer_walk_next(&a_walk, &a_segment);
        bool b_has = pointer_walk_next(&b_walk, &b_segment);

        if (!a_has || !b_has)
            return a_has - b_has;
        if (segment_rank(a_segment) != segment_rank(b_segment))
            return segment_rank(a_segment) - segment_rank(b_segment);
    }
}

/* The segments of a pattern; the caller frees. */
static struct bytes *pattern_segments(struct bytes pattern, size_t *ret_count)
{
    struct bytes *segments = memory_new((pattern.size + 1) * sizeof(*segments));
    struct pointer_walk walk;
    size_t count = 0;

    pointer_walk_init(&walk, pattern);
    while (pointer_walk_next(&walk, &segments[count]))
        count++;
    *ret_count = count;
    return segments;
}

/* Row i of the table "do a's segments from i on and b's from j on overlap?", out of row i + 1 (`below`). */
static void overlap_row(const struct bytes *a_segment, const bool *below, const struct bytes *b, size_t b_count,
                        bool *row)
{
    for (size_t j = b_count + 1; j-- > 0;) {
        bool b_ends = j == b_count;

        if (a_segment == NULL && b_ends)
            row[j] = true;
        else if (a_segment != NULL && is_stars(*a_segment))
            row[j] = below[j] || (!b_ends && row[j + 1]);
        else if (!b_ends && is_stars(b[j]))
            row[j] = row[j + 1] || (a_segment != NULL && below[j]);
        else
            row[j] = a_segment != NULL && !b_ends && below[j + 1] &&
                     (is_star(*a_segment) || is_star(b[j]) || bytes_equal(*a_segment, b[j]));
    }
}

bool pattern_overlaps(struct bytes a, struct bytes b)
{
    size_t a_count, b_count;
    auto_bytes a_memory = pattern_segments(a, &a_count);
    auto_bytes b_memory = pattern_segments(b, &b_count);
    auto_bytes rows = memory_new(2 * (b_count + 1) * sizeof(bool));
    const struct bytes *a_segments = a_memory, *b_segments = b_memory;
    bool *row = rows, *below = row + b_count + 1, *swap;

    overlap_row(NULL, NULL, b_segments, b_count, row);
    for (size_t i = a_count; i-- > 0;) {
        swap = below;
        below = row;
        row = swap;
        overlap_row(&a_segments[i], below, b_segments, b_count, row);
    }
    return row[0];
}
