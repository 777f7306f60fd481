# The document is made and the answer is lost: the next read finds it as it was made, and it is not made twice.
receive   p0/1 4711 raw {"operation":"create","changes":{"/status":"DRAFT"}}
during    write 4711: lost applied

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [     10] 4711 read -> 404 missing
expect    [     10] 4711 merge /status c2 O
expect    [  10010] 4711 create -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v1"
expect    [  11357] 4711 the write was applied
expect    [  11357] 4711 done applied p0/1
expect    [  11361] p0/1 record applied acknowledged
expect    [  11365] commit p0/2
expect    record p0/1 applied: /status merge c2 ours
expect    commit p0/2
expect    document 4711 "v1" {"status":"DRAFT"}
