# Worker A is stopped with a write ready to begin while B takes its partition: when A goes on it writes nothing, because
# it can no longer prove that the partition is its own.
option    workers 2
option    session_ms 6000
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 7      stop A 20000
at 8000   user 4711 /status DRAFT

expect    A: [      0] assigned p0/17 epoch 1
expect    A: [      0] 4711 receive p0/17
expect    B: [   6007] assigned p0/17 epoch 2
expect    B: [   6007] 4711 receive p0/17
expect    B: [   6017] 4711 read -> 200 "v1"
expect    B: [   6017] 4711 merge /status c2 O
expect    B: [   6027] 4711 write "v1" -> 200 "v2"
expect    B: [   6027] 4711 done applied p0/17
expect    B: [   6031] p0/17 record applied acknowledged
expect    B: [   7015] commit p0/18
expect    A: [  20007] 4711 read -> 200 "v1"
expect    A: [  20007] 4711 merge /status c2 O
expect    A: [  20011] commit refused: the partitions are not ours
expect    A: [  20107] lost p0
expect    B: [  20107] revoke p0
expect    B: [  20107] release p0
expect    A: [  20107] assigned p0/18 epoch 3
expect    B: record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/18
expect    document 4711 "v3" {"status":"DRAFT","owner":"ana"}
