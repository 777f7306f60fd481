#include "common/check.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void (*check_on_failure)(const char *what);
void (*check_on_probe)(const char *name);

/* One line, put together without stdio: the failure may stand in a signal handler or inside malloc. */
struct line {
    char text[512];
    size_t size;
};

static void line_add(struct line *line, const char *text)
{
    while (*text != '\0' && line->size < sizeof(line->text) - 1)
        line->text[line->size++] = *text++;
}

static void line_add_int(struct line *line, int value)
{
    char digits[12];
    size_t at = sizeof(digits) - 1;

    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 && at > 0);
    line_add(line, digits + at);
}

static void line_write(struct line *line)
{
    size_t written = 0;

    line->text[line->size++] = '\n';
    while (written < line->size) {
        ssize_t n = write(STDERR_FILENO, line->text + written, line->size - written);

        if (n <= 0)
            return;
        written += (size_t)n;
    }
}

_Noreturn void check_failed(const char *file, int line_number, const char *function, const char *what)
{
    static volatile sig_atomic_t failures;
    struct line line = {.size = 0};

    line_add(&line, file);
    line_add(&line, ":");
    line_add_int(&line, line_number);
    line_add(&line, ": ");
    line_add(&line, function);
    line_add(&line, ": check failed: ");
    line_add(&line, what);
    line_write(&line);
    /* What prints the last inputs may itself meet a broken invariant: it is asked once. */
    if (failures++ == 0 && check_on_failure != NULL)
        check_on_failure(what);
    abort();
}
