# Behind the last event stands a transaction's marker, so that its offset says nothing of the end of the partition: Kafka's own
# word does, and the first read goes at once.
option    partitions 2
service   4711 {"status":"DRAFT","owner":"ana"}
receive   p1/17 4711 /status ? -> REVIEW

expect    [      0] assigned p0/0 epoch 1
expect    [      0] assigned p1/17 epoch 2
expect    [      0] 4711 receive p1/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c5 O
expect    [     24] 4711 write "v1" -> 200 "v2"
expect    [     24] 4711 done merged no_base p1/17
expect    [     28] p1/17 record merged acknowledged
expect    [   1018] commit p1/18
expect    record p1/17 merged (no_base): /status merge c5 ours (base from none) over "DRAFT"
expect    commit p0/0
expect    commit p1/18
expect    document 4711 "v2" {"status":"REVIEW","owner":"ana"}
