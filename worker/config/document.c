#include "common/buffer.h"
#include "common/memory.h"
#include "config/properties.h"
#include "config/schema.h"

static const char head[] =
    "# Configuration\n"
    "\n"
    "Made from the table of options in `worker/config/table.c`; a test holds both in step.\n"
    "\n"
    "`ifmatch run -c ifmatch.yaml` reads one YAML file (`-`: standard input). Everything has a\n"
    "default but where the table says otherwise. `ifmatch check -c ifmatch.yaml` says whether all of\n"
    "it is right. An unknown key, a value of the wrong type and a file that cannot be read are errors\n"
    "with file, line, column and the line itself (exit 2); what looks like a secret is not shown.\n"
    "\n"
    "What wins, from the least: the defaults, the file, `IFMATCH_` variables, `--set key=value`, `-X\n"
    "name=value` (Kafka properties). Every key below has a variable: `service.timeout` is\n"
    "`IFMATCH_SERVICE_TIMEOUT`, and `kafka.group.id` is `IFMATCH_KAFKA_GROUP_ID`. There, texts and\n"
    "numbers are taken letter by letter; lists and mappings are written as YAML: `--set\n"
    "'retry.conflicts.backoff=[1s, 5s]'`. Other variables that begin with `IFMATCH_` are not looked\n"
    "at.\n"
    "\n"
    "In the values of the file:\n"
    "\n"
    "| written | stands for |\n"
    "|---|---|\n"
    "| `${VAR}` | the environment variable; an error if it is not set |\n"
    "| `${VAR:-default}` | the same, or `default` if it is not set or empty |\n"
    "| `${VAR:?message}` | the same, or an error with this message |\n"
    "| `${file:/path}` | what the file holds, without the newline at its end: for secrets that are mounted "
    "as files |\n"
    "| `$${` | a plain `${` |\n"
    "\n"
    "They are put in after the YAML was parsed, so no value can change the structure. A key without a\n"
    "value (`timeout:`) is as good as absent.\n"
    "\n"
    "Durations have a unit: `ms`, `s`, `m`, `h`, `d`. Sizes are bytes, or have one: `KiB`, `MiB`,\n"
    "`GiB`.\n"
    "\n"
    "## Options\n"
    "\n"
    "| key | type | default | meaning |\n"
    "|---|---|---|---|\n";

static const char kafka[] =
    "\n"
    "## Kafka\n"
    "\n"
    "Below `kafka:` stands every property of librdkafka as it is\n"
    "([list](https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md));\n"
    "`kafka.consumer:` and `kafka.producer:` refine it for one of the two clients. The dots are part\n"
    "of the names:\n"
    "\n"
    "    kafka:\n"
    "      bootstrap.servers: ${KAFKA_BROKERS:-localhost:9092}\n"
    "      group.id: ifmatch\n"
    "      security.protocol: SASL_SSL\n"
    "      sasl.mechanism: SCRAM-SHA-512\n"
    "      sasl.username: ifmatch\n"
    "      sasl.password: ${file:/run/secrets/kafka}\n"
    "      consumer:\n"
    "        fetch.min.bytes: 1\n"
    "\n"
    "A promise of ours rests on some of them. Setting these, to anything but what is named here, is\n"
    "an error:\n"
    "\n"
    "| property | allowed | why |\n"
    "|---|---|---|\n";

static void add_size(struct buffer *out, int64_t value)
{
    static const char *const units[] = {"", "KiB", "MiB", "GiB"};
    size_t unit = 0;

    while (unit < 3 && value > 0 && value % 1024 == 0) {
        value /= 1024;
        unit++;
    }
    buffer_format(out, "%lld%s", (long long)value, units[unit]);
}

static void add_duration(struct buffer *out, int64_t value)
{
    static const struct {
        int64_t factor;
        const char *name;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
    size_t unit = 0;

    while (value % units[unit].factor != 0)
        unit++;
    buffer_format(out, "%lld%s", (long long)(value / units[unit].factor), value == 0 ? "" : units[unit].name);
}

static void add_range(struct buffer *out, const struct option_schema *option)
{
    void (*add)(struct buffer *, int64_t) = option->type == OPTION_BYTES     ? add_size
                                            : option->type == OPTION_INTEGER ? buffer_add_int64
                                                                             : add_duration;

    buffer_add_text(out, ", ");
    add(out, option->min);
    if (option->max == option->min)
        return;
    buffer_add_text(out, " to ");
    add(out, option->max);
}

static void add_type(struct buffer *out, const struct option_schema *option)
{
    static const char *const names[] = {
        [OPTION_TEXT] = "text",
        [OPTION_SECRET] = "text, secret",
        [OPTION_DURATION] = "duration",
        [OPTION_DURATIONS] = "durations",
        [OPTION_BYTES] = "size",
        [OPTION_INTEGER] = "number",
        [OPTION_BOOLEAN] = "`true`, `false`",
        [OPTION_ENUM] = "",
        [OPTION_START] = "word or time",
        [OPTION_SKIPS] = "list",
        [OPTION_PATTERNS] = "list",
        [OPTION_MAP] = "mapping",
        [OPTION_RULES] = "mapping",
    };

    buffer_add_text(out, names[option->type]);
    for (size_t i = 0; option->names != NULL && option->names[i] != NULL; i++)
        buffer_format(out, "%s`%s`", i > 0 ? ", " : "", option->names[i]);
    if (option->max > 0)
        add_range(out, option);
    if (option->none != NULL)
        buffer_format(out, ", or `%s`", option->none);
}

void config_document(struct buffer *out)
{
    buffer_add_text(out, head);
    for (size_t i = 0; i < schema_count(); i++) {
        const struct option_schema *option = schema_at(i);

        buffer_format(out, "| `%s` | ", option->key);
        add_type(out, option);
        if (option->initial != NULL)
            buffer_format(out, " | `%s` | ", option->initial);
        else
            buffer_format(out, " | %s | ", option->absent != NULL ? option->absent : "none");
        buffer_format(out, "%s |\n", option->help);
    }
    buffer_add_text(out, kafka);
    properties_document(out);
}
