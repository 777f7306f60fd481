# Another document was served right after the first failure, then the service went down: the one that waits is not to blame.
option    give_up_ms 10000
service   4711 {"status":"DRAFT"}
service   4712 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 100    receive p0/18 4712 /status DRAFT -> RELEASED
at 1000   down 60000
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
expect    [   1357] 4711 read -> 502 outage
expect    [   1357] 4711 wait 2216 outage
expect    [   3583] 4711 read -> 502 outage
expect    [   3583] 4711 wait 5889 outage
expect    [   9482] 4711 read -> 502 outage
expect    [   9482] 4711 wait 10060 outage
expect    [  19552] 4711 read -> 502 outage
expect    [  19552] 4711 wait 18801 outage
expect    [  38363] 4711 read -> 502 outage
expect    [  38363] 4711 wait 32183 outage
expect    [  70556] 4711 read -> 200 "v1"
expect    [  70556] 4711 merge /status c2 O
expect    [  70570] 4711 write "v1" -> 200 "v2"
expect    [  70570] 4711 done applied p0/17
expect    [  70574] p0/17 record applied acknowledged
expect    [  71564] commit p0/19
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
expect    document 4712 "v2" {"status":"RELEASED"}
