# The service refuses the credentials: intake stands still, the event that is held asks again, and nothing is lost.
service   4711 {"status":"DRAFT"}
service   4712 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    read 4711: 401
during    read 4711: 401
at 500    receive p0/18 4712 /status DRAFT -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 401 unauthorized
expect    [     10] 4711 wait 1337 unauthorized
expect    [   1357] 4711 read -> 401 unauthorized
expect    [   1357] 4711 wait 2216 unauthorized
expect    [   3583] 4711 read -> 200 "v1"
expect    [   3583] 4711 merge /status c2 O
expect    [   3583] 4712 receive p0/18
expect    [   3593] 4711 write "v1" -> 200 "v2"
expect    [   3593] 4711 done applied p0/17
expect    [   3593] 4712 read -> 200 "v1"
expect    [   3593] 4712 merge /status c2 O
expect    [   3597] p0/17 record applied acknowledged
expect    [   3601] commit p0/18
expect    [   3603] 4712 write "v1" -> 200 "v2"
expect    [   3603] 4712 done applied p0/18
expect    [   3607] p0/18 record applied acknowledged
expect    [   4605] commit p0/19
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
expect    document 4712 "v2" {"status":"RELEASED"}
