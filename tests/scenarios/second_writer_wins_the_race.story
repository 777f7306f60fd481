# A second writer wins the race, the fields do not overlap: both survive.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: user /owner bo

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 merge /status c2 O
expect    [   1377] 4711 write "v2" -> 200 "v3"
expect    [   1377] 4711 done merged p0/17
expect    [   1381] p0/17 record merged acknowledged
expect    [   1385] commit p0/18
expect    record p0/17 merged: /status merge c2 ours over "DRAFT"
expect    commit p0/18
expect    document 4711 "v3" {"status":"RELEASED","owner":"bo"}
