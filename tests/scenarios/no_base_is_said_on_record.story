# Without a base the event is written over what is there, and its record says that nobody knows what was replaced.
service   4711 {"status":"REVIEW","owner":"ana"}
receive   p0/17 4711 /status ? -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c5 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done merged no_base p0/17
expect    [     24] p0/17 record merged acknowledged
expect    [   1008] commit p0/18
expect    record p0/17 merged (no_base): /status merge c5 ours (base from none) over "REVIEW"
expect    commit p0/18
expect    document 4711 "v2" {"status":"RELEASED","owner":"ana"}
