# An operator pauses the worker: the read in flight ends, no request begins and no event is taken; after the resume the
# update goes on where it was, and what a user wrote meanwhile is merged as always.
service   4711 {"status":"DRAFT","owner":"ana"}
service   4712 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 5      pause A
at 20     receive p0/18 4712 /status DRAFT -> RELEASED
at 30000  user 4711 /owner bo
at 60000  resume A

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      5] pause
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [  60000] resume
expect    [  60000] 4712 receive p0/18
expect    [  60010] 4712 read -> 200 "v1"
expect    [  60010] 4712 merge /status c2 O
expect    [  60014] 4711 write "v1" -> 412 stale
expect    [  60014] 4711 wait 1337 stale
expect    [  60020] 4712 write "v1" -> 200 "v2"
expect    [  60020] 4712 done applied p0/18
expect    [  60024] p0/18 record applied acknowledged
expect    [  61361] 4711 read -> 200 "v2"
expect    [  61361] 4711 merge /status c2 O
expect    [  61371] 4711 write "v2" -> 200 "v3"
expect    [  61371] 4711 done merged p0/17
expect    [  61375] p0/17 record merged acknowledged
expect    [  62012] commit p0/19
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/17 merged: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v3" {"status":"RELEASED","owner":"bo"}
expect    document 4712 "v2" {"status":"RELEASED"}
