#ifndef IFMATCH_SIMULATION_TAPE_H
#define IFMATCH_SIMULATION_TAPE_H

#include "common/bytes.h"
#include "common/error.h"
#include "common/random.h"

/* Every decision of a run. Each step of the world has a frame of its own, so that a frame can be cut out without
 * shifting the meaning of those that follow. 0 always means the plain thing: no fault, the first document, the
 * smallest delay. Words that are not there read as 0, so every edit of a tape is a valid run. */
#define FRAME_WORDS 8

struct frame {
    uint32_t words[FRAME_WORDS];
};

struct tape {
    struct frame *frames;
    size_t count;
    size_t capacity;
    size_t next; /* frame of the next step */
    size_t word; /* next word of the frame of this step */
    size_t length; /* frames that a random tape makes */
    bool is_random;
    bool is_over; /* this step has no frame any more */
    struct random random;
};

void tape_random(struct tape *tape, uint64_t seed);
/* Of a fuzzer: two bytes are a word, the lower one first; the tape ends with the last of them. */
void tape_bytes(struct tape *tape, struct bytes bytes);
/* Reads the frames that are there again, from the first. */
void tape_rewind(struct tape *tape);
void tape_release(struct tape *tape);
struct tape tape_copy(const struct tape *tape);
/* A copy without `count` frames from `first` on. */
struct tape tape_without(const struct tape *tape, size_t first, size_t count);

/* The next step begins: false if the tape is over. */
bool tape_step(struct tape *tape);
/* 0 <= x < limit; limit >= 1. */
uint32_t tape_draw(struct tape *tape, uint32_t limit);

/* Text: "# sentence" lines, then a line for each frame with its words ("." is a frame of zeros). */
bool tape_read(struct tape *tape, const char *path, struct error *error);
bool tape_write(const struct tape *tape, const char *path, const char *sentence, struct error *error);

#endif
