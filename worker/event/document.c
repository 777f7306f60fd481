#include "event/event.h"

#include "common/check.h"

const char *event_operation_name(enum event_operation operation)
{
    static const char *const names[] = {
        [OPERATION_UPDATE] = "update",
        [OPERATION_CREATE] = "create",
        [OPERATION_DELETE] = "delete",
        [OPERATION_UPSERT] = "upsert",
    };

    ensure(operation < sizeof(names) / sizeof(names[0]));
    return names[operation];
}

bool event_document_is_valid(struct bytes document, size_t size_max, const char **ret_why)
{
    size_t offset;

    if (document.size == 0)
        return *ret_why = "is empty", false;
    if (document.size > size_max)
        return *ret_why = "is too long", false;
    if (bytes_equal(document, BYTES(".")) || bytes_equal(document, BYTES("..")))
        return *ret_why = "means another place in a URL", false;
    for (size_t i = 0; i < document.size; i++)
        if ((unsigned char)document.data[i] < 0x20 || document.data[i] == 0x7f)
            return *ret_why = "has a control character", false;
    if (!bytes_are_utf8(document, &offset))
        return *ret_why = "is not UTF-8", false;
    return true;
}
