# The answer of a write is lost, and somebody changes the same field before the worker looks: ours may have been
# applied and replaced, which nobody can tell, so a person decides.
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: lost applied; user /status REVIEW

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v3"
expect    [  11357] 4711 merge /status c4 X
expect    [  11357] 4711 done conflict possibly_written p0/17
expect    [  11361] p0/17 record conflict acknowledged
expect    [  11365] commit p0/18
expect    record p0/17 conflict (possibly_written): /status merge c4 conflict; dead letter
expect    commit p0/18
expect    document 4711 "v3" {"status":"REVIEW","owner":"ana"}
