# A partition that is taken from a paused worker does not wait for what may not begin: the other has it at once.
option    workers 2
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
receive   p0/18 4711 /status RELEASED -> CLOSED
at 5      pause A
at 8      move p0 B

expect    A: [      0] assigned p0/17 epoch 1
expect    A: [      0] 4711 receive p0/17
expect    A: [      0] 4711 receive p0/18
expect    A: [      5] pause
expect    A: [      8] revoke p0
expect    A: [     10] 4711 read -> 200 "v1"
expect    A: [     10] 4711 merge /status c2 O
expect    A: [     10] release p0
expect    B: [     10] assigned p0/17 epoch 2
expect    B: [     10] 4711 receive p0/17
expect    B: [     10] 4711 receive p0/18
expect    B: [     20] 4711 read -> 200 "v1"
expect    B: [     20] 4711 fold 2 events
expect    B: [     20] 4711 merge p0/17: /status c2 O
expect    B: [     20] 4711 merge p0/18: /status c2 O
expect    B: [     30] 4711 write "v1" -> 200 "v2"
expect    B: [     30] 4711 done applied p0/17
expect    B: [     30] 4711 done applied p0/18
expect    B: [     34] p0/17 record applied acknowledged
expect    B: [     34] p0/18 record applied acknowledged
expect    B: [   1018] commit p0/19
expect    B: record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    B: record p0/18 applied: /status merge c2 ours over "RELEASED"
expect    commit p0/19
expect    document 4711 "v2" {"status":"CLOSED"}
