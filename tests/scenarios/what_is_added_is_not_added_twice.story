# A counter and a log: what the event adds to its base is added to what others made of it. Without a base of its own nobody
# knows whether it was added before, and it is a conflict.
rule      /count add
rule      /log append
service   4711 {"count":7,"log":"a, by ana"}
at 100    receive p0/17 4711 /count 3 -> 5, /log a -> a,bo
at 3000   receive p0/18 4711 /count ? -> 5

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    110] 4711 read -> 200 "v1"
expect    [    110] 4711 merge /count c4 M, /log c4 M
expect    [    120] 4711 write "v1" -> 200 "v2"
expect    [    120] 4711 done merged p0/17
expect    [    124] p0/17 record merged acknowledged
expect    [   1008] commit p0/18
expect    [   3000] 4711 receive p0/18
expect    [   3000] 4711 merge /count c5 X (cached copy)
expect    [   3010] 4711 read -> 304 not_modified "v2"
expect    [   3010] 4711 merge /count c5 X
expect    [   3010] 4711 done conflict not_repeatable p0/18
expect    [   3014] p0/18 record conflict acknowledged
expect    [   3018] commit p0/19
expect    record p0/17 merged: /count add c4 merged over 7, /log append c4 merged over "a, by ana"
expect    record p0/18 conflict (not_repeatable): /count add c5 conflict (base from none); dead letter
expect    commit p0/19
expect    document 4711 "v2" {"count":9,"log":"a, by ana,bo"}
