# The update and the delete were done before a crash that lost their records: met again, the update knows of the delete behind it.
receive   p0/1 4711 /status DRAFT -> OBSOLETE
receive   p0/2 4711 raw {"operation":"delete","base":{"/status":"OBSOLETE"}}

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [      0] 4711 receive p0/2
expect    [     10] 4711 read -> 404 missing
expect    [     10] 4711 done unchanged superseded p0/1
expect    [     14] p0/1 record unchanged acknowledged
expect    [     20] 4711 read -> 404 missing
expect    [     20] 4711 done unchanged already p0/2
expect    [     24] p0/2 record unchanged acknowledged
expect    [   1008] commit p0/3
expect    record p0/1 unchanged (superseded)
expect    record p0/2 unchanged (already)
expect    commit p0/3
