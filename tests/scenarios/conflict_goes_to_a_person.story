# Event and user changed the same field and nobody said who wins: nothing is written, a dead letter asks a person.
service   4711 {"status":"DRAFT","owner":"ana"}
at 0      user 4711 /status REVIEW
at 100    receive p0/17 4711 /status DRAFT -> RELEASED, /owner ana -> eva

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    110] 4711 read -> 200 "v2"
expect    [    110] 4711 merge /status c4 X, /owner c2 O
expect    [    110] 4711 done conflict field p0/17
expect    [    114] p0/17 record conflict acknowledged
expect    [   1008] commit p0/18
expect    record p0/17 conflict (field): /status merge c4 conflict, /owner merge c2 ours over "ana"; dead letter
expect    commit p0/18
expect    document 4711 "v2" {"status":"REVIEW","owner":"ana"}
