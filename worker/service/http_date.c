#include "service/http_date.h"

#include "common/timestamp.h"

#include <stdio.h>

struct date {
    int day, year, hour, minute, second;
    char month[4];
};

static int month_number(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++)
        if (memcmp(names + 3 * i, name, 3) == 0)
            return i + 1;
    return 0;
}

/* By way of RFC 3339, whose parser knows the lengths of months. */
static bool date_to_ms(const struct date *date, int64_t *ret_wall_ms)
{
    char text[TIMESTAMP_TEXT_SIZE];
    int month = month_number(date->month);

    if (month == 0 || date->year < 0 || date->year > 9999)
        return false;
    snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", date->year, month, date->day, date->hour,
             date->minute, date->second == 60 ? 59 : date->second);
    return timestamp_parse(bytes_of(text), ret_wall_ms);
}

/* RFC 850 has two digits: more than 50 years ahead means the past century; a service's clock is near enough to 2000. */
static int full_year(int year)
{
    return year < 70 ? 2000 + year : 1900 + year;
}

bool http_date_parse(struct bytes text, int64_t *ret_wall_ms)
{
    struct date date = {0};
    char copy[64];
    int end = 0;

    if (text.size == 0 || text.size >= sizeof(copy))
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    if (sscanf(copy, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &date.day, date.month, &date.year, &date.hour,
               &date.minute, &date.second, &end) == 6 &&
        end == (int)text.size)
        return date_to_ms(&date, ret_wall_ms);
    if (sscanf(copy, "%*[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &date.day, date.month, &date.year, &date.hour,
               &date.minute, &date.second, &end) == 6 &&
        end == (int)text.size) {
        date.year = full_year(date.year);
        return date_to_ms(&date, ret_wall_ms);
    }
    if (sscanf(copy, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", date.month, &date.day, &date.hour, &date.minute,
               &date.second, &date.year, &end) == 6 &&
        end == (int)text.size)
        return date_to_ms(&date, ret_wall_ms);
    return false;
}

#define SECONDS_MAX (INT64_MAX / 4000)

bool http_retry_after_parse(struct bytes text, int64_t wall_ms, int64_t *ret_wait_ms)
{
    uint64_t seconds;
    int64_t at_ms;

    text = bytes_trim(text);
    if (bytes_to_uint64(text, &seconds)) {
        *ret_wait_ms = seconds > SECONDS_MAX ? SECONDS_MAX * 1000 : (int64_t)seconds * 1000;
        return true;
    }
    if (!http_date_parse(text, &at_ms))
        return false;
    *ret_wait_ms = at_ms > wall_ms ? at_ms - wall_ms : 0;
    return true;
}
