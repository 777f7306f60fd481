# The operator takes a record out of the way: it ends rejected, without a request, and the next one is done.
option    skip 17
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> BROKEN
receive   p0/18 4711 /status DRAFT -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 done rejected skipped_by_operator p0/17
expect    [      0] 4711 receive p0/18
expect    [      4] p0/17 record rejected acknowledged
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done applied p0/18
expect    [     24] p0/18 record applied acknowledged
expect    [   1008] commit p0/19
expect    record p0/17 rejected (skipped_by_operator); dead letter
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
