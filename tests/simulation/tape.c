#include "tape.h"

#include "common/check.h"
#include "common/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void tape_random(struct tape *tape, uint64_t seed)
{
    *tape = (struct tape){.is_random = true, .length = SIZE_MAX};
    random_init(&tape->random, seed);
}

void tape_rewind(struct tape *tape)
{
    tape->is_random = false;
    tape->is_over = false;
    tape->next = 0;
    tape->word = 0;
}

void tape_release(struct tape *tape)
{
    free(tape->frames);
    *tape = (struct tape){0};
}

static struct frame *add_frame(struct tape *tape)
{
    if (tape->count == tape->capacity) {
        tape->capacity = tape->capacity == 0 ? 64 : 2 * tape->capacity;
        tape->frames = memory_resize(tape->frames, tape->capacity * sizeof(*tape->frames));
    }
    tape->frames[tape->count] = (struct frame){{0}};
    return &tape->frames[tape->count++];
}

void tape_bytes(struct tape *tape, struct bytes bytes)
{
    *tape = (struct tape){0};
    for (size_t i = 0; i < bytes.size; i++) {
        if (i % (2 * FRAME_WORDS) == 0)
            add_frame(tape);
        tape->frames[tape->count - 1].words[i / 2 % FRAME_WORDS] |= (uint32_t)(unsigned char)bytes.data[i] << 8 * (i % 2);
    }
}

struct tape tape_without(const struct tape *tape, size_t first, size_t count)
{
    struct tape copy = {0};

    for (size_t i = 0; i < tape->count; i++) {
        if (i < first || i >= first + count)
            *add_frame(&copy) = tape->frames[i];
    }
    return copy;
}

struct tape tape_copy(const struct tape *tape)
{
    return tape_without(tape, tape->count, 0);
}

bool tape_step(struct tape *tape)
{
    tape->word = 0;
    tape->next++;
    if (tape->is_random && tape->count < tape->length)
        add_frame(tape);
    tape->is_over = tape->next > tape->count;
    return !tape->is_over;
}

uint32_t tape_draw(struct tape *tape, uint32_t limit)
{
    uint32_t *word;

    ensure(limit >= 1);
    if (tape->is_over || tape->next == 0 || tape->word >= FRAME_WORDS)
        return 0;
    word = &tape->frames[tape->next - 1].words[tape->word++];
    if (tape->is_random)
        *word = (uint32_t)random_below(&tape->random, limit);
    return *word % limit;
}

static void read_frame(struct tape *tape, const char *line)
{
    struct frame *frame = add_frame(tape);

    for (size_t i = 0; i < FRAME_WORDS; i++) {
        char *end;
        unsigned long word = strtoul(line, &end, 10);

        if (end == line)
            break;
        frame->words[i] = (uint32_t)word;
        line = end;
    }
}

bool tape_read(struct tape *tape, const char *path, struct error *error)
{
    FILE *file = fopen(path, "r");
    char line[512];

    if (file == NULL)
        return error_set_errno(error, "%s", path);
    *tape = (struct tape){0};
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] != '#' && line[0] != '\n')
            read_frame(tape, line);
    }
    fclose(file);
    return true;
}

static void write_frame(FILE *file, const struct frame *frame)
{
    size_t used = FRAME_WORDS;

    while (used > 0 && frame->words[used - 1] == 0)
        used--;
    for (size_t i = 0; i < used; i++)
        fprintf(file, "%s%u", i > 0 ? " " : "", frame->words[i]);
    fputs(used == 0 ? ".\n" : "\n", file);
}

bool tape_write(const struct tape *tape, const char *path, const char *sentence, struct error *error)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return error_set_errno(error, "%s", path);
    fprintf(file, "# %s\n", sentence);
    for (size_t i = 0; i < tape->count; i++)
        write_frame(file, &tape->frames[i]);
    if (fclose(file) != 0)
        return error_set_errno(error, "%s", path);
    return true;
}
