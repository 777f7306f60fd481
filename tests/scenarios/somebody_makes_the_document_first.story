# Between the read that finds nothing and the create somebody makes the document: the create is refused, and nothing is overwritten.
service   4711 {"status":"REVIEW"}
at 0      delete 4711
receive   p0/1 4711 raw {"operation":"create","changes":{"/status":"DRAFT"}}
at 12     delete 4711

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [     10] 4711 read -> 410 gone
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 create -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 merge /status c4 X
expect    [   1367] 4711 done conflict exists p0/1
expect    [   1371] p0/1 record conflict acknowledged
expect    [   1375] commit p0/2
expect    record p0/1 conflict (exists): /status merge c4 conflict; dead letter
expect    commit p0/2
expect    document 4711 "v2" {"status":"REVIEW"}
