# A hot document: five writes in a row are answered stale, the fifth ends the event, and a dead letter tells it.
service   4711 {"status":"DRAFT","views":0}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: user /views 1
during    write 4711: user /views 2
during    write 4711: user /views 3
during    write 4711: user /views 4
during    write 4711: user /views 5

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 merge /status c2 O
expect    [   1377] 4711 write "v2" -> 412 stale
expect    [   1377] 4711 wait 2216 stale
expect    [   3603] 4711 read -> 200 "v3"
expect    [   3603] 4711 merge /status c2 O
expect    [   3613] 4711 write "v3" -> 412 stale
expect    [   3613] 4711 wait 5889 stale
expect    [   9512] 4711 read -> 200 "v4"
expect    [   9512] 4711 merge /status c2 O
expect    [   9522] 4711 write "v4" -> 412 stale
expect    [   9522] 4711 wait 5883 stale
expect    [  15415] 4711 read -> 200 "v5"
expect    [  15415] 4711 merge /status c2 O
expect    [  15425] 4711 write "v5" -> 412 stale
expect    [  15425] 4711 done exhausted conflict_attempts p0/17
expect    [  15429] p0/17 record exhausted acknowledged
expect    [  15433] commit p0/18
expect    record p0/17 exhausted (conflict_attempts): /status merge c2 ours over "DRAFT"; dead letter
expect    commit p0/18
expect    document 4711 "v6" {"status":"DRAFT","views":5}
