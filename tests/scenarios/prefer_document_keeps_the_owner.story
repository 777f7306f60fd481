# The rule prefer_document keeps the owner that a user chose; the status of the same event is written.
rule      /owner prefer_document
service   4711 {"status":"DRAFT","owner":"ana"}
at 0      user 4711 /owner bo
at 100    receive p0/17 4711 /status DRAFT -> RELEASED, /owner ana -> eva

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    110] 4711 read -> 200 "v2"
expect    [    110] 4711 merge /status c2 O, /owner c4 T
expect    [    120] 4711 write "v2" -> 200 "v3"
expect    [    120] 4711 done merged p0/17
expect    [    124] p0/17 record merged acknowledged
expect    [   1008] commit p0/18
expect    record p0/17 merged: /status merge c2 ours over "DRAFT", /owner prefer_document c4 theirs
expect    commit p0/18
expect    document 4711 "v3" {"status":"RELEASED","owner":"bo"}
