# The delete and the create were done before a crash that lost their records: met again, what was made since is there, and the delete of
# what was before is no news for anybody.
service   4711 {"status":"NEW","owner":"ana"}
receive   p0/2 4711 raw {"operation":"delete","base":{"/status":"OBSOLETE"}}
receive   p0/3 4711 raw {"operation":"create","changes":{"/status":"NEW"}}

expect    [      0] assigned p0/2 epoch 1
expect    [      0] 4711 receive p0/2
expect    [      0] 4711 receive p0/3
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c3 X
expect    [     10] 4711 done unchanged superseded p0/2
expect    [     10] 4711 merge /status c1 T (cached copy)
expect    [     14] p0/2 record unchanged acknowledged
expect    [     20] 4711 read -> 304 not_modified "v1"
expect    [     20] 4711 merge /status c1 T
expect    [     20] 4711 done unchanged already p0/3
expect    [     24] p0/3 record unchanged acknowledged
expect    [   1008] commit p0/4
expect    record p0/2 unchanged (superseded): /status merge c3 conflict
expect    record p0/3 unchanged (already): /status merge c1 theirs
expect    commit p0/4
expect    document 4711 "v1" {"status":"NEW","owner":"ana"}
