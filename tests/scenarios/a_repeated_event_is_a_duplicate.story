# The producer sends an event again: the second one waits until the record of the first is there, and is a duplicate. One
# with a lower sequence is outdated, and one that gives the id to other bytes is rejected.
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 raw {"id":"a","source":"erp","sequence":"9","changes":{"/status":"REVIEW"}}
receive   p0/18 4711 raw {"id":"a","source":"erp","sequence":"9","changes":{"/status":"REVIEW"}}
receive   p0/19 4711 raw {"id":"b","source":"erp","sequence":"10","changes":{"/status":"RELEASED"}}
receive   p0/20 4711 raw {"id":"c","source":"erp","sequence":"9","changes":{"/status":"DRAFT"}}
receive   p0/21 4711 raw {"id":"b","source":"erp","sequence":"11","changes":{"/status":"CLOSED"}}

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      0] 4711 receive p0/18
expect    [      0] 4711 receive p0/19
expect    [      0] 4711 receive p0/20
expect    [      0] 4711 receive p0/21
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c5 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done merged no_base p0/17
expect    [     24] p0/17 record merged acknowledged
expect    [     24] 4711 done duplicate p0/18
expect    [     24] 4711 merge /status c2 O (cached copy)
expect    [     28] p0/18 record duplicate acknowledged
expect    [     34] 4711 write "v2" -> 200 "v3"
expect    [     34] 4711 done applied p0/19
expect    [     34] 4711 done outdated p0/20
expect    [     38] p0/19 record applied acknowledged
expect    [     38] 4711 done rejected id_reused p0/21
expect    [     38] p0/20 record outdated acknowledged
expect    [     42] p0/21 record rejected acknowledged
expect    [   1008] commit p0/22
expect    record p0/17 merged (no_base): /status merge c5 ours (base from none) over "DRAFT"
expect    record p0/18 duplicate
expect    record p0/19 applied: /status merge c2 ours (base from memory) over "REVIEW"
expect    record p0/20 outdated
expect    record p0/21 rejected (id_reused); dead letter
expect    commit p0/22
expect    document 4711 "v3" {"status":"RELEASED"}
