# One of three events that are written together is in conflict: the other two are written all the same, and each gets
# what it would have got alone.
service   4711 {"status":"DRAFT","owner":"ana"}
at 0      user 4711 /owner eva
at 100    receive p0/17 4711 /status DRAFT -> REVIEW
at 100    receive p0/18 4711 /owner ana -> bo
at 100    receive p0/19 4711 /status REVIEW -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    100] 4711 receive p0/18
expect    [    100] 4711 receive p0/19
expect    [    110] 4711 read -> 200 "v2"
expect    [    110] 4711 fold 3 events
expect    [    110] 4711 merge p0/17: /status c2 O
expect    [    110] 4711 merge p0/18: /owner c4 X
expect    [    110] 4711 merge p0/19: /status c2 O
expect    [    120] 4711 write "v2" -> 200 "v3"
expect    [    120] 4711 done applied p0/17
expect    [    120] 4711 done conflict field p0/18
expect    [    120] 4711 done applied p0/19
expect    [    124] p0/17 record applied acknowledged
expect    [    124] p0/18 record conflict acknowledged
expect    [    124] p0/19 record applied acknowledged
expect    [   1008] commit p0/20
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 conflict (field): /owner merge c4 conflict; dead letter
expect    record p0/19 applied: /status merge c2 ours over "REVIEW"
expect    commit p0/20
expect    document 4711 "v3" {"status":"RELEASED","owner":"eva"}
