#include "command/arguments.h"
#include "command/command.h"
#include "command/probe_steps.h"

#include "address/address.h"
#include "common/json_scan.h"
#include "common/pointer.h"

#include <stdio.h>
#include <unistd.h>

static const char help[] =
    "Usage: ifmatch probe -c FILE --document ID [--field POINTER [--value JSON]] [--yes]\n"
    "Does the service really refuse stale writes? Tried on one document that nobody needs: a wrong version must be refused, the\n"
    "right one taken, an old one refused. One field is changed and changed back; nothing else uses the document meanwhile.\n\n"
    "      --document ID     the scratch document; it must be there\n"
    "      --field POINTER   the field to change (default: the first one that is a text)\n"
    "      --value JSON      what to put there for a moment (default: the text with something behind it)\n"
    "      --yes             do not ask\n" ARGUMENTS_HELP
    "\nExit codes: 0 protected, 1 unprotected or unclear, 2 wrong use or configuration.\n";

static bool may_begin(const char *document, bool is_agreed)
{
    char answer[8] = "";

    if (is_agreed)
        return true;
    if (!isatty(STDIN_FILENO)) {
        fputs("ifmatch probe: it writes to the document; --yes says that it may\n", stderr);
        return false;
    }
    printf("One field of '%s' is changed and changed back. Go on? [y/N] ", document);
    fflush(stdout);
    return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static int conclude(enum probe_verdict verdict, bool is_restored)
{
    static const char *const sentences[] = {
        [PROBE_PROTECTED] = "protected: wrong and old versions are refused, the right one is taken",
        [PROBE_UNPROTECTED] = "UNPROTECTED: what others write can be lost silently; see docs/services.md",
        [PROBE_UNCLEAR] = "unclear: it could not be tried to the end",
    };

    if (!is_restored)
        puts("                THE DOCUMENT IS NOT RESTORED: the field above has another value now");
    puts(sentences[verdict]);
    return verdict == PROBE_PROTECTED && is_restored ? EXIT_GOOD : EXIT_FAILED;
}

static int run_probe(const struct config *config, struct probe *probe)
{
    struct error error = {0};
    enum probe_verdict verdict;
    bool is_restored;

    probe->service = service_new(config, &error);
    if (probe->service == NULL)
        return arguments_failed("probe", &error);
    verdict = probe_run(probe, &is_restored);
    service_free(probe->service);
    return conclude(verdict, is_restored);
}

/* NULL: good; else what is wrong with it. */
static const char *wrong_field(const struct probe *probe)
{
    const char *what = NULL;
    struct arena *arena;
    struct json json;
    struct json_fault fault;

    if (bytes_present(probe->field) && (!pointer_is_valid(probe->field, &what) || probe->field.size == 0))
        return "--field is no JSON Pointer of a field";
    if (!bytes_present(probe->value))
        return NULL;
    if (!bytes_present(probe->field))
        return "--value needs --field";
    arena = arena_new(1024);
    if (!json_scan(probe->value, &JSON_LIMITS_DEFAULT, arena, &json, &fault))
        what = "--value is no JSON";
    arena_free(arena);
    return what;
}

static int probe(const struct arguments *arguments, struct probe *probe, bool is_agreed)
{
    const char *wrong = wrong_field(probe), *why;
    struct config *config;
    int code;

    if (!bytes_present(probe->document))
        wrong = "--document is needed: one that nobody needs";
    if (wrong != NULL)
        return arguments_wrong("probe", "%s", wrong);
    config = arguments_load(arguments);
    if (config == NULL)
        return EXIT_USAGE;
    if (config->address != NULL && (!event_document_is_valid(probe->document, EVENT_LIMITS_DEFAULT.document_id_max, &why) ||
                                    !address_takes(config->address, probe->document, &why)))
        code = arguments_wrong("probe", "'%.*s' cannot be a document's id: it %s", BYTES_ARG(probe->document), why);
    else
        code = may_begin(probe->document.data, is_agreed) ? run_probe(config, probe) : EXIT_USAGE;
    config_free(config);
    return code;
}

int command_probe(int argc, char **argv)
{
    static const struct option options[] = {ARGUMENTS_LONG,
                                            {"document", required_argument, NULL, 'd'},
                                            {"field", required_argument, NULL, 'f'},
                                            {"value", required_argument, NULL, 'v'},
                                            {"yes", no_argument, NULL, 'y'},
                                            {0}};
    struct arguments arguments = {0};
    struct probe asked = {0};
    bool is_agreed = false;
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT, options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            code = EXIT_GOOD;
        } else if (option == 'd') {
            asked.document = bytes_of(optarg);
        } else if (option == 'f') {
            asked.field = bytes_of(optarg);
        } else if (option == 'v') {
            asked.value = bytes_of(optarg);
        } else if (option == 'y') {
            is_agreed = true;
        } else if (!arguments_take(&arguments, option, optarg)) {
            code = arguments_wrong_option("probe");
        }
    }
    if (code < 0)
        code = optind < argc ? arguments_wrong("probe", "unexpected '%s'", argv[optind])
                             : probe(&arguments, &asked, is_agreed);
    arguments_release(&arguments);
    return code;
}
