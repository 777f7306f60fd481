#include "common/timestamp.h"

#define DAY_MS 86400000
/* 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: what RFC 3339 can write. */
#define WALL_MS_MIN (-62167219200000)
#define WALL_MS_MAX 253402300799999

/* Days since 1970-01-01 in the proleptic Gregorian calendar. The year begins in March here, so that the leap
 * day is its last and month lengths follow one formula. */
static int64_t days_of_date(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_of_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;

    *ret_day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *ret_month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2 ? 1 : 0));
}

static void put_digits(char *text, size_t count, int64_t value)
{
    for (; count-- > 0; value /= 10)
        text[count] = (char)('0' + value % 10);
}

const char *timestamp_text(int64_t wall_ms, char text[TIMESTAMP_TEXT_SIZE])
{
    int64_t days, rest;
    int year, month, day;

    if (wall_ms < WALL_MS_MIN)
        wall_ms = WALL_MS_MIN;
    if (wall_ms > WALL_MS_MAX)
        wall_ms = WALL_MS_MAX;
    days = wall_ms / DAY_MS;
    rest = wall_ms % DAY_MS;
    if (rest < 0) {
        days--;
        rest += DAY_MS;
    }
    date_of_days(days, &year, &month, &day);
    memcpy(text, "0000-00-00T00:00:00.000Z", sizeof("0000-00-00T00:00:00.000Z"));
    put_digits(text, 4, year);
    put_digits(text + 5, 2, month);
    put_digits(text + 8, 2, day);
    put_digits(text + 11, 2, rest / 3600000);
    put_digits(text + 14, 2, rest / 60000 % 60);
    put_digits(text + 17, 2, rest / 1000 % 60);
    put_digits(text + 20, 3, rest % 1000);
    return text;
}

static bool take_digits(struct bytes *rest, size_t count, int *ret_value)
{
    int value = 0;

    if (rest->size < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (rest->data[i] < '0' || rest->data[i] > '9')
            return false;
        value = value * 10 + (rest->data[i] - '0');
    }
    *rest = bytes_from(*rest, count);
    *ret_value = value;
    return true;
}

static bool take_one_of(struct bytes *rest, const char *wanted, char *ret_char)
{
    if (rest->size == 0 || rest->data[0] == '\0' || strchr(wanted, rest->data[0]) == NULL)
        return false;
    *ret_char = rest->data[0];
    *rest = bytes_from(*rest, 1);
    return true;
}

static bool take_date(struct bytes *rest, int64_t *ret_days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day, leap;
    char c;

    if (!take_digits(rest, 4, &year) || !take_one_of(rest, "-", &c) || !take_digits(rest, 2, &month) ||
        !take_one_of(rest, "-", &c) || !take_digits(rest, 2, &day))
        return false;
    leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1] + leap)
        return false;
    *ret_days = days_of_date(year, month, day);
    return true;
}

/* Digits behind the third are cut off. */
static bool take_fraction(struct bytes *rest, int *ret_ms)
{
    int digit, scale = 100;
    char c;

    *ret_ms = 0;
    if (!take_one_of(rest, ".", &c))
        return true;
    if (!take_digits(rest, 1, &digit))
        return false;
    do {
        *ret_ms += digit * scale;
        scale /= 10;
    } while (take_digits(rest, 1, &digit));
    return true;
}

static bool take_offset(struct bytes *rest, int *ret_minutes)
{
    int hours, minutes;
    char sign;

    if (take_one_of(rest, "Zz", &sign)) {
        *ret_minutes = 0;
        return true;
    }
    if (!take_one_of(rest, "+-", &sign) || !take_digits(rest, 2, &hours) || !take_one_of(rest, ":", &(char){0}) ||
        !take_digits(rest, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool timestamp_parse(struct bytes text, int64_t *ret_wall_ms)
{
    int hour, minute, second, milliseconds, offset_minutes;
    struct bytes rest = text;
    int64_t days, seconds;
    char c;

    if (!take_date(&rest, &days) || !take_one_of(&rest, "Tt ", &c) || !take_digits(&rest, 2, &hour) ||
        !take_one_of(&rest, ":", &c) || !take_digits(&rest, 2, &minute) || !take_one_of(&rest, ":", &c) ||
        !take_digits(&rest, 2, &second) || !take_fraction(&rest, &milliseconds) ||
        !take_offset(&rest, &offset_minutes) || rest.size > 0)
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset_minutes * 60;
    /* A leap second stands at the end of a day in UTC; it is told as the first second of the next. */
    if (second == 60 && seconds % 86400 != 0)
        return false;
    *ret_wall_ms = seconds * 1000 + milliseconds;
    return true;
}

static bool parse_date(struct bytes text, int64_t *ret_days)
{
    return take_date(&text, ret_days) && text.size == 0;
}

/* The digits of a good instant's fraction that are finer than milliseconds. */
static struct bytes fine_digits(struct bytes instant)
{
    const size_t whole = sizeof("2026-11-24T10:00:00") - 1;
    size_t from = whole + 1, to = from;

    if (instant.data[whole] != '.')
        return BYTES("");
    while (instant.data[to] >= '0' && instant.data[to] <= '9') /* Z or an offset ends it */
        to++;
    return to - from > 3 ? (struct bytes){instant.data + from + 3, to - from - 3} : BYTES("");
}

static int compare_fine(struct bytes a, struct bytes b)
{
    struct bytes x = fine_digits(a), y = fine_digits(b);

    for (size_t i = 0; i < x.size || i < y.size; i++) {
        int order = (i < x.size ? x.data[i] : '0') - (i < y.size ? y.data[i] : '0');

        if (order != 0)
            return order;
    }
    return 0;
}

bool timestamp_compare(struct bytes a, struct bytes b, int *ret_order)
{
    int64_t x, y;

    if (timestamp_parse(a, &x) && timestamp_parse(b, &y))
        *ret_order = x != y ? (x > y) - (x < y) : compare_fine(a, b);
    else if (parse_date(a, &x) && parse_date(b, &y))
        *ret_order = (x > y) - (x < y);
    else
        return false;
    return true;
}
