# Nobody has the document: it is made only if it is still not there, and the next event finds it.
receive   p0/1 4711 raw {"operation":"create","changes":{"/status":"DRAFT","/attributes/weight":1}}
receive   p0/2 4711 /status DRAFT -> RELEASED

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [      0] 4711 receive p0/2
expect    [     10] 4711 read -> 404 missing
expect    [     10] 4711 merge /status c2 O, /attributes/weight c2 O
expect    [     20] 4711 create -> 201 "v1"
expect    [     20] 4711 done applied p0/1
expect    [     20] 4711 merge /status c2 O (cached copy)
expect    [     24] p0/1 record applied acknowledged
expect    [     30] 4711 write "v1" -> 200 "v2"
expect    [     30] 4711 done applied p0/2
expect    [     34] p0/2 record applied acknowledged
expect    [   1008] commit p0/3
expect    record p0/1 applied: /status merge c2 ours, /attributes/weight merge c2 ours
expect    record p0/2 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/3
expect    document 4711 "v2" {"status":"RELEASED","attributes":{"weight":1}}
