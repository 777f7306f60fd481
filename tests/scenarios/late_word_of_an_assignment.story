# B is stopped before it hears that the partition is its own, and A has it and has written when B goes on: hearing of an
# assignment proves nothing, so B commits first, is refused, and writes nothing.
option    workers 2
option    session_ms 6000
service   4711 {"status":"DRAFT","owner":"ana"}
at 10     move p0 B
at 10     stop B 20000
at 7000   receive p0/0 4711 /status DRAFT -> RELEASED
at 8000   user 4711 /status DRAFT

expect    A: [      0] assigned p0/0 epoch 1
expect    A: [     10] revoke p0
expect    A: [     10] release p0
expect    A: [   6010] assigned p0/0 epoch 3
expect    A: [   7000] 4711 receive p0/0
expect    A: [   7010] 4711 read -> 200 "v1"
expect    A: [   7010] 4711 merge /status c2 O
expect    A: [   7020] 4711 write "v1" -> 200 "v2"
expect    A: [   7020] 4711 done applied p0/0
expect    A: [   7024] p0/0 record applied acknowledged
expect    A: [   7028] commit p0/1
expect    B: [  20010] assigned p0/0 epoch 2
expect    B: [  20010] 4711 receive p0/0
expect    B: [  20014] commit refused: the partitions are not ours
expect    B: [  20020] 4711 read -> 200 "v3"
expect    B: [  20020] 4711 merge /status c2 O
expect    B: [  20110] lost p0
expect    A: record p0/0 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/1
expect    document 4711 "v3" {"status":"DRAFT","owner":"ana"}
