# A heartbeat of Debezium is in order and asks for nothing: it ends unchanged, without a request, and the next one is done.
option    format debezium
service   4711 {"status":"DRAFT"}
receive   p0/17 {"serverName":"erp"} raw {"ts_ms":1764000000000}
receive   p0/18 4711 raw {"op":"u","before":{"status":"DRAFT"},"after":{"status":"RELEASED"}}

expect    [      0] assigned p0/17 epoch 1
expect    [      0] {"serverName":"erp"} done unchanged not_an_update p0/17
expect    [      0] 4711 receive p0/18
expect    [      4] p0/17 record unchanged acknowledged
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /status c2 O
expect    [     20] 4711 write "v1" -> 200 "v2"
expect    [     20] 4711 done applied p0/18
expect    [     24] p0/18 record applied acknowledged
expect    [   1008] commit p0/19
expect    record p0/17 unchanged (not_an_update)
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    commit p0/19
expect    document 4711 "v2" {"status":"RELEASED"}
