/* config/config.h: any text is a configuration, or an error of usage that names file, line and column, or the option that
 * is missing, in text that may be shown; nothing leaks. The same text gives the same fingerprint.
 *
 * Input: ifmatch.yaml. */
#include "config/config.h"
#include "file.h"

/* Whose absence is an error of the file as a whole, without a place in it. */
static bool names_option(const char *message)
{
    return strncmp(message, "kafka", 5) == 0 || strncmp(message, "service", 7) == 0 || strncmp(message, "topics", 6) == 0;
}

static void expect_config(const struct config *config)
{
    ensure(config->rules != NULL);
    ensure(strlen(config->fingerprint) == 16);
    ensure(config->service.max_in_flight >= 1 || config->service.max_in_flight == -1);
    ensure(config->retry.attempts >= 1);
    ensure(config->retry.backoff_count >= 1);
}

static void expect_error(const struct fuzz_file *file, const struct error *error)
{
    ensure(error->kind == ERROR_USAGE);
    ensure(fuzz_file_names_place(file, error->text) || names_option(error->text));
    for (struct bytes rest = bytes_of(error->text); rest.size > 0;)
        ensure(fuzz_is_line(fuzz_line(&rest)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_file file = fuzz_file_new(data, size);
    struct config *config = NULL, *again = NULL;
    struct error error = {0};

    if (config_load(file.path, NULL, &config, &error)) {
        expect_config(config);
        ensure(config_load(file.path, NULL, &again, &error));
        ensure(strcmp(config->fingerprint, again->fingerprint) == 0);
    } else {
        ensure(config == NULL);
        expect_error(&file, &error);
    }
    config_free(config);
    config_free(again);
    fuzz_file_free(&file);
    return 0;
}
