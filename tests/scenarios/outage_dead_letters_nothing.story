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
expect    [   3853] 4712 wait 5943 outage
expect    [   3980] 4711 read -> 502 outage
expect    [   3980] 4711 wait 4601 outage
expect    [   8591] 4711 read -> 502 outage
expect    [   8591] 4711 wait 11882 outage
expect    [   9806] 4712 read -> 502 outage
expect    [   9806] 4712 wait 9663 outage
expect    [  19479] 4712 read -> 502 outage
expect    [  19479] 4712 wait 22670 outage
expect    [  20483] 4711 read -> 502 outage
expect    [  20483] 4711 wait 23168 outage
expect    [  42159] 4712 read -> 502 outage
expect    [  42159] 4712 wait 41765 outage
expect    [  43661] 4711 read -> 502 outage
expect    [  43661] 4711 wait 43763 outage
expect    [  83934] 4712 read -> 502 outage
expect    [  83934] 4712 wait 37887 outage
expect    [  87434] 4711 read -> 502 outage
expect    [  87434] 4711 wait 44376 outage
expect    [ 121831] 4712 read -> 200 "v1"
expect    [ 121831] 4712 merge /status c2 O
expect    [ 121845] 4712 write "v1" -> 200 "v2"
expect    [ 121845] 4712 done applied p0/18
expect    [ 121849] p0/18 record applied acknowledged
expect    [ 131820] 4711 read -> 200 "v1"
expect    [ 131820] 4711 merge /status c2 O
expect    [ 131830] 4711 write "v1" -> 200 "v2"
expect    [ 131830] 4711 done applied p0/17
expect    [ 131834] p0/17 record applied acknowledged
expect    [ 131838] commit p0/19
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
expect    document 4712 "v2" {"status":"RELEASED"}
