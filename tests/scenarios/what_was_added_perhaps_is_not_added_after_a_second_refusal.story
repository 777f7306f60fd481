# A write that added is lost on its way back, and somebody counts on: what was added perhaps is not added again. That
# stays so when the write of the other field is refused, and its copy has the new count already.
option    partial
rule      /count add
rule      /status external
service   4711 {"status":"DRAFT","count":5,"owner":"ana"}
receive   p0/17 4711 /count 5 -> 6, /status DRAFT -> RELEASED
during    write 4711: lost applied; user /count 8; user /status REVIEW
during    write 4711: user /owner bo

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /count c2 O, /status c2 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v4"
expect    [  11357] 4711 merge /count c4 X, /status c4 O
expect    [  11367] 4711 write "v4" -> 412 stale
expect    [  11367] 4711 wait 1439 stale
expect    [  12816] 4711 read -> 200 "v5"
expect    [  12816] 4711 merge /count c4 X, /status c4 O
expect    [  12826] 4711 write "v5" -> 200 "v6"
expect    [  12826] 4711 done conflict possibly_written p0/17
expect    [  12830] p0/17 record conflict acknowledged
expect    [  12834] commit p0/18
expect    record p0/17 conflict (possibly_written): /count add c4 conflict, /status external c4 ours over "REVIEW"; dead letter
expect    commit p0/18
expect    document 4711 "v6" {"status":"RELEASED","count":8,"owner":"bo"}
