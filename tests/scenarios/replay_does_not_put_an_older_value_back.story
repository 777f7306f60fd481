# Two events were written, and the worker dies before their records are out: the next worker meets both again and does not
# put back the older value, because a later event asks for what is there.
option    workers 2
option    session_ms 6000
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status ? -> REVIEW
receive   p0/18 4711 /status ? -> RELEASED
publish   p0/17: failed
publish   p0/18: failed
at 100    crash A 60000

expect    A: [      0] assigned p0/17 epoch 1
expect    A: [      0] 4711 receive p0/17
expect    A: [      0] 4711 receive p0/18
expect    A: [     10] 4711 read -> 200 "v1"
expect    A: [     10] 4711 fold 2 events
expect    A: [     10] 4711 merge p0/17: /status c5 O
expect    A: [     10] 4711 merge p0/18: /status c2 O
expect    A: [     20] 4711 write "v1" -> 200 "v2"
expect    A: [     20] 4711 done merged no_base p0/17
expect    A: [     20] 4711 done applied p0/18
expect    A: [     24] p0/17 record merged failed
expect    A: [     24] p0/18 record applied failed
expect    B: [   6100] assigned p0/17 epoch 2
expect    B: [   6100] 4711 receive p0/17
expect    B: [   6100] 4711 receive p0/18
expect    B: [   6110] 4711 read -> 200 "v2"
expect    B: [   6110] 4711 fold 2 events
expect    B: [   6110] 4711 merge p0/17: /status c5 T
expect    B: [   6110] 4711 merge p0/18: /status c1 T
expect    B: [   6110] 4711 done unchanged superseded p0/17
expect    B: [   6110] 4711 done unchanged already p0/18
expect    B: [   6114] p0/17 record unchanged acknowledged
expect    B: [   6114] p0/18 record unchanged acknowledged
expect    B: [   7108] commit p0/19
expect    B: [  60100] revoke p0
expect    B: [  60100] release p0
expect    A: [  60100] assigned p0/19 epoch 3
expect    B: record p0/17 unchanged (superseded): /status merge c5 theirs (base from none)
expect    B: record p0/18 unchanged (already): /status merge c1 theirs (base from none)
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED","owner":"ana"}
