#ifndef IFMATCH_TESTS_SUPPORT_DOCTORED_H
#define IFMATCH_TESTS_SUPPORT_DOCTORED_H

/* The log of one document "d" for demo/check, told in JSON with ' for ", and told otherwise in one place:
 *
 *     struct doctored log = {.initial = "{'a':1}", .events = {{0, "{'changes':{'/a':2}}"}}, ...};
 *     doctored_change(&log, &log.records[0], "'theirs':1", "'theirs':3");
 *     EXPECT_BAD(&log, false_decisions, "did not have the value"); */
#include "demo/check.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define DOCTORED_MAX       8
#define DOCTORED_LINE_SIZE 1024

struct doctored {
    const struct model_rules *rules;
    const char *initial, *final;
    struct {
        int64_t offset; /* all in partition 0 */
        const char *text;
    } events[DOCTORED_MAX];
    const char *writes[DOCTORED_MAX];
    const char *records[DOCTORED_MAX]; /* in this order in the audit topic; NULL: is not there */
    int conflicts[DOCTORED_MAX];       /* places in `events`, each plus 1, that have a dead letter */
    int64_t killed_ms;                 /* 0: nobody */
    struct check_result result;
    char message[1024]; /* the first one */
    char changed[DOCTORED_MAX][DOCTORED_LINE_SIZE];
    size_t changed_count;
};

/* A line of the service's write log. */
#define WRITE(seq, writer, version_before, version_after, before, after, fault)                              \
    "{'seq':" seq ",'at_ms':1000,'document':'d','writer':'" writer "','version_before':'" version_before     \
    "','version_after':'" version_after "','fault':" fault ",'before':" before ",'after':" after "}"

#define RECORD(offset, outcome, reason, folded, attempts, decisions, before, after)                          \
    "{'document':'d','outcome':'" outcome "','reason':" reason                                               \
    ",'event':{'partition':0,'offset':" offset "},'attempts':[" attempts "],'decisions':[" decisions         \
    "],'version':{'before':'" before "','after':" after "}," folded                                          \
    ",'received_at':'1970-01-01T00:00:00.900Z','worker':'w1'}"

#define DECISION(field, rule, merge_case, base, theirs, ours, decided)                                       \
    "{'field':'" field "','rule':'" rule "','case':'" merge_case "'," base ",'theirs':" theirs               \
    ",'ours':" ours ",'decided':'" decided "'}"
#define OURS(field, rule, merge_case, base, theirs, ours, fate)                                              \
    "{'field':'" field "','rule':'" rule "','case':'" merge_case "'," base ",'theirs':" theirs               \
    ",'ours':" ours ",'decided':'ours'," fate "}"

/* The first `from` of the line becomes `to`. */
static inline void doctored_change(struct doctored *log, const char **line, const char *from, const char *to)
{
    const char *at = strstr(*line, from);
    char *changed = log->changed[log->changed_count++];

    ck_assert_msg(at != NULL && log->changed_count <= DOCTORED_MAX, "%s", from);
    snprintf(changed, DOCTORED_LINE_SIZE, "%.*s%s%s", (int)(at - *line), *line, to, at + strlen(from));
    *line = changed;
}

static inline struct bytes doctored_json(const char *text, char *buffer, size_t size)
{
    size_t length = strlen(text);

    ck_assert_uint_lt(length, size);
    for (size_t i = 0; i <= length; i++)
        buffer[i] = text[i] == '\'' ? '"' : text[i];
    return (struct bytes){buffer, length};
}

static inline void doctored_hand_in(const struct doctored *log, struct check *check)
{
    char text[DOCTORED_LINE_SIZE], offset[24];

    check_initial(check, BYTES("d"), doctored_json(log->initial, text, sizeof(text)));
    check_final(check, BYTES("d"), doctored_json(log->final, text, sizeof(text)));
    for (size_t i = 0; i < DOCTORED_MAX; i++) {
        if (log->events[i].text != NULL)
            check_event(check, 0, log->events[i].offset, BYTES("d"),
                        doctored_json(log->events[i].text, text, sizeof(text)));
        if (log->writes[i] != NULL)
            ck_assert(check_write(check, doctored_json(log->writes[i], text, sizeof(text))));
        if (log->records[i] != NULL)
            ck_assert(check_record(check, (int64_t)i, doctored_json(log->records[i], text, sizeof(text))));
        if (log->conflicts[i] == 0)
            continue;
        snprintf(offset, sizeof(offset), "%lld", (long long)log->events[log->conflicts[i] - 1].offset);
        ck_assert(check_letter(check, BYTES("0"), bytes_of(offset), BYTES("conflict"),
                               doctored_json(log->events[log->conflicts[i] - 1].text, text, sizeof(text))));
    }
}

static inline void doctored_tell(struct doctored *log)
{
    struct check *check = check_new(log->rules);

    doctored_hand_in(log, check);
    if (log->killed_ms != 0)
        check_killed(check, log->killed_ms);
    check_finish(check, &log->result);
    snprintf(log->message, sizeof(log->message), "%s",
             log->result.message_count > 0 ? log->result.messages[0] : "");
    check_free(check);
}

#define EXPECT_GOOD(log)                                                                                     \
    do {                                                                                                     \
        doctored_tell(log);                                                                                  \
        ck_assert_msg(check_is_good(&(log)->result), "%s", (log)->message);                                  \
    } while (0)

/* Told, the log must fail with `counter` above 0 and a first sentence that says `words`. */
#define EXPECT_BAD(log, counter, words)                                                                      \
    do {                                                                                                     \
        doctored_tell(log);                                                                                  \
        ck_assert(!check_is_good(&(log)->result));                                                           \
        ck_assert_msg((log)->result.counter > 0, "%s", (log)->message);                                      \
        ck_assert_msg(strstr((log)->message, words) != NULL, "%s", (log)->message);                          \
    } while (0)

#endif
