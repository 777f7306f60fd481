# The service refuses three events together for good: only one of them may be guilty, so that each is tried alone.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> REVIEW
receive   p0/18 4711 /owner ana -> bo
receive   p0/19 4711 /status REVIEW -> RELEASED
during    write 4711: 400

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      0] 4711 receive p0/18
expect    [      0] 4711 receive p0/19
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 fold 3 events
expect    [     10] 4711 merge p0/17: /status c2 O
expect    [     10] 4711 merge p0/18: /owner c2 O
expect    [     10] 4711 merge p0/19: /status c2 O
expect    [     20] 4711 write "v1" -> 400 refused
expect    [     30] 4711 read -> 200 "v1"
expect    [     30] 4711 one by one
expect    [     30] 4711 merge /status c2 O
expect    [     40] 4711 write "v1" -> 200 "v2"
expect    [     40] 4711 done applied p0/17
expect    [     40] 4711 merge /owner c2 O (cached copy)
expect    [     44] p0/17 record applied acknowledged
expect    [     50] 4711 write "v2" -> 200 "v3"
expect    [     50] 4711 done applied p0/18
expect    [     50] 4711 merge /status c2 O (cached copy)
expect    [     54] p0/18 record applied acknowledged
expect    [     60] 4711 write "v3" -> 200 "v4"
expect    [     60] 4711 done applied p0/19
expect    [     64] p0/19 record applied acknowledged
expect    [   1008] commit p0/20
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 applied: /owner merge c2 ours over "ana"
expect    record p0/19 applied: /status merge c2 ours over "REVIEW"
expect    commit p0/20
expect    document 4711 "v4" {"status":"RELEASED","owner":"bo"}
