# The answer of a write is lost and a user changes one of its fields: the other stands, set by the event, and is the base
# of the next one.
rule      /owner prefer_document
service   4711 {"count":1,"owner":"ana"}
receive   p0/17 4711 /count 1 -> 2, /owner ana -> eva
during    write 4711: lost applied; user /owner bo
at 20000  receive p0/18 4711 /count ? -> 3

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /count c2 O, /owner c2 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v3"
expect    [  11357] 4711 merge /count c1 T, /owner c4 T
expect    [  11357] 4711 done unchanged kept p0/17
expect    [  11361] p0/17 record unchanged acknowledged
expect    [  11365] commit p0/18
expect    [  20000] 4711 receive p0/18
expect    [  20000] 4711 merge /count c2 O (cached copy)
expect    [  20010] 4711 write "v3" -> 200 "v4"
expect    [  20010] 4711 done applied p0/18
expect    [  20014] p0/18 record applied acknowledged
expect    [  20018] commit p0/19
expect    record p0/17 unchanged (kept): /count merge c1 theirs, /owner prefer_document c4 theirs
expect    record p0/18 applied: /count merge c2 ours (base from memory) over 2
expect    commit p0/19
expect    document 4711 "v4" {"count":3,"owner":"bo"}
