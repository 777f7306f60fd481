# The write without W/ is lost on its way: the next one is sent without it too, the service has refused the other.
option    profile weak
option    refuses_weak
option    strips_weak
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: ok
during    write 4711: lost

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 W/"v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write W/"v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 304 not_modified W/"v1"
expect    [   1367] 4711 wait 1439 same version as refused
expect    [   2816] 4711 read -> 200 W/"v1"
expect    [   2816] 4711 merge /status c2 O
expect    [  12816] 4711 write "v1" -> 0 outage
expect    [  12816] 4711 wait 1128 outage
expect    [  13954] 4711 read -> 200 W/"v1"
expect    [  13954] 4711 merge /status c2 O
expect    [  13964] 4711 write "v1" -> 200 W/"v2"
expect    [  13964] 4711 done merged p0/17
expect    [  13968] p0/17 record merged acknowledged
expect    [  13972] commit p0/18
expect    record p0/17 merged: /status merge c2 ours over "DRAFT"
expect    commit p0/18
expect    document 4711 W/"v2" {"status":"RELEASED"}
