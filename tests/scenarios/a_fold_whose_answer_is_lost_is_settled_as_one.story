# The answer to the one write of two events is lost. The next read shows all that was sent: both end with the decisions
# of that merge.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> REVIEW
receive   p0/18 4711 /owner ana -> bo
during    write 4711: lost applied

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      0] 4711 receive p0/18
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 fold 2 events
expect    [     10] 4711 merge p0/17: /status c2 O
expect    [     10] 4711 merge p0/18: /owner c2 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v2"
expect    [  11357] 4711 the write was applied
expect    [  11357] 4711 done applied p0/17
expect    [  11357] 4711 done applied p0/18
expect    [  11361] p0/17 record applied acknowledged
expect    [  11361] p0/18 record applied acknowledged
expect    [  11365] commit p0/18
expect    [  12369] commit p0/19
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 applied: /owner merge c2 ours over "ana"
expect    commit p0/19
expect    document 4711 "v2" {"status":"REVIEW","owner":"bo"}
