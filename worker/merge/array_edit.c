#include "merge/state.h"

void array_edit_begin(struct array_edit *edit, const struct side *from)
{
    const struct json_value *array = side_is(from, JSON_ARRAY) ? &from->json->values[from->index] : NULL;

    *edit = (struct array_edit){.json = from->json, .head = BYTES("["), .tail = BYTES("]")};
    buffer_init(&edit->out, UINT32_MAX / 2);
    if (array == NULL || array->count == 0)
        return;
    edit->next = from->index + 1;
    edit->after = array->after;
    edit->passed = array->start;
    edit->head = (struct bytes){from->json->text.data + array->start, array[1].start - array->start};
    edit->array_end = array->end;
}

bool array_edit_next(struct array_edit *edit, uint32_t *ret_index)
{
    const struct json_value *element = edit->next < edit->after ? &edit->json->values[edit->next] : NULL;
    const char *text = element != NULL ? edit->json->text.data : NULL;

    if (element == NULL)
        return false;
    *ret_index = edit->next;
    edit->next = element->after;
    edit->gap = (struct bytes){text + edit->passed, element->start - edit->passed};
    edit->tail = (struct bytes){text + element->end, edit->array_end - element->end};
    edit->passed = element->end;
    return true;
}

void array_edit_keep(struct array_edit *edit, struct bytes text)
{
    buffer_add(&edit->out, edit->out.size == 0 ? edit->head : edit->gap);
    buffer_add(&edit->out, text);
}

void array_edit_add(struct array_edit *edit, struct bytes text)
{
    buffer_add(&edit->out, edit->out.size == 0 ? edit->head : BYTES(","));
    buffer_add(&edit->out, text);
}

struct bytes array_edit_end(struct array_edit *edit, struct arena *arena)
{
    struct bytes text;

    if (edit->out.size == 0)
        buffer_add(&edit->out, edit->head);
    buffer_add(&edit->out, edit->tail);
    text = arena_keep(arena, buffer_bytes(&edit->out));
    buffer_release(&edit->out);
    return text;
}
