# A document that is locked waits alone: the next document of the same partition is written meanwhile, and the offset of
# the first holds the commit back.
service   4711 {"status":"DRAFT"}
service   4712 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
receive   p0/18 4712 /status DRAFT -> RELEASED
during    write 4711: 423

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      0] 4712 receive p0/18
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     10] 4712 read -> 200 "v1"
expect    [     10] 4712 merge /status c2 O
expect    [     20] 4711 write "v1" -> 423 locked
expect    [     20] 4711 wait 6729 locked
expect    [     20] 4712 write "v1" -> 200 "v2"
expect    [     20] 4712 done applied p0/18
expect    [     24] p0/18 record applied acknowledged
expect    [   6759] 4711 read -> 200 "v1"
expect    [   6759] 4711 merge /status c2 O
expect    [   6769] 4711 write "v1" -> 200 "v2"
expect    [   6769] 4711 done applied p0/17
expect    [   6773] p0/17 record applied acknowledged
expect    [   6777] commit p0/19
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
expect    document 4712 "v2" {"status":"RELEASED"}
