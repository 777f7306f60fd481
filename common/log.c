#include "common/log.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/json_write.h"
#include "common/log_repeats.h"
#include "common/timestamp.h"
#include "common/utf8.h"
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define MESSAGE_SIZE 4096
#define NAME_SIZE    1024 /* of a topic or document: longer ones are cut */
#define LINE_SIZE    (64 * 1024) /* more than all of it escaped */

static const char *const level_names[] = {
    [LOG_TRACE] = "trace", [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error",
};

static struct {
    int descriptor;
    enum log_format format;
    enum log_level level;
    struct log_repeats repeats;
} state = {.descriptor = STDERR_FILENO, .format = LOG_TEXT, .level = LOG_INFO};

void log_open(int descriptor, enum log_format format, enum log_level level)
{
    state.descriptor = descriptor;
    state.format = format;
    state.level = level;
    state.repeats = (struct log_repeats){.slots = {{.file = NULL}}};
}

void log_set_level(enum log_level level)
{
    state.level = level;
}

bool log_enabled(enum log_level level)
{
    return level >= state.level;
}

const char *log_level_name(enum log_level level)
{
    return level_names[level];
}

bool log_level_parse(struct bytes name, enum log_level *ret_level)
{
    for (int level = LOG_TRACE; level <= LOG_ERROR; level++) {
        if (bytes_equal(name, bytes_of(level_names[level]))) {
            *ret_level = (enum log_level)level;
            return true;
        }
    }
    return false;
}

/* One line stays one line, and no terminal takes orders: what is not printable is shown as \xNN. */
static void text_add(struct buffer *line, struct bytes text)
{
    for (size_t i = 0; i < text.size;) {
        unsigned char c = (unsigned char)text.data[i];
        size_t length = utf8_length(text.data + i, text.size - i);
        bool is_control = c < 0x20 || c == 0x7F || (c == 0xC2 && length == 2 && (text.data[i + 1] & 0xE0) == 0x80);

        if (length == 0 || is_control) {
            buffer_format(line, "\\x%02x", c);
            length = 1;
        } else {
            buffer_add(line, (struct bytes){text.data + i, length});
        }
        i += length;
    }
}

static struct bytes name_cut(struct bytes name)
{
    return (struct bytes){name.data, name.size < NAME_SIZE ? name.size : NAME_SIZE};
}

static void text_line(struct buffer *line, const char *timestamp, enum log_level level, const char *component,
                      const struct log_place *place, struct bytes message)
{
    buffer_format(line, "%s %-5s %s: ", timestamp, log_level_name(level), component);
    text_add(line, message);
    if (place == NULL)
        return;
    if (place->topic != NULL) {
        buffer_add_text(line, " topic=");
        text_add(line, name_cut(bytes_of(place->topic)));
        if (place->partition >= 0)
            buffer_format(line, " partition=%" PRId32, place->partition);
        if (place->offset >= 0)
            buffer_format(line, " offset=%" PRId64, place->offset);
    }
    if (bytes_present(place->document)) {
        buffer_add_text(line, " document=");
        text_add(line, name_cut(place->document));
    }
}

static void json_line(struct buffer *line, const char *timestamp, enum log_level level, const char *component,
                      const struct log_place *place, struct bytes message)
{
    struct json_write write;

    json_write_init(&write, line);
    json_write_object(&write);
    json_write_key(&write, "ts");
    json_write_text(&write, timestamp);
    json_write_key(&write, "level");
    json_write_text(&write, log_level_name(level));
    json_write_key(&write, "component");
    json_write_text(&write, component);
    json_write_key(&write, "msg");
    json_write_string(&write, message);
    if (place != NULL && place->topic != NULL) {
        json_write_key(&write, "topic");
        json_write_string(&write, name_cut(bytes_of(place->topic)));
        if (place->partition >= 0) {
            json_write_key(&write, "partition");
            json_write_int(&write, place->partition);
        }
        if (place->offset >= 0) {
            json_write_key(&write, "offset");
            json_write_int(&write, place->offset);
        }
    }
    if (place != NULL && bytes_present(place->document)) {
        json_write_key(&write, "document");
        json_write_string(&write, name_cut(place->document));
    }
    json_write_end(&write);
}

/* What cannot be written is lost: there is nobody to tell. */
static void line_write(struct bytes line)
{
    while (line.size > 0) {
        ssize_t n = write(state.descriptor, line.data, line.size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        line = bytes_from(line, (size_t)n);
    }
}

static void message_write(enum log_level level, const char *component, const struct log_place *place,
                          const char *message)
{
    char timestamp[TIMESTAMP_TEXT_SIZE];
    auto_buffer line;

    buffer_init(&line, LINE_SIZE);
    timestamp_text(clock_wall_ms(), timestamp);
    if (state.format == LOG_JSON)
        json_line(&line, timestamp, level, component, place, bytes_of(message));
    else
        text_line(&line, timestamp, level, component, place, bytes_of(message));
    buffer_add_char(&line, '\n');
    line_write(buffer_bytes(&line));
}

static void held_write(int64_t now_ms)
{
    struct log_repeats_slot slot;
    char message[256];
    uint64_t held;

    while (log_repeats_take_held(&state.repeats, now_ms, &slot, &held)) {
        snprintf(message, sizeof(message), "%" PRIu64 " more like this were not shown: %s", held, slot.text);
        message_write(slot.level, slot.component, NULL, message);
    }
}

void log_write(enum log_level level, const char *component, const struct log_place *place, const char *file,
               int line, const char *format, ...)
{
    const struct log_repeats_slot speaker = {
        .file = file, .line = line, .component = component, .level = level};
    int64_t now_ms = clock_now_ms();
    char message[MESSAGE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    held_write(now_ms);
    /* the trace is asked for line by line, and its lines come from one place */
    if (level == LOG_TRACE || log_repeats_admit(&state.repeats, &speaker, message, now_ms))
        message_write(level, component, place, message);
}
