# Where the event's system is the authority it need not say what it saw; the delete carries the version all the same.
rule      /** external
service   4711 {"status":"OBSOLETE"}
receive   p0/1 4711 raw {"operation":"delete"}

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [     10] 4711 read -> 200 "v1"
expect    [     20] 4711 delete "v1" -> 204
expect    [     20] 4711 done applied p0/1
expect    [     24] p0/1 record applied acknowledged
expect    [   1008] commit p0/2
expect    record p0/1 applied
expect    commit p0/2
expect    document 4711 gone
