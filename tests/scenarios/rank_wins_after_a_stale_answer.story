# Somebody moves the document on while our write is under way: after the stale answer the later of both states is written.
rule      /state rank INWORK REVIEW RELEASED
service   4711 {"state":"INWORK"}
during    write 4711: user /state REVIEW
at 100    receive p0/17 4711 /state INWORK -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    110] 4711 read -> 200 "v1"
expect    [    110] 4711 merge /state c2 O
expect    [    120] 4711 write "v1" -> 412 stale
expect    [    120] 4711 wait 1337 stale
expect    [   1467] 4711 read -> 200 "v2"
expect    [   1467] 4711 merge /state c4 O
expect    [   1477] 4711 write "v2" -> 200 "v3"
expect    [   1477] 4711 done merged p0/17
expect    [   1481] p0/17 record merged acknowledged
expect    [   1485] commit p0/18
expect    record p0/17 merged: /state rank c4 ours over "REVIEW"
expect    commit p0/18
expect    document 4711 "v3" {"state":"RELEASED"}
