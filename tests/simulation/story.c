#include "story_state.h"

#include <stdio.h>
#include <stdlib.h>

/* --- what happens to a request: actions, separated by semicolons ---
 *     user /field VALUE    somebody else writes: before the service looks at it, or after, where it stands behind
 *                          the fault
 *     ok | refused | late MS | lost | lost applied | 500 | 500 applied | 503 | 429 retry MS | 423 | 412 | 418 | html | twice |
 *     slow | 400 | 401 | cut */

static const struct {
    const char *name;
    enum fault fault;
} faults[] = {
    {"ok", FAULT_NONE},
    {"refused", FAULT_NO_CONNECTION},
    {"late", FAULT_LATE},
    {"lost applied", FAULT_ANSWER_LOST},
    {"lost", FAULT_REQUEST_LOST},
    {"500 applied", FAULT_ERROR_AFTER},
    {"500", FAULT_ERROR_BEFORE},
    {"503", FAULT_OVERLOAD},
    {"429", FAULT_RETRY_AFTER},
    {"423", FAULT_LOCKED},
    {"412", FAULT_FALSE_STALE},
    {"400", FAULT_REFUSED},
    {"cut", FAULT_CUT_BODY},
    {"401", FAULT_UNAUTHORIZED},
    {"418", FAULT_UNDESCRIBED},
    {"html", FAULT_UNREADABLE},
    {"twice", FAULT_TWICE},
    {"slow", FAULT_SLOW},
    {"failed", FAULT_PUBLISH_FAILED},
    {"unheard", FAULT_PUBLISH_UNHEARD},
    {"half", FAULT_PUBLISH_HALF},
};
#define FAULTS_KNOWN (sizeof(faults) / sizeof(faults[0]))

static bool starts(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static bool find_fault(const char *action, enum fault *ret_fault)
{
    for (size_t i = 0; i < FAULTS_KNOWN; i++) {
        if (starts(action, faults[i].name)) {
            *ret_fault = faults[i].fault;
            return true;
        }
    }
    return false;
}

/* The next action of the text, or NULL. */
static const char *next_action(const char *text)
{
    const char *end = strchr(text, ';');

    if (end == NULL)
        return NULL;
    return end + 1 + strspn(end + 1, " ");
}

static struct script *take_script(struct list *scripts, bool (*fits)(const struct script *, const void *),
                                  const void *subject)
{
    list_each(node, scripts) {
        struct script *script = list_item(node, struct script, in_story);

        if (!script->is_used && fits(script, subject)) {
            script->is_used = true;
            return script;
        }
    }
    return NULL;
}

static bool fits_request(const struct script *script, const void *subject)
{
    const struct request *request = subject;

    return script->is_write == request->is_write && bytes_equal(script->document, request->document);
}

void story_request(struct world *world, struct request *request)
{
    struct script *script = take_script(&world->story->requests, fits_request, request);

    request->script = script;
    for (const char *action = script != NULL ? script->actions : NULL; action != NULL; action = next_action(action)) {
        const char *retry = strstr(action, "retry ");

        if (!find_fault(action, &request->fault))
            continue;
        if (request->fault == FAULT_LATE)
            request->late_ms = strtoll(action + 4, NULL, 10);
        if (retry != NULL)
            request->retry_after_ms = strtoll(retry + 6, NULL, 10);
    }
}

static void users_write(struct world *world, const struct request *request, bool is_after)
{
    const struct script *script = request->script;
    bool is_behind = false;
    enum fault fault;

    for (const char *action = script != NULL ? script->actions : NULL; action != NULL; action = next_action(action)) {
        char text[512];

        is_behind = is_behind || find_fault(action, &fault);
        if (!starts(action, "user ") || is_behind != is_after)
            continue;
        snprintf(text, sizeof(text), "user %.*s %.*s", BYTES_ARG(request->document), (int)strcspn(action + 5, ";"),
                 action + 5);
        if (!fact_happens(world->story, text))
            world_fail(world, "story", "'%s' cannot be read", action);
    }
}

void story_before(struct world *world, struct request *request)
{
    users_write(world, request, false);
}

void story_after(struct world *world, struct request *request)
{
    users_write(world, request, true);
}

static bool fits_publication(const struct script *script, const void *subject)
{
    const struct asked *asked = subject;

    return script->partition == asked->partition && script->offset == asked->offset;
}

void story_publish(struct world *world, const struct asked *asked, enum fault *ret_fault)
{
    const struct script *script = take_script(&world->story->publications, fits_publication, asked);

    if (script != NULL)
        find_fault(script->actions, ret_fault);
}

static bool fits_any(const struct script *script, const void *subject)
{
    (void)script;
    (void)subject;
    return true;
}

void story_commit(struct world *world, enum fault *ret_fault)
{
    const struct script *script = take_script(&world->story->commits, fits_any, NULL);

    if (script == NULL || starts(script->actions, "ok"))
        return;
    *ret_fault = starts(script->actions, "unheard") ? FAULT_COMMIT_UNHEARD : FAULT_COMMIT_FAILED;
}

/* --- running --- */

static size_t line_size(struct bytes text)
{
    size_t size;

    return bytes_find(text, '\n', &size) ? size : text.size;
}

static void print_difference(struct bytes expected, struct bytes seen)
{
    int line = 1;

    while (expected.size > 0 || seen.size > 0) {
        size_t a = line_size(expected), b = line_size(seen);

        if (!bytes_equal((struct bytes){expected.data, a}, (struct bytes){seen.data, b})) {
            printf("  line %d of what is expected:\n    - %.*s\n    + %.*s\n", line, (int)a,
                   expected.data != NULL ? expected.data : "", (int)b, seen.data != NULL ? seen.data : "");
            return;
        }
        expected = bytes_from(expected, a < expected.size ? a + 1 : a);
        seen = bytes_from(seen, b < seen.size ? b + 1 : b);
        line++;
    }
}

static bool rewrite(const struct story *story)
{
    FILE *file = fopen(story->path, "w");
    struct bytes facts = bytes_trim(buffer_bytes(&story->facts)), seen = buffer_bytes(&story->seen);

    if (file == NULL)
        return false;
    fprintf(file, "%.*s\n\n", BYTES_ARG(facts));
    while (seen.size > 0) {
        size_t size = line_size(seen);

        fprintf(file, "expect    %.*s\n", (int)size, seen.data);
        seen = bytes_from(seen, size < seen.size ? size + 1 : size);
    }
    return fclose(file) == 0;
}

static enum story_result judge(const struct story *story, bool accepts)
{
    const struct failure *failure = &story->world.failure;

    if (failure->is_set) {
        printf("%s: %s: %s\n%.*s", story->path, failure->check, failure->text, BYTES_ARG(buffer_bytes(&story->seen)));
        return STORY_FAILED;
    }
    if (bytes_equal(buffer_bytes(&story->expected), buffer_bytes(&story->seen)))
        return STORY_PASSED;
    if (accepts && rewrite(story)) {
        printf("%s: rewritten\n", story->path);
        return STORY_PASSED;
    }
    printf("%s: not as expected\n", story->path);
    print_difference(buffer_bytes(&story->expected), buffer_bytes(&story->seen));
    return STORY_FAILED;
}

enum story_result story_run(const char *path, bool accepts)
{
    enum story_result result = STORY_BROKEN;
    struct story story = {.path = path};
    struct tape tape = {0};

    story.arena = arena_new(64 << 10);
    list_init(&story.requests);
    list_init(&story.publications);
    list_init(&story.commits);
    buffer_init(&story.facts, 1 << 20);
    buffer_init(&story.expected, 1 << 20);
    buffer_init(&story.seen, 1 << 20);
    if (story_parse(&story, &tape)) {
        world_start(&story.world);
        world_run(&story.world);
        if (!story.world.failure.is_set)
            story_result(&story);
        result = judge(&story, accepts);
    }
    world_release(&story.world);
    buffer_release(&story.facts);
    buffer_release(&story.expected);
    buffer_release(&story.seen);
    arena_free(story.arena);
    return result;
}
