# The record is acknowledged but the commit is lost with the worker: the event is met again and has its value already.
option    workers 2
option    session_ms 6000
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
commit    ok
commit    failed
at 1100   crash A 60000

expect    A: [      0] assigned p0/17 epoch 1
expect    A: [      0] 4711 receive p0/17
expect    A: [     10] 4711 read -> 200 "v1"
expect    A: [     10] 4711 merge /status c2 O
expect    A: [     20] 4711 write "v1" -> 200 "v2"
expect    A: [     20] 4711 done applied p0/17
expect    A: [     24] p0/17 record applied acknowledged
expect    A: [   1008] commit failed
expect    B: [   7100] assigned p0/17 epoch 2
expect    B: [   7100] 4711 receive p0/17
expect    B: [   7110] 4711 read -> 200 "v2"
expect    B: [   7110] 4711 merge /status c1 T
expect    B: [   7110] 4711 done unchanged already p0/17
expect    B: [   7114] p0/17 record unchanged acknowledged
expect    B: [   8108] commit p0/18
expect    B: [  61100] revoke p0
expect    B: [  61100] release p0
expect    A: [  61100] assigned p0/18 epoch 3
expect    A: record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    B: record p0/17 unchanged (already): /status merge c1 theirs
expect    commit p0/18
expect    document 4711 "v2" {"status":"RELEASED","owner":"ana"}
