# The service gives out no version: a write could overwrite anything unseen, so there is none; the event is rejected.
option    profile none
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 /status DRAFT -> RELEASED

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200
expect    [     10] 4711 done rejected no_version p0/17
expect    [     14] p0/17 record rejected acknowledged
expect    [   1008] commit p0/18
expect    record p0/17 rejected (no_version); dead letter
expect    commit p0/18
expect    document 4711 "v1" {"status":"DRAFT"}
