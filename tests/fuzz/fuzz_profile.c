/* service/profile.h: any text is a profile, or an error of usage that names file, line and column. With a profile every
 * answer has a meaning, success exists, and requests can be made whose body is JSON without what is read-only.
 *
 * Input: the file of a profile. */
#include "common/pointer.h"
#include "file.h"
#include "http.h"
#include "service/answer.h"
#include "service/precondition.h"
#include "service/profile.h"
#include "service/request.h"

static const char document[] = "{\"id\":1,\"last_modified\":2,\"data\":{\"a\":[1]},\"a\":{\"b\":3}}";

static void expect_meanings(const struct profile *profile)
{
    bool has_ok[2] = {false, false};

    for (int status = -1; status <= PROFILE_STATUSES; status++)
        for (int is_write = 0; is_write < 2; is_write++) {
            enum meaning meaning = profile_meaning(profile, is_write, status);

            ensure((unsigned)meaning < MEANING_COUNT);
            has_ok[is_write] |= meaning == MEANING_OK;
        }
    ensure(has_ok[0] && has_ok[1]);
}

static void expect_request(const struct profile *profile, struct bytes version, struct arena *arena)
{
    const struct request_context context = {
        .profile = profile, .address = fuzz_address(), .timeout_ms = 1000, .answer_bytes_max = 1 << 20};
    const struct json_edit edit = {.pointer = BYTES("/a/b"), .value = BYTES("4")};
    const struct action action = {.kind = ACTION_WRITE,
                                  .write = {.document = BYTES("4711"), .version = version,
                                            .before = {document, sizeof(document) - 1}, .body = {document, sizeof(document) - 1}, .edits = &edit, .edit_count = 1}};
    struct http_request request;
    const char *why = NULL;

    if (!request_make(&context, &action, arena, &request, &why)) {
        ensure(why != NULL);
        return;
    }
    ensure(fuzz_is_json(request.body, arena) || strlen(profile->document[true]) > 64); /* over the depth of a document */
}

/* A version that is taken can be spelled where it goes back. */
static void expect_version(const struct profile *profile, struct bytes version, struct arena *arena)
{
    struct bytes spelled = bytes_present(version) ? precondition_spell(profile, version, arena) : BYTES_NONE;

    ensure(!bytes_present(version) || spelled.size > 0);
    for (size_t i = 0; i < spelled.size; i++)
        ensure((unsigned char)spelled.data[i] >= 0x20 && spelled.data[i] != 0x7f);
}

static void expect_profile(const struct profile *profile)
{
    const struct http_header header = {bytes_of(profile->read.items[0].header.data), BYTES("\"v1\"")};
    const struct http_answer http = {.result = HTTP_ANSWERED, .sent = SENT_ONCE, .status = 200, .headers = &header,
                                     .header_count = bytes_present(header.name), .body = {document, sizeof(document) - 1}};
    struct arena *arena = arena_new(1 << 12);
    struct answer answer = answer_make(profile, false, &http, 1 << 20, 0, arena);

    expect_version(profile, answer.version, arena);
    ensure(!bytes_present(answer.detail) || fuzz_is_line(answer.detail));
    expect_meanings(profile);
    expect_request(profile, answer.version, arena);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_file file = fuzz_file_new(data, size);
    const struct config_service config = {.profile = file.path};
    struct error error = {0};
    struct profile *profile = profile_load(&config, &error);

    if (profile != NULL) {
        expect_profile(profile);
    } else {
        ensure(error.kind == ERROR_USAGE);
        ensure(fuzz_file_names_place(&file, error.text) || strstr(error.text, "the profile is empty") != NULL);
    }
    profile_free(profile);
    fuzz_file_free(&file);
    return 0;
}
