# A worker is told to stop while a write is under way: it ends that, records and commits it, and leaves; the next event
# is done by the other.
option    workers 2
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
receive   p0/18 4711 /status RELEASED -> CLOSED
at 12     shutdown A

expect    A: [      0] assigned p0/17 epoch 1
expect    A: [      0] 4711 receive p0/17
expect    A: [      0] 4711 receive p0/18
expect    A: [     10] 4711 read -> 200 "v1"
expect    A: [     10] 4711 fold 2 events
expect    A: [     10] 4711 merge p0/17: /status c2 O
expect    A: [     10] 4711 merge p0/18: /status c2 O
expect    A: [     12] stop
expect    A: [     20] 4711 write "v1" -> 200 "v2"
expect    A: [     20] 4711 done applied p0/17
expect    A: [     20] 4711 done applied p0/18
expect    A: [     24] p0/17 record applied acknowledged
expect    A: [     24] p0/18 record applied acknowledged
expect    A: [     28] commit p0/18
expect    A: [     32] commit p0/19
expect    A: [     32] stopped
expect    B: [     32] assigned p0/19 epoch 2
expect    B: [   5032] revoke p0
expect    B: [   5032] release p0
expect    A: [   5032] assigned p0/19 epoch 3
expect    A: record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    A: record p0/18 applied: /status merge c2 ours over "RELEASED"
expect    commit p0/19
expect    document 4711 "v2" {"status":"CLOSED"}
