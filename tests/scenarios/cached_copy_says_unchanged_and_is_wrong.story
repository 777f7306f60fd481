# The cached copy says that there is nothing to write, but a user has changed the field since: it is read again.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 500    user 4711 /status DRAFT
at 600    receive p0/18 4711 /status DRAFT -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done applied p0/17
expect    [     24] p0/17 record applied acknowledged
expect    [    600] 4711 receive p0/18
expect    [    600] 4711 merge /status c1 T (cached copy)
expect    [    610] 4711 read -> 200 "v3"
expect    [    610] 4711 merge /status c2 O
expect    [    620] 4711 write "v3" -> 200 "v4"
expect    [    620] 4711 done applied p0/18
expect    [    624] p0/18 record applied acknowledged
expect    [   1008] commit p0/19
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v4" {"status":"RELEASED","owner":"ana"}
