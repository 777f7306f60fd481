# One document fails again and again while others succeed: that is no outage, and it must not hold the partition for ever.
option    give_up_ms 10000
service   4711 {"status":"DRAFT"}
service   4712 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 12000  receive p0/18 4712 /status DRAFT -> RELEASED
during    read 4711: 500
during    read 4711: 500
during    read 4711: 500
during    read 4711: 500
during    read 4711: 500
during    read 4711: 500

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 500 outage
expect    [     10] 4711 wait 1337 outage
expect    [   1357] 4711 read -> 500 outage
expect    [   1357] 4711 wait 2216 outage
expect    [   3583] 4711 read -> 500 outage
expect    [   3583] 4711 wait 5889 outage
expect    [   9482] 4711 read -> 500 outage
expect    [   9482] 4711 wait 10060 outage
expect    [  12000] 4712 receive p0/18
expect    [  12010] 4712 read -> 200 "v1"
expect    [  12010] 4712 merge /status c2 O
expect    [  12020] 4712 write "v1" -> 200 "v2"
expect    [  12020] 4712 done applied p0/18
expect    [  12024] p0/18 record applied acknowledged
expect    [  19552] 4711 read -> 500 outage
expect    [  19552] 4711 done exhausted service_error p0/17
expect    [  19556] p0/17 record exhausted acknowledged
expect    [  19560] commit p0/19
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/17 exhausted (service_error); dead letter
expect    commit p0/19
expect    document 4711 "v1" {"status":"DRAFT"}
expect    document 4712 "v2" {"status":"RELEASED"}
