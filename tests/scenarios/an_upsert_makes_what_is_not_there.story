# An upsert is an update where there is a document, and makes it where there is none.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/1 4711 raw {"operation":"upsert","changes":{"/status":"RELEASED"},"base":{"/status":"DRAFT"}}
receive   p0/2 4712 raw {"operation":"upsert","changes":{"/status":"RELEASED"},"base":{"/status":"DRAFT"}}

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [      0] 4712 receive p0/2
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     10] 4712 read -> 404 missing
expect    [     10] 4712 merge /status c2 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done applied p0/1
expect    [     20] 4712 create -> 201 "v1"
expect    [     20] 4712 done applied p0/2
expect    [     24] p0/1 record applied acknowledged
expect    [     24] p0/2 record applied acknowledged
expect    [   1008] commit p0/3
expect    record p0/1 applied: /status merge c2 ours over "DRAFT"
expect    record p0/2 applied: /status merge c2 ours
expect    commit p0/3
expect    document 4711 "v2" {"status":"RELEASED","owner":"ana"}
expect    document 4712 "v1" {"status":"RELEASED"}
