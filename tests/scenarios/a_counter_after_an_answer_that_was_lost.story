# The answer to a write was lost, and somebody has counted on since: whether the event's part is in the number nobody can
# tell, so it is not added again.
rule      /count add
service   4711 {"count":7}
at 100    receive p0/17 4711 /count 3 -> 5
during    write 4711: lost applied; user /count 10

expect    [      0] assigned p0/17 epoch 1
expect    [    100] 4711 receive p0/17
expect    [    110] 4711 read -> 200 "v1"
expect    [    110] 4711 merge /count c4 M
expect    [  10110] 4711 write "v1" -> 0 outage
expect    [  10110] 4711 wait 1337 outage
expect    [  11457] 4711 read -> 200 "v3"
expect    [  11457] 4711 merge /count c4 X
expect    [  11457] 4711 done conflict possibly_written p0/17
expect    [  11461] p0/17 record conflict acknowledged
expect    [  11465] commit p0/18
expect    record p0/17 conflict (possibly_written): /count add c4 conflict; dead letter
expect    commit p0/18
expect    document 4711 "v3" {"count":10}
