# Lines of an order: somebody adds a line while the event changes another and takes a third away; and a line that somebody
# changed is not taken away by an event that did not see that.
rule      /lines keyed sku
service   4711 {"lines":[{"sku":1,"n":1},{"sku":2,"n":1}]}
receive   p0/17 4711 /lines [{"sku":1,"n":1},{"sku":2,"n":1}] -> [{"sku":1,"n":5}]
during    write 4711: user /lines [{"sku":1,"n":1},{"sku":2,"n":1},{"sku":7,"n":1}]
at 9000   receive p0/18 4711 /lines [{"sku":7,"n":9}] -> []

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /lines c2 O
expect    [     20] 4711 write "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 merge /lines c4 M
expect    [   1377] 4711 write "v2" -> 200 "v3"
expect    [   1377] 4711 done merged p0/17
expect    [   1381] p0/17 record merged acknowledged
expect    [   1385] commit p0/18
expect    [   9000] 4711 receive p0/18
expect    [   9000] 4711 merge /lines c4 X (cached copy)
expect    [   9010] 4711 read -> 304 not_modified "v3"
expect    [   9010] 4711 merge /lines c4 X
expect    [   9010] 4711 done conflict field p0/18
expect    [   9014] p0/18 record conflict acknowledged
expect    [   9018] commit p0/19
expect    record p0/17 merged: /lines keyed c4 merged over [{"sku":1,"n":1},{"sku":2,"n":1},{"sku":7,"n":1}]
expect    record p0/18 conflict (field): /lines keyed c4 conflict; dead letter
expect    commit p0/19
expect    document 4711 "v3" {"lines":[{"sku":1,"n":5},{"sku":7,"n":1}]}
