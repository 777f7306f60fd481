# The service refuses the version that it gives out itself: a retry cannot help, and the record says so.
service   refuses
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 304 not_modified "v1"
expect    [   1367] 4711 wait 1439 same version as refused
expect    [   2816] 4711 read -> 200 "v1"
expect    [   2816] 4711 done exhausted precondition_unsatisfiable p0/17
expect    [   2820] p0/17 record exhausted acknowledged
expect    [   2824] commit p0/18
expect    record p0/17 exhausted (precondition_unsatisfiable): /status merge c2 ours over "DRAFT"; dead letter
expect    commit p0/18
expect    document 4711 "v1" {"status":"DRAFT","owner":"ana"}
