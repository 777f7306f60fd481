# The answer of a write is lost; a later one, of another event that asks for the same, is refused for sure, and somebody
# else sets that value: the other event has written nothing.
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 20     receive p0/18 4711 /status REVIEW -> RELEASED
during    write 4711: lost
during    write 4711: user /status REVIEW
during    write 4711: user /status RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 receive p0/18
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v1"
expect    [  11357] 4711 merge /status c2 O
expect    [  11367] 4711 write "v1" -> 412 stale
expect    [  11367] 4711 wait 1439 stale
expect    [  12816] 4711 read -> 200 "v2"
expect    [  12816] 4711 fold 2 events
expect    [  12816] 4711 merge p0/17: /status c4 X
expect    [  12816] 4711 merge p0/18: /status c2 O
expect    [  12826] 4711 write "v2" -> 412 stale
expect    [  12826] 4711 wait 2613 stale
expect    [  15449] 4711 read -> 200 "v3"
expect    [  15449] 4711 merge p0/17: /status c1 T
expect    [  15449] 4711 merge p0/18: /status c1 T
expect    [  15449] 4711 done unchanged already p0/17
expect    [  15449] 4711 done unchanged already p0/18
expect    [  15453] p0/17 record unchanged acknowledged
expect    [  15453] p0/18 record unchanged acknowledged
expect    [  15457] commit p0/18
expect    [  16461] commit p0/19
expect    record p0/17 unchanged (already): /status merge c1 theirs
expect    record p0/18 unchanged (already): /status merge c1 theirs
expect    commit p0/19
expect    document 4711 "v3" {"status":"RELEASED"}
