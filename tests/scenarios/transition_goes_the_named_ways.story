# A step that the life cycle names is written, also where a user has changed the state since; one that it does not name
# is a conflict.
rule      /state transition OPEN -> HELD DONE, HELD -> OPEN DONE
service   4711 {"state":"OPEN"}
at 0      user 4711 /state HELD
at 100    receive p0/17 4711 /state OPEN -> DONE
at 1500   receive p0/18 4711 /state DONE -> OPEN

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    110] 4711 read -> 200 "v2"
expect    [    110] 4711 merge /state c4 O
expect    [    120] 4711 write "v2" -> 200 "v3"
expect    [    120] 4711 done merged p0/17
expect    [    124] p0/17 record merged acknowledged
expect    [   1008] commit p0/18
expect    [   1500] 4711 receive p0/18
expect    [   1500] 4711 merge /state c2 X (cached copy)
expect    [   1510] 4711 read -> 304 not_modified "v3"
expect    [   1510] 4711 merge /state c2 X
expect    [   1510] 4711 done conflict field p0/18
expect    [   1514] p0/18 record conflict acknowledged
expect    [   2012] commit p0/19
expect    record p0/17 merged: /state transition c4 ours over "HELD"
expect    record p0/18 conflict (field): /state transition c2 conflict; dead letter
expect    commit p0/19
expect    document 4711 "v3" {"state":"DONE"}
