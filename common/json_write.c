#include "common/json_write.h"

#include "common/check.h"
#include "common/json_lex.h"
#include "common/json_text.h"
#include "common/utf8.h"

static void add_escaped_byte(struct buffer *out, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    char text[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
    size_t size = sizeof(text);

    if (byte == '"' || byte == '\\' || letters[byte & 0x1F] != '\0') {
        text[1] = byte < 0x20 ? letters[byte] : (char)byte;
        size = 2;
    }
    buffer_add(out, (struct bytes){text, size});
}

void json_content_add(struct buffer *out, struct bytes text)
{
    const char *p = text.data, *end = text.size > 0 ? text.data + text.size : p;

    while (p < end) {
        const char *stop = json_skip_plain(p, end);
        size_t length;

        buffer_add(out, (struct bytes){p, (size_t)(stop - p)});
        p = stop;
        if (p == end)
            return;
        length = utf8_length(p, (size_t)(end - p));
        if ((unsigned char)*p < 0x80)
            add_escaped_byte(out, (unsigned char)*p);
        else
            buffer_add(out, length > 0 ? (struct bytes){p, length} : BYTES("\xEF\xBF\xBD"));
        p += length > 0 ? length : 1;
    }
}

void json_write_quoted(struct buffer *out, struct bytes text)
{
    buffer_add_char(out, '"');
    json_content_add(out, text);
    buffer_add_char(out, '"');
}

void json_write_init(struct json_write *write, struct buffer *out)
{
    *write = (struct json_write){.out = out};
}

/* Commas between elements; behind a key there is none. */
static void value_begins(struct json_write *write)
{
    uint32_t top = write->depth - 1;

    if (write->depth == 0)
        return;
    ensure(write->is_object[top] == write->has_key);
    if (!write->is_object[top] && write->has_items[top])
        buffer_add_char(write->out, ',');
    write->has_items[top] = true;
    write->has_key = false;
}

static void container_begins(struct json_write *write, bool is_object)
{
    value_begins(write);
    ensure(write->depth < JSON_WRITE_DEPTH_MAX);
    write->is_object[write->depth] = is_object;
    write->has_items[write->depth] = false;
    write->depth++;
    buffer_add_char(write->out, is_object ? '{' : '[');
}

void json_write_object(struct json_write *write)
{
    container_begins(write, true);
}

void json_write_array(struct json_write *write)
{
    container_begins(write, false);
}

void json_write_end(struct json_write *write)
{
    ensure(write->depth > 0);
    ensure(!write->has_key);
    write->depth--;
    buffer_add_char(write->out, write->is_object[write->depth] ? '}' : ']');
}

void json_write_key_bytes(struct json_write *write, struct bytes key)
{
    ensure(write->depth > 0);
    ensure(write->is_object[write->depth - 1]);
    ensure(!write->has_key);
    if (write->has_items[write->depth - 1])
        buffer_add_char(write->out, ',');
    json_write_quoted(write->out, key);
    buffer_add_char(write->out, ':');
    write->has_key = true;
}

void json_write_key(struct json_write *write, const char *key)
{
    json_write_key_bytes(write, bytes_of(key));
}

void json_write_string(struct json_write *write, struct bytes text)
{
    if (!bytes_present(text)) {
        json_write_null(write);
        return;
    }
    value_begins(write);
    json_write_quoted(write->out, text);
}

void json_write_text(struct json_write *write, const char *text)
{
    json_write_string(write, bytes_of(text));
}

void json_write_raw(struct json_write *write, struct bytes json)
{
    value_begins(write);
    buffer_add(write->out, bytes_present(json) ? json : BYTES("null"));
}

void json_write_int(struct json_write *write, int64_t value)
{
    value_begins(write);
    buffer_add_int64(write->out, value);
}

void json_write_bool(struct json_write *write, bool value)
{
    json_write_raw(write, value ? BYTES("true") : BYTES("false"));
}

void json_write_null(struct json_write *write)
{
    json_write_raw(write, BYTES("null"));
}
