# Events that wait for one document are merged one after the other and written once. Each has its own record; a value
# that a later one replaces never stands in the service, and what an earlier one set is no foreign value for the next.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> REVIEW
receive   p0/18 4711 /owner ana -> bo
receive   p0/19 4711 /status REVIEW -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      0] 4711 receive p0/18
expect    [      0] 4711 receive p0/19
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 fold 3 events
expect    [     10] 4711 merge p0/17: /status c2 O
expect    [     10] 4711 merge p0/18: /owner c2 O
expect    [     10] 4711 merge p0/19: /status c2 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done applied p0/17
expect    [     20] 4711 done applied p0/18
expect    [     20] 4711 done applied p0/19
expect    [     24] p0/17 record applied acknowledged
expect    [     24] p0/18 record applied acknowledged
expect    [     24] p0/19 record applied acknowledged
expect    [   1008] commit p0/20
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 applied: /owner merge c2 ours over "ana"
expect    record p0/19 applied: /status merge c2 ours over "REVIEW"
expect    commit p0/20
expect    document 4711 "v2" {"status":"RELEASED","owner":"bo"}
