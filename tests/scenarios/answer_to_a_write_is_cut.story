# The answer to a write carries the new state, cut in half: it was written all the same, and the next event reads anew.
option    after_write body
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: cut
at 600    receive p0/18 4711 /owner ana -> bo

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done applied p0/17
expect    [     24] p0/17 record applied acknowledged
expect    [    600] 4711 receive p0/18
expect    [    610] 4711 read -> 200 "v2"
expect    [    610] 4711 merge /owner c2 O
expect    [    620] 4711 write "v2" -> 200 "v3"
expect    [    620] 4711 done applied p0/18
expect    [    624] p0/18 record applied acknowledged
expect    [   1008] commit p0/19
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 applied: /owner merge c2 ours over "ana"
expect    commit p0/19
expect    document 4711 "v3" {"status":"RELEASED","owner":"bo"}
