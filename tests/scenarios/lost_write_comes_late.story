# A write is given up for lost, the next read does not see it, and then it arrives after all, before the second write: that
# one is answered stale, and the event ends as written, because its edits stand.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: late 1350

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v1"
expect    [  11357] 4711 merge /status c2 O
expect    [  11367] 4711 write "v1" -> 412 stale
expect    [  11367] 4711 wait 1439 stale
expect    [  12816] 4711 read -> 200 "v2"
expect    [  12816] 4711 the write was applied
expect    [  12816] 4711 done merged p0/17
expect    [  12820] p0/17 record merged acknowledged
expect    [  12824] commit p0/18
expect    record p0/17 merged: /status merge c2 ours over "DRAFT"
expect    commit p0/18
expect    document 4711 "v2" {"status":"RELEASED","owner":"ana"}
