#include "common/buffer.h"
#include "common/sha256.h"
#include "tests/support/unit.h"

static void expect(struct bytes bytes, const char *hex)
{
    char found[SHA256_HEX_SIZE];

    sha256_hex(bytes, found);
    ck_assert_str_eq(found, hex);
}

START_TEST(the_vectors_of_fips_180_4)
{
    auto_buffer million;

    expect(BYTES(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(BYTES_NONE, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(BYTES("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(BYTES("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    buffer_init(&million, 1000000);
    for (int i = 0; i < 1000000; i++)
        buffer_add_char(&million, 'a');
    expect(buffer_bytes(&million), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

/* Every length around a block, against the hash of all the hashes as Python's hashlib gives it. */
START_TEST(lengths_around_a_block)
{
    char found[SHA256_HEX_SIZE];
    char text[130];
    auto_buffer all;

    buffer_init(&all, 100000);
    memset(text, 'x', sizeof(text));
    for (size_t size = 50; size < 130; size++) {
        sha256_hex((struct bytes){text, size}, found);
        buffer_add_text(&all, found);
    }
    expect(buffer_bytes(&all), "2ec97c2d09bbb24d089634028e976a912a09970e315a5f6648ae238686fa0638");
}
END_TEST

UNIT_TESTS("common/sha256", the_vectors_of_fips_180_4, lengths_around_a_block)
