# A record that is not acknowledged is published again, and nothing is committed before.
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
publish   p0/17: failed

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done applied p0/17
expect    [     24] p0/17 record applied failed
expect    [   1028] p0/17 record applied acknowledged
expect    [   1032] commit p0/18
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/18
expect    document 4711 "v2" {"status":"RELEASED"}
