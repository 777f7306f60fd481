#include "engine/sequence.h"

#include "common/check.h"

bool sequence_is_number(struct bytes sequence)
{
    for (size_t i = 0; i < sequence.size; i++) {
        if (sequence.data[i] < '0' || sequence.data[i] > '9')
            return false;
    }
    return sequence.size > 0;
}

static struct bytes without_leading_zeros(struct bytes number)
{
    while (number.size > 0 && number.data[0] == '0')
        number = bytes_from(number, 1);
    return number;
}

int sequence_compare(struct bytes a, struct bytes b)
{
    bool are_numbers = sequence_is_number(a);

    ensure(sequence_is_number(b) == are_numbers);
    if (!are_numbers)
        return bytes_compare(a, b);
    a = without_leading_zeros(a);
    b = without_leading_zeros(b);
    return a.size != b.size ? (a.size > b.size) - (a.size < b.size) : bytes_compare(a, b);
}
