/* Every shipped profile against tests/profiles/NAME: what is asked of the service, what it answers, what that means. A
 * case is a file of sections:
 *
 *   source: where the answer is known from
 *   --- request    first line METHOD URL, headers, an empty line, the body; without headers only the first line counts
 *   --- answer     the status, headers, an empty line, the body
 *   --- meaning    the word; `version: ...` and `document: ...` where the answer must give them
 *
 * The file `given` says what is the same for all of them: url (with {id}); document and version, as read before a write;
 * change (POINTER JSON), the one edit of it. */
#include "common/file.h"
#include "service/answer.h"
#include "service/request.h"
#include "service/shipped.h"
#include "tests/support/profile.h"
#include "tests/support/unit.h"

#define HEADERS_MAX 16

struct message {
    struct bytes first; /* line */
    struct http_header headers[HEADERS_MAX];
    size_t header_count;
    struct bytes body;
};

struct scenario {
    char *given;
    char *text;
    const char *path;
    struct bytes source, url, document, version, change;
    struct message request, answer;
    struct bytes meaning, expected_version, expected_document;
};

static const char *const needed[] = {"read", "write", "stale", "locked", "gone", "overload", "permanent"};
static struct arena *arena;

static struct bytes value_of(struct bytes line, const char *key)
{
    struct bytes name = bytes_of(key);

    return bytes_start_with(line, name) ? bytes_trim(bytes_from(line, name.size)) : BYTES_NONE;
}

static void read_given(struct scenario *scenario, struct bytes section)
{
    struct bytes line, value;
    struct {
        const char *key;
        struct bytes *target;
    } keys[] = {{"source:", &scenario->source},   {"url:", &scenario->url},      {"document:", &scenario->document},
                {"version:", &scenario->version}, {"change:", &scenario->change}};

    while (bytes_line(&section, &line)) {
        bool is_known = line.size == 0;

        for (size_t i = 0; i < 5; i++)
            if (bytes_present(value = value_of(line, keys[i].key))) {
                *keys[i].target = value;
                is_known = true;
            }
        ck_assert_msg(is_known, "%s: what is '%.*s'?", scenario->path, BYTES_ARG(line));
    }
}

static struct message read_message(struct bytes section)
{
    struct message message = {0};
    struct bytes line;
    size_t colon;

    bytes_line(&section, &message.first);
    while (bytes_line(&section, &line) && line.size > 0) {
        ck_assert(bytes_find(line, ':', &colon) && message.header_count < HEADERS_MAX);
        message.headers[message.header_count++] =
            (struct http_header){{line.data, colon}, bytes_trim(bytes_from(line, colon + 1))};
    }
    message.body = bytes_trim(section);
    return message;
}

static void read_meaning(struct scenario *scenario, struct bytes section)
{
    struct bytes line;

    bytes_line(&section, &scenario->meaning);
    while (bytes_line(&section, &line)) {
        if (bytes_start_with(line, BYTES("version:")))
            scenario->expected_version = value_of(line, "version:");
        else
            scenario->expected_document = value_of(line, "document:");
    }
}

/* The text up to the line "--- NAME", which is taken off too. */
static struct bytes section(struct scenario *scenario, char **rest, const char *next)
{
    char *end = next != NULL ? strstr(*rest, next) : *rest + strlen(*rest);
    struct bytes text = {*rest, 0};

    ck_assert_msg(end != NULL, "%s lacks '%s'", scenario->path, next);
    text.size = (size_t)(end - *rest);
    *rest = end + (next != NULL ? strlen(next) : 0);
    return text;
}

static char *read_file(const char *path)
{
    struct error error = {0};
    size_t size;
    char *text = file_read(path, 1 << 16, &size, &error);

    ck_assert_msg(text != NULL, "%s: a profile that does not say this does not ship", error.text);
    return text;
}

static void read_scenario(struct scenario *scenario, const char *given, const char *path)
{
    char *rest;

    *scenario = (struct scenario){.path = path, .given = read_file(given), .text = read_file(path)};
    read_given(scenario, bytes_of(scenario->given));
    rest = scenario->text;
    read_given(scenario, section(scenario, &rest, "--- request\n"));
    scenario->request = read_message(section(scenario, &rest, "--- answer\n"));
    scenario->answer = read_message(section(scenario, &rest, "--- meaning\n"));
    read_meaning(scenario, section(scenario, &rest, NULL));
    ck_assert_msg(scenario->source.size > 0, "%s has no source", path);
}

/* --- what is asked --- */

static struct bytes body_after(const struct json *before, const struct json_edit *edit)
{
    struct buffer buffer;
    size_t failed;

    buffer_init(&buffer, SIZE_MAX / 2);
    ck_assert_int_eq(json_splice(before, edit, 1, &buffer, &failed), JSON_SPLICED);
    return (struct bytes){buffer_detach(&buffer), 0};
}

static struct bytes header(const struct http_request *request, struct bytes name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (bytes_equal_ignore_case(request->headers[i].name, name))
            return request->headers[i].value;
    return BYTES_NONE;
}

/* Every header of the case is sent, and no other but those that every request has. */
static void assert_headers(const struct scenario *scenario, const struct http_request *request)
{
    static const struct bytes always[] = {BYTES("Accept"), BYTES("Accept-Encoding")};
    size_t ours = 0;

    for (size_t i = 0; i < scenario->request.header_count; i++) {
        const struct http_header *wanted = &scenario->request.headers[i];
        struct bytes sent = header(request, wanted->name);

        ck_assert_msg(bytes_equal(sent, wanted->value), "%s: %.*s: %.*s", scenario->path, BYTES_ARG(wanted->name),
                      BYTES_ARG(sent));
        ours += bytes_equal_ignore_case(wanted->name, always[0]) || bytes_equal_ignore_case(wanted->name, always[1]);
    }
    for (size_t i = 0; i < 2; i++)
        ours -= bytes_present(header(request, always[i]));
    ck_assert_msg(request->header_count + ours == scenario->request.header_count, "%s: other headers are sent too",
                  scenario->path);
}

static void assert_request(const struct scenario *scenario, const struct profile *profile, bool is_write)
{
    auto_text url = memory_text_n(scenario->url.data, scenario->url.size);
    struct request_context context = {.profile = profile};
    struct address *address;
    struct action action = {.kind = is_write ? ACTION_WRITE : ACTION_READ};
    struct json before;
    struct json_fault fault;
    struct json_edit edit = {.pointer = scenario->change};
    struct http_request request;
    const char *why = "";
    auto_text body = NULL;
    auto_text first = NULL;

    if (is_write) {
        size_t space = 0;

        ck_assert_msg(bytes_find(scenario->change, ' ', &space), "%s: change: POINTER JSON", scenario->path);
        edit.pointer.size = space;
        edit.value = bytes_from(scenario->change, space + 1);
        ck_assert(json_scan(scenario->document, &JSON_LIMITS_DEFAULT, arena, &before, &fault));
        body = (char *)(uintptr_t)body_after(&before, &edit).data;
        action.write = (struct write_action){.document = BYTES("4711"), .version = scenario->version,
                                             .before = scenario->document, .body = bytes_of(body), .edits = &edit,
                                             .edit_count = 1};
    } else {
        action.read.document = BYTES("4711");
    }
    ck_assert(address_new(url, NULL, &address, NULL));
    context.address = address;
    ck_assert_msg(request_make(&context, &action, arena, &request, &why), "%s: %s", scenario->path, why);
    address_free(address);
    first = memory_format("%s %s", request.method, request.url);
    ck_assert_msg(bytes_equal(scenario->request.first, bytes_of(first)), "%s: %s", scenario->path, first);
    if (scenario->request.header_count == 0)
        return;
    assert_headers(scenario, &request);
    ck_assert_msg(bytes_equal(request.body, scenario->request.body), "%s: %.*s", scenario->path, BYTES_ARG(request.body));
}

/* --- what the answer means --- */

static void assert_answer(const struct scenario *scenario, const struct profile *profile, bool is_write)
{
    struct http_answer http = {.result = HTTP_ANSWERED, .sent = SENT_ONCE, .headers = scenario->answer.headers,
                               .header_count = scenario->answer.header_count, .body = scenario->answer.body};
    struct answer answer;
    uint64_t status;

    ck_assert_msg(bytes_to_uint64(scenario->answer.first, &status), "%s: status", scenario->path);
    http.status = (int)status;
    answer = answer_make(profile, is_write, &http, 1 << 20, 0, arena);
    ck_assert_msg(bytes_equal(scenario->meaning, bytes_of(meaning_name(answer.meaning))), "%s: %s, %.*s", scenario->path,
                  meaning_name(answer.meaning), BYTES_ARG(answer.detail));
    ck_assert_msg(bytes_equal(answer.version, scenario->expected_version), "%s: version '%.*s'", scenario->path,
                  BYTES_ARG(answer.version));
    if (scenario->expected_document.size > 0)
        ck_assert_msg(bytes_equal(bytes_trim(answer.document), scenario->expected_document), "%s: document '%.*s'",
                      scenario->path, BYTES_ARG(answer.document));
}

static void try_case(const struct profile *profile, const char *name)
{
    auto_text given = memory_format("%s/tests/profiles/%s/given", IFMATCH_SOURCE_DIR, profile->name);
    auto_text path = memory_format("%s/tests/profiles/%s/%s", IFMATCH_SOURCE_DIR, profile->name, name);
    struct scenario scenario;
    bool is_write;

    arena = arena_new(4096);
    read_scenario(&scenario, given, path);
    is_write = !bytes_start_with(scenario.request.first, BYTES("GET "));
    assert_request(&scenario, profile, is_write);
    assert_answer(&scenario, profile, is_write);
    free(scenario.given);
    free(scenario.text);
    arena_free(arena);
}

START_TEST(every_shipped_profile_knows_what_its_service_answers)
{
    for (const struct shipped_profile *shipped = shipped_profiles; shipped->name != NULL; shipped++) {
        struct profile *profile = profile_shipped(shipped->name, SERVICE_WRITE_PROFILE);

        for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
            try_case(profile, needed[i]);
        profile_free(profile);
    }
}
END_TEST

START_TEST(every_shipped_profile_says_what_it_was_tried_against)
{
    for (const struct shipped_profile *shipped = shipped_profiles; shipped->name != NULL; shipped++)
        ck_assert_msg(strstr(shipped->text, "\n# Tried against: a real service (") != NULL ||
                          strstr(shipped->text, "\n# Tried against: a simulator (") != NULL ||
                          strstr(shipped->text, "\n# Tried against: documentation only") != NULL,
                      "%s", shipped->name);
}
END_TEST

UNIT_TESTS("service/shipped_profiles", every_shipped_profile_knows_what_its_service_answers,
           every_shipped_profile_says_what_it_was_tried_against)
