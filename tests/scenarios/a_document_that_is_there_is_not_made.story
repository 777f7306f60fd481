# What the event makes is there already: with its values that is no news, with others a person must look.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/1 4711 raw {"operation":"create","changes":{"/status":"DRAFT"}}
receive   p0/2 4711 raw {"operation":"create","changes":{"/status":"REVIEW"}}

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [      0] 4711 receive p0/2
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c1 T
expect    [     10] 4711 done unchanged already p0/1
expect    [     10] 4711 merge /status c4 X (cached copy)
expect    [     14] p0/1 record unchanged acknowledged
expect    [     20] 4711 read -> 304 not_modified "v1"
expect    [     20] 4711 merge /status c4 X
expect    [     20] 4711 done conflict exists p0/2
expect    [     24] p0/2 record conflict acknowledged
expect    [   1008] commit p0/3
expect    record p0/1 unchanged (already): /status merge c1 theirs
expect    record p0/2 conflict (exists): /status merge c4 conflict; dead letter
expect    commit p0/3
expect    document 4711 "v1" {"status":"DRAFT","owner":"ana"}
