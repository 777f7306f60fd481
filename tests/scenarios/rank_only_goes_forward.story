# A late event asks for an earlier state than the document has reached in the meantime: the later one stays.
rule      /state rank INWORK REVIEW RELEASED
service   4711 {"state":"INWORK"}
at 0      user 4711 /state RELEASED
at 100    receive p0/17 4711 /state INWORK -> REVIEW
at 1500   receive p0/18 4711 /state ? -> OBSOLETE

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    110] 4711 read -> 200 "v2"
expect    [    110] 4711 merge /state c4 T
expect    [    110] 4711 done unchanged kept p0/17
expect    [    114] p0/17 record unchanged acknowledged
expect    [   1008] commit p0/18
expect    [   1500] 4711 receive p0/18
expect    [   1500] 4711 merge /state c5 X (cached copy)
expect    [   1510] 4711 read -> 304 not_modified "v2"
expect    [   1510] 4711 merge /state c5 X
expect    [   1510] 4711 done conflict field p0/18
expect    [   1514] p0/18 record conflict acknowledged
expect    [   2012] commit p0/19
expect    record p0/17 unchanged (kept): /state rank c4 theirs
expect    record p0/18 conflict (field): /state rank c5 conflict (base from none); dead letter
expect    commit p0/19
expect    document 4711 "v2" {"state":"RELEASED"}
