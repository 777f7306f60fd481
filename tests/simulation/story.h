#ifndef IFMATCH_SIMULATION_STORY_H
#define IFMATCH_SIMULATION_STORY_H

#include "world.h"

/* A scenario: facts that a file tells, run in the world in place of a tape, and the lines that are expected of it.
 *
 *     # The first sentence says what the story shows.
 *     rule      /status external                     rules; the default is merge
 *     rule      /state rank DRAFT REVIEW RELEASED    with its values; also: transition OPEN -> DONE HELD, HELD -> OPEN
 *     option    attempts 2                           of the world: see story_parse.c
 *     service   4711 {"status":"DRAFT"}              a document, version "v1"
 *     at 500    receive p0/17 4711 /status DRAFT -> RELEASED      ? base unknown, - missing; several with commas
 *     at 900    user 4711 /owner bo                  somebody else writes
 *     during    write 4711: user /owner bo; 503      what happens to the next such request; see story_hooks.c
 *     publish   p0/17: failed                        failed | unheard | half
 *     commit    failed                               failed | unheard
 *     at 100    stop A 60000                         also: crash A RESTART_MS, shutdown A, move p0 B,
 *                                                   pause A, resume A, down MS, delete 4711
 *     expect    [      0] 4711 read -> 200 "v1"      the engine's own trace, then records, commits and documents
 */
struct story;

enum story_result { STORY_PASSED, STORY_FAILED, STORY_BROKEN };

/* Runs one file. `accepts`: rewrites its expect lines when they differ. What differs is printed. */
enum story_result story_run(const char *path, bool accepts);

/* --- for the world: what the story says about this request, publication, commit --- */
void story_request(struct world *world, struct request *request);
void story_before(struct world *world, struct request *request);
void story_after(struct world *world, struct request *request);
void story_publish(struct world *world, const struct asked *asked, enum fault *ret_fault);
void story_commit(struct world *world, enum fault *ret_fault);

#endif
