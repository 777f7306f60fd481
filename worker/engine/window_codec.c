#include "engine/window_codec.h"

#include "common/check.h"

#include <stdio.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char head[] = "ifmatch/1 ";

#define HEAD_SIZE   (sizeof(head) - 1)
#define HASH_SIZE   17 /* a blank and 16 hex digits */
#define NUMBER_MAX  12 /* digits of five bits in 60 */
#define OFFSET_MAX  (INT64_MAX / 8) /* 60 bits: nothing overflows, and nobody has got that far */
#define MORE        32 /* another digit follows */

static uint64_t hash_of(int64_t offset_next, struct bytes spans)
{
    char offset[32];

    snprintf(offset, sizeof(offset), "%lld", (long long)offset_next);
    return bytes_hash(spans) * 31 + bytes_hash(bytes_of(offset));
}

static size_t put_number(char *text, uint64_t number)
{
    size_t size = 0;

    do {
        text[size++] = digits[(number & 31) | (number > 31 ? MORE : 0)];
        number >>= 5;
    } while (number > 0);
    return size;
}

size_t window_encode(int64_t offset_next, const struct window_span *spans, size_t count, char text[WINDOW_TEXT_MAX])
{
    size_t size = HEAD_SIZE;
    int64_t last = offset_next;

    memcpy(text, head, HEAD_SIZE);
    for (size_t i = 0; i < count && size + 2 * NUMBER_MAX + HASH_SIZE < WINDOW_TEXT_MAX; i++) {
        ensure(spans[i].first >= last);
        ensure(spans[i].next > spans[i].first);
        if (spans[i].next > OFFSET_MAX)
            break;
        size += put_number(text + size, (uint64_t)(spans[i].first - last));
        size += put_number(text + size, (uint64_t)(spans[i].next - spans[i].first));
        last = spans[i].next;
    }
    if (size == HEAD_SIZE)
        return 0;
    snprintf(text + size, HASH_SIZE + 1, " %016llx",
             (unsigned long long)hash_of(offset_next, (struct bytes){text + HEAD_SIZE, size - HEAD_SIZE}));
    return size + HASH_SIZE;
}

static bool take_number(struct bytes *text, uint64_t *ret_number)
{
    uint64_t number = 0;

    for (unsigned shift = 0; shift < 5 * NUMBER_MAX; shift += 5) {
        const char *digit = text->size > 0 ? memchr(digits, text->data[0], 64) : NULL;
        uint64_t value;

        if (digit == NULL)
            return false;
        value = (uint64_t)(digit - digits);
        number |= (value & 31) << shift;
        *text = bytes_from(*text, 1);
        if (value < MORE) {
            *ret_number = number;
            return true;
        }
    }
    return false;
}

bool window_decode(int64_t offset_next, struct bytes text, struct window_span *ret_spans, size_t *ret_count)
{
    struct bytes spans;
    char hash[HASH_SIZE + 1];
    int64_t last = offset_next;
    size_t count = 0;

    if (offset_next < 0 || offset_next > OFFSET_MAX || text.size <= HEAD_SIZE + HASH_SIZE ||
        text.size > WINDOW_TEXT_MAX || !bytes_start_with(text, bytes_of(head)))
        return false;
    spans = (struct bytes){text.data + HEAD_SIZE, text.size - HEAD_SIZE - HASH_SIZE};
    snprintf(hash, sizeof(hash), " %016llx", (unsigned long long)hash_of(offset_next, spans));
    if (memcmp(text.data + text.size - HASH_SIZE, hash, HASH_SIZE) != 0)
        return false;
    while (spans.size > 0) {
        uint64_t gap, length;

        if (!take_number(&spans, &gap) || !take_number(&spans, &length) || length == 0 ||
            gap > (uint64_t)(OFFSET_MAX - last) || length > (uint64_t)(OFFSET_MAX - last) - gap)
            return false;
        ret_spans[count].first = last + (int64_t)gap;
        last = ret_spans[count].next = ret_spans[count].first + (int64_t)length;
        count++;
    }
    *ret_count = count;
    return true;
}
