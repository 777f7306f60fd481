#ifndef IFMATCH_SIMULATION_STORY_STATE_H
#define IFMATCH_SIMULATION_STORY_STATE_H

#include "story.h"

/* What the files of a story share. */

/* Words of a line, cut one after the other. */
struct words {
    char *rest;
};
char *words_next(struct words *words); /* NULL: no more */

/* What a line says about the next request, publication or commit that it fits. */
struct script {
    struct list in_story;
    bool is_used;
    bool is_write;
    int32_t partition; /* of a publication */
    int64_t offset;
    struct bytes document;
    char *actions;
};

struct story {
    const char *path;
    int line; /* that is read */
    struct arena *arena;
    struct world world;
    struct list requests;
    struct list publications;
    struct list commits;
    struct buffer facts; /* the lines before the expectations, as they are */
    struct buffer expected;
    struct buffer seen;
};

/* A mistake in the story itself. */
bool story_broken(struct story *story, const char *what, const char *word);
/* Reads the file: options, rules, documents; what happens later goes into the calendar. */
bool story_parse(struct story *story, struct tape *tape);
/* story_facts.c: one fact, when its time has come. */
bool fact_happens(struct story *story, char *text);
/* A word as JSON: what looks like JSON is taken as it is, the rest is a string. */
struct bytes fact_value(struct story *story, const char *word);
/* story_facts.c: records, commits and documents as lines. */
void story_result(struct story *story);

#endif
