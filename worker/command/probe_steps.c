#include "command/probe_steps.h"

#include "common/buffer.h"
#include "common/json_compare.h"
#include "common/json_splice.h"
#include "common/json_write.h"
#include "common/pointer.h"

#include <ctype.h>
#include <stdio.h>

/* The document as it was read at one time. */
struct look {
    struct bytes text;
    struct bytes version;
    struct json json;
};

struct trial {
    const struct probe *probe;
    struct arena *arena;
    uint64_t action_id;
    struct bytes field;
    struct bytes first;   /* value of the field, as it was found */
    struct bytes changed; /* and what is put there */
};

static const struct json_limits limits = {.size_max = UINT32_MAX / 2, .depth_max = 64, .members_max = 1000000};

struct bytes probe_wrong_version(struct bytes version, struct arena *arena)
{
    char *text = arena_copy(arena, version.data, version.size);

    for (size_t i = version.size; i-- > 0;)
        if (text[i] >= '1' && text[i] <= '9') {
            text[i]--; /* of a date: an older one */
            return (struct bytes){text, version.size};
        }
    for (size_t i = version.size; i-- > 0;)
        if (isalnum((unsigned char)text[i])) {
            text[i] = text[i] == '0' ? '1' : text[i] == 'a' ? 'b' : 'a';
            return (struct bytes){text, version.size};
        }
    return BYTES_NONE;
}

/* --- one request --- */

static void tell(const char *step, const char *request, struct bytes version, const struct answer *answer)
{
    printf("%-15s %s%s%.*s: ", step, request, version.size > 0 ? " " : "", BYTES_ARG(version));
    if (answer->status > 0)
        printf("%d ", answer->status);
    printf("%s", meaning_name(answer->meaning));
    if (answer->meaning == MEANING_OK && answer->version.size > 0)
        printf(", version %.*s%s", BYTES_ARG(answer->version), answer->version_is_weak ? " (weak)" : "");
    printf("%s%.*s\n", answer->detail.size > 0 ? ": " : "", BYTES_ARG(answer->detail));
}

static bool ask(struct trial *trial, const char *step, struct action *action, struct bytes version,
                struct answer *ret_answer)
{
    bool is_write = action->kind == ACTION_WRITE;

    action->id = ++trial->action_id;
    if (!service_ask(trial->probe->service, action, ret_answer)) {
        printf("%-15s no answer in time\n", step);
        return false;
    }
    tell(step, service_method(trial->probe->service, is_write), version, ret_answer);
    return true;
}

/* False: the document cannot be read, or has no version. */
static bool look(struct trial *trial, const char *step, struct look *ret_look)
{
    struct action action = {.kind = ACTION_READ, .read.document = trial->probe->document};
    struct answer answer;
    struct json_fault fault;

    if (!ask(trial, step, &action, BYTES_NONE, &answer) || answer.meaning != MEANING_OK || answer.version.size == 0)
        return false;
    *ret_look = (struct look){.text = arena_keep(trial->arena, answer.document),
                              .version = arena_keep(trial->arena, answer.version)};
    return json_scan(ret_look->text, &limits, trial->arena, &ret_look->json, &fault) &&
           ret_look->json.values[0].kind == JSON_OBJECT;
}

static struct action write_of(struct trial *trial, const struct look *from, struct bytes version, struct bytes value)
{
    struct json_edit *edit = arena_take(trial->arena, sizeof(*edit));
    struct buffer body;
    struct action action = {.kind = ACTION_WRITE};
    size_t failed;

    *edit = (struct json_edit){.pointer = trial->field, .value = value};
    buffer_init(&body, SIZE_MAX / 2);
    if (json_splice(&from->json, edit, 1, &body, &failed) == JSON_SPLICED)
        action.write = (struct write_action){.document = trial->probe->document, .version = version, .before = from->text,
                                             .body = arena_keep(trial->arena, buffer_bytes(&body)), .edits = edit,
                                             .edit_count = 1};
    buffer_release(&body);
    return action;
}

/* --- the field that is changed for a moment --- */

static bool has(const struct look *look, struct bytes field, struct bytes value)
{
    struct arena *arena = arena_new(1024);
    uint32_t index;
    struct json json;
    struct json_fault fault;
    bool is_same = pointer_find(&look->json, field, &index) == POINTER_FOUND &&
                   json_scan(value, &limits, arena, &json, &fault) && json_equal(&look->json, index, &json, 0);

    arena_free(arena);
    return is_same;
}

static struct bytes other_text(const struct json *json, uint32_t index, struct arena *arena)
{
    struct buffer text, quoted;
    struct bytes made;

    buffer_init(&text, SIZE_MAX / 2);
    buffer_init(&quoted, SIZE_MAX / 2);
    buffer_add(&text, json_string(json, index, arena));
    buffer_add_text(&text, " (ifmatch probe)");
    json_write_quoted(&quoted, buffer_bytes(&text));
    made = arena_keep(arena, buffer_bytes(&quoted));
    buffer_release(&text);
    buffer_release(&quoted);
    return made;
}

static bool take_field(struct trial *trial, const struct look *look, struct bytes field, uint32_t index)
{
    bool is_text = look->json.values[index].kind == JSON_STRING;
    struct bytes value = trial->probe->value;
    struct action action;
    const char *why;

    if (!bytes_present(value) && !is_text)
        return false;
    trial->field = field;
    trial->first = json_text(&look->json, index);
    trial->changed = bytes_present(value) ? value : other_text(&look->json, index, trial->arena);
    action = write_of(trial, look, look->version, trial->changed);
    return bytes_present(action.write.body) && service_expresses(trial->probe->service, &action, &why);
}

/* What may mean something to the service is left alone: odd names, and the id. */
static bool find_field(struct trial *trial, const struct look *look)
{
    uint32_t index = 1;

    if (bytes_present(trial->probe->field))
        return pointer_find(&look->json, trial->probe->field, &index) == POINTER_FOUND &&
               take_field(trial, look, trial->probe->field, index);
    for (; index < look->json.count; index = look->json.values[index].after) {
        struct bytes name = json_key(&look->json, index, trial->arena);
        struct buffer pointer;
        bool is_taken;

        if (look->json.values[index].kind == JSON_STRING &&
            bytes_equal(json_string(&look->json, index, trial->arena), trial->probe->document))
            continue;
        buffer_init(&pointer, SIZE_MAX / 2);
        pointer_add(&pointer, name);
        is_taken = name.size > 0 && isalpha((unsigned char)name.data[0]) &&
                   take_field(trial, look, arena_keep(trial->arena, buffer_bytes(&pointer)), index);
        buffer_release(&pointer);
        if (is_taken)
            return true;
    }
    return false;
}

/* --- the steps --- */

/* A write that must be refused, and what the document says of it. */
static enum probe_verdict refuse(struct trial *trial, const char *step, const struct look *from, struct bytes version,
                                 struct bytes value, struct look *ret_after)
{
    struct action action = write_of(trial, from, version, value);
    struct answer answer;
    enum meaning meaning;

    if (!ask(trial, step, &action, version, &answer))
        return PROBE_UNCLEAR;
    meaning = answer.meaning;
    if (!look(trial, "  read", ret_after))
        return PROBE_UNCLEAR;
    if (has(ret_after, trial->field, value)) {
        printf("                that version was written over\n");
        return PROBE_UNPROTECTED;
    }
    if (meaning == MEANING_STALE)
        return PROBE_PROTECTED;
    printf("                not written, but the profile does not call the answer stale\n");
    return PROBE_UNCLEAR;
}

static void tell_differences(const struct trial *trial, const struct look *after, struct bytes sent)
{
    struct json json;
    struct json_fault fault;

    if (!json_scan(sent, &limits, trial->arena, &json, &fault))
        return;
    for (uint32_t index = 1; index < json.count; index = json.values[index].after) {
        struct bytes name = json_key(&json, index, trial->arena);
        uint32_t other = json_member(&after->json, 0, name);

        if (other == JSON_NOT_FOUND || !json_equal(&json, index, &after->json, other))
            printf("                the service has changed /%.*s by itself\n", BYTES_ARG(name));
    }
}

/* The right version must be taken; what the answer told is compared with what is read next. */
static enum probe_verdict accept(struct trial *trial, const struct look *from, struct look *ret_after)
{
    struct action action = write_of(trial, from, from->version, trial->changed);
    struct answer answer;
    struct bytes told;

    if (!ask(trial, "right version", &action, from->version, &answer))
        return PROBE_UNCLEAR;
    told = answer.meaning == MEANING_OK ? arena_keep(trial->arena, answer.version) : BYTES_NONE;
    if (!look(trial, "  read", ret_after))
        return PROBE_UNCLEAR;
    if (!has(ret_after, trial->field, trial->changed)) {
        printf("                not written: the service refuses the right version too, or the value (--field)\n");
        return PROBE_UNCLEAR;
    }
    if (told.size > 0 && !bytes_equal(told, ret_after->version))
        printf("                the answer to the write told another version: after_write: none fits\n");
    tell_differences(trial, ret_after, action.write.body);
    if (!bytes_equal(from->version, ret_after->version))
        return PROBE_PROTECTED;
    printf("                the version did not move with the change\n");
    return PROBE_UNPROTECTED;
}

/* A write of what stands there already: replays are free only where the version stays. */
static void tell_of_no_change(struct trial *trial, const struct look *from)
{
    struct action action = write_of(trial, from, from->version, trial->first);
    struct answer answer;
    struct look after;

    if (ask(trial, "without change", &action, from->version, &answer) && answer.meaning == MEANING_OK &&
        look(trial, "  read", &after))
        printf("                a write without a change %s\n",
               bytes_equal(from->version, after.version) ? "keeps the version" : "makes a new version");
}

static bool restore(struct trial *trial, struct look *ret_after)
{
    struct look now;
    struct answer answer;
    struct action action;

    if (!look(trial, "restoring", &now))
        return false;
    *ret_after = now;
    if (has(&now, trial->field, trial->first))
        return true;
    action = write_of(trial, &now, now.version, trial->first);
    return ask(trial, "restored", &action, now.version, &answer) && look(trial, "  read", ret_after) &&
           has(ret_after, trial->field, trial->first);
}

static enum probe_verdict try_all(struct trial *trial, const struct look *begin)
{
    struct bytes wrong = probe_wrong_version(begin->version, trial->arena);
    struct look look1, look2, look3;
    enum probe_verdict verdict;

    if (!bytes_present(wrong))
        return PROBE_UNCLEAR;
    verdict = refuse(trial, "wrong version", begin, wrong, trial->changed, &look1);
    if (verdict == PROBE_PROTECTED)
        verdict = accept(trial, &look1, &look2);
    if (verdict != PROBE_PROTECTED)
        return verdict;
    return refuse(trial, "old version", &look2, look1.version, trial->first, &look3);
}

enum probe_verdict probe_run(const struct probe *probe, bool *ret_is_restored)
{
    struct trial trial = {.probe = probe, .arena = arena_new(4096)};
    enum probe_verdict verdict = PROBE_UNCLEAR;
    struct look begin, end;

    *ret_is_restored = true;
    if (!look(&trial, "read", &begin)) {
        printf("                the document must be there, and have a version\n");
    } else if (!find_field(&trial, &begin)) {
        printf("                no field to try with: name one with --field and --value\n");
    } else {
        printf("%-15s %.*s becomes %.*s\n", "field", BYTES_ARG(trial.field), BYTES_ARG(trial.changed));
        verdict = try_all(&trial, &begin);
        *ret_is_restored = restore(&trial, &end);
        if (*ret_is_restored && verdict == PROBE_PROTECTED)
            tell_of_no_change(&trial, &end);
    }
    arena_free(trial.arena);
    return verdict;
}
