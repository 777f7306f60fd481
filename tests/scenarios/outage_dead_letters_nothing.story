# Nobody can reach the service, longer than one document alone may fail: every event waits, none goes to dead letters,
# and all are written afterwards.
option    give_up_ms 30000
service   4711 {"status":"DRAFT"}
service   4712 {"status":"DRAFT"}
at 0      down 100000
receive   p0/17 4711 /status DRAFT -> RELEASED
receive   p0/18 4712 /status DRAFT -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      0] 4712 receive p0/18
expect    [     10] 4711 read -> 502 outage
expect    [     10] 4711 wait 1337 outage
expect    [     10] 4712 read -> 502 outage
expect    [     10] 4712 wait 1439 outage
expect    [   1357] 4711 read -> 502 outage
expect    [   1357] 4711 wait 2613 outage
expect    [   1459] 4712 read -> 502 outage
expect    [   1459] 4712 wait 2384 outage
expect    [   3853] 4712 read -> 502 outage
expect    [   3853] the service is down: one request at a time
expect    [   3853] 4712 wait 4601 outage
expect    [   5294] 4711 read -> 502 outage
expect    [   5294] 4711 wait 5236 outage
expect    [   8249] 4712 read -> 502 outage
expect    [   8249] 4712 wait 11162 outage
expect    [  12350] 4711 read -> 502 outage
expect    [  12350] 4711 wait 8360 outage
expect    [  23560] 4712 read -> 502 outage
expect    [  23560] 4712 wait 17664 outage
expect    [  44244] 4711 read -> 502 outage
expect    [  44244] 4711 wait 17705 outage
expect    [  79139] 4712 read -> 502 outage
expect    [  79139] 4712 wait 30413 outage
expect    [ 114274] 4711 read -> 200 "v1"
expect    [ 114274] the service is back
expect    [ 114274] 4711 merge /status c2 O
expect    [ 114284] 4712 read -> 200 "v1"
expect    [ 114284] 4712 merge /status c2 O
expect    [ 114288] 4711 write "v1" -> 200 "v2"
expect    [ 114288] 4711 done applied p0/17
expect    [ 114292] p0/17 record applied acknowledged
expect    [ 114294] 4712 write "v1" -> 200 "v2"
expect    [ 114294] 4712 done applied p0/18
expect    [ 114298] p0/18 record applied acknowledged
expect    [ 115282] commit p0/19
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
expect    document 4712 "v2" {"status":"RELEASED"}
