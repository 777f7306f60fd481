# A worker is paused between read and write and its partition is taken: what would wait for the resume goes back to
# Kafka at once, and the other does it.
option    workers 2
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 5      pause A
at 20     move p0 B

expect    A: [      0] assigned p0/17 epoch 1
expect    A: [      0] 4711 receive p0/17
expect    A: [      5] pause
expect    A: [     10] 4711 read -> 200 "v1"
expect    A: [     10] 4711 merge /status c2 O
expect    A: [     20] revoke p0
expect    A: [     20] release p0
expect    B: [     20] assigned p0/17 epoch 2
expect    B: [     20] 4711 receive p0/17
expect    B: [     30] 4711 read -> 200 "v1"
expect    B: [     30] 4711 merge /status c2 O
expect    B: [     40] 4711 write "v1" -> 200 "v2"
expect    B: [     40] 4711 done applied p0/17
expect    B: [     44] p0/17 record applied acknowledged
expect    B: [   1028] commit p0/18
expect    B: record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/18
expect    document 4711 "v2" {"status":"RELEASED"}
