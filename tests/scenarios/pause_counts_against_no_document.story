# One document alone fails, and its worker is paused for longer than it may fail: the pause does not count, the document
# gets the rest of its time.
option    give_up_ms 10000
service   4711 {"status":"DRAFT"}
service   4712 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    read 4711: 500
at 100    receive p0/18 4712 /status DRAFT -> RELEASED
at 1000   pause A
at 100000 resume A
during    read 4711: 500

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 500 outage
expect    [     10] 4711 wait 1337 outage
expect    [    100] 4712 receive p0/18
expect    [    110] 4712 read -> 200 "v1"
expect    [    110] 4712 merge /status c2 O
expect    [    120] 4712 write "v1" -> 200 "v2"
expect    [    120] 4712 done applied p0/18
expect    [    124] p0/18 record applied acknowledged
expect    [   1000] pause
expect    [ 100000] resume
expect    [ 100010] 4711 read -> 500 outage
expect    [ 100010] 4711 wait 2216 outage
expect    [ 102236] 4711 read -> 200 "v1"
expect    [ 102236] 4711 merge /status c2 O
expect    [ 102250] 4711 write "v1" -> 200 "v2"
expect    [ 102250] 4711 done applied p0/17
expect    [ 102254] p0/17 record applied acknowledged
expect    [ 103244] commit p0/19
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
expect    document 4712 "v2" {"status":"RELEASED"}
