# The service asks for 20 seconds of peace: nobody writes before, not to another document either.
service   4711 {"status":"DRAFT"}
service   4712 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
during    write 4711: 429 retry 20000
at 1000   receive p0/18 4712 /status DRAFT -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 429 overload
expect    [     20] 4711 wait 20976 overload
expect    [   1000] 4712 receive p0/18
expect    [  20030] 4712 read -> 200 "v1"
expect    [  20030] 4712 merge /status c2 O
expect    [  20040] 4712 write "v1" -> 200 "v2"
expect    [  20040] 4712 done applied p0/18
expect    [  20044] p0/18 record applied acknowledged
expect    [  21006] 4711 read -> 200 "v1"
expect    [  21006] 4711 merge /status c2 O
expect    [  21016] 4711 write "v1" -> 200 "v2"
expect    [  21016] 4711 done applied p0/17
expect    [  21020] p0/17 record applied acknowledged
expect    [  21052] commit p0/19
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/17 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
expect    document 4712 "v2" {"status":"RELEASED"}
