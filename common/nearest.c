#include "common/nearest.h"

#include <ctype.h>

#define SIZE_MAX_COMPARED 64

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t nearest_distance(const char *a, const char *b)
{
    size_t table[SIZE_MAX_COMPARED + 1][SIZE_MAX_COMPARED + 1];
    size_t a_size = strlen(a), b_size = strlen(b);

    if (a_size > SIZE_MAX_COMPARED || b_size > SIZE_MAX_COMPARED)
        return SIZE_MAX_COMPARED;
    for (size_t i = 0; i <= a_size; i++)
        for (size_t j = 0; j <= b_size; j++) {
            if (i == 0 || j == 0) {
                table[i][j] = i + j;
                continue;
            }
            table[i][j] = least(least(table[i - 1][j], table[i][j - 1]) + 1,
                                table[i - 1][j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                table[i][j] = least(table[i][j], table[i - 2][j - 2] + 1);
        }
    return table[a_size][b_size];
}

void nearest_init(struct nearest *nearest, const char *wanted)
{
    size_t size = strlen(wanted);

    *nearest = (struct nearest){.wanted = wanted, .distance = (size < 6 ? 1 : size < 12 ? 2 : 3) + 1};
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
    size_t distance = nearest_distance(nearest->wanted, candidate);

    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = candidate;
    }
}
