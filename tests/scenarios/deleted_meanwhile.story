# The document is deleted between the read and the write: nothing is made anew, a second read says that it is gone.
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED
at 12     delete 4711

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 410 gone
expect    [     20] 4711 wait 1337 absent on write, read again
expect    [   1367] 4711 read -> 410 gone
expect    [   1367] 4711 done rejected gone p0/17
expect    [   1371] p0/17 record rejected acknowledged
expect    [   1375] commit p0/18
expect    record p0/17 rejected (gone); dead letter
expect    commit p0/18
expect    document 4711 gone
