# A write is answered stale, and another event came meanwhile: both are merged onto what is read then. Each counts its
# own stale answers.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 14     user 4711 /owner eva
at 18     receive p0/18 4711 /number ? -> 7

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     18] 4711 receive p0/18
expect    [     20] 4711 write "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 fold 2 events
expect    [   1367] 4711 merge p0/17: /status c2 O
expect    [   1367] 4711 merge p0/18: /number c5 O
expect    [   1377] 4711 write "v2" -> 200 "v3"
expect    [   1377] 4711 done merged p0/17
expect    [   1377] 4711 done merged no_base p0/18
expect    [   1381] p0/17 record merged acknowledged
expect    [   1381] p0/18 record merged acknowledged
expect    [   1385] commit p0/18
expect    [   2389] commit p0/19
expect    record p0/17 merged: /status merge c2 ours over "DRAFT"
expect    record p0/18 merged (no_base): /number merge c5 ours (base from none)
expect    commit p0/19
expect    document 4711 "v3" {"status":"RELEASED","owner":"eva","number":7}
