# The producer names what it saw of the document: it stands, and the delete carries the version.
service   4711 {"status":"OBSOLETE","owner":"ana"}
receive   p0/1 4711 raw {"operation":"delete","base":{"/status":"OBSOLETE"}}
receive   p0/2 4711 raw {"operation":"delete","base":{"/status":"OBSOLETE"}}

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [      0] 4711 receive p0/2
expect    [     10] 4711 read -> 200 "v1"
expect    [     20] 4711 delete "v1" -> 204
expect    [     20] 4711 done applied p0/1
expect    [     24] p0/1 record applied acknowledged
expect    [     30] 4711 read -> 410 gone
expect    [     30] 4711 done unchanged already p0/2
expect    [     34] p0/2 record unchanged acknowledged
expect    [   1008] commit p0/3
expect    record p0/1 applied
expect    record p0/2 unchanged (already)
expect    commit p0/3
expect    document 4711 gone
