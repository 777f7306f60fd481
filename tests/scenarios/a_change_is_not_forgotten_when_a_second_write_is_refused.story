# Somebody changes a field while the event is being written: without a base a person has to decide. That stays so when
# the write of the other field is refused too, and its copy has the new value already.
option    partial
service   4711 {"status":"DRAFT","number":1,"owner":"ana"}
receive   p0/17 4711 /number ? -> 3, /status ? -> RELEASED
during    write 4711: user /number 2
during    write 4711: user /owner bo

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /number c5 O, /status c5 O
expect    [     20] 4711 write "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 merge /number c4 X, /status c5 O
expect    [   1377] 4711 write "v2" -> 412 stale
expect    [   1377] 4711 wait 2216 stale
expect    [   3603] 4711 read -> 200 "v3"
expect    [   3603] 4711 merge /number c4 X, /status c5 O
expect    [   3613] 4711 write "v3" -> 200 "v4"
expect    [   3613] 4711 done conflict field p0/17
expect    [   3617] p0/17 record conflict acknowledged
expect    [   3621] commit p0/18
expect    record p0/17 conflict (field): /number merge c4 conflict (base from refused_copy), /status merge c5 ours (base from none) over "DRAFT"; dead letter
expect    commit p0/18
expect    document 4711 "v4" {"status":"RELEASED","number":2,"owner":"bo"}
