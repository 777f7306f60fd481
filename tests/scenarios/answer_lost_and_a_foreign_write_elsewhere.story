# The answer of a write is lost and somebody changes another field: our edits stand, so the write was applied once.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: lost applied; user /owner bo

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v3"
expect    [  11357] 4711 the write was applied
expect    [  11357] 4711 done applied p0/17
expect    [  11361] p0/17 record applied acknowledged
expect    [  11365] commit p0/18
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/18
expect    document 4711 "v3" {"status":"RELEASED","owner":"bo"}
