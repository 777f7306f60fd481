# An event of a fold sets an object, the next one a part of it, a third another part: that one meets what the first has
# set there, not somebody else's change, also when the write was answered stale before.
rule      /attributes atomic
service   4711 {"attributes":{"weight":1,"color":"red"}}
receive   p0/17 4711 raw {"changes":{"/attributes":{"weight":2,"color":"red"}}}
receive   p0/18 4711 raw {"changes":{"/attributes/color":"blue"}}
receive   p0/19 4711 raw {"changes":{"/attributes/weight":3}}
at 14     user 4711 /owner eva

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [      0] 4711 receive p0/18
expect    [      0] 4711 receive p0/19
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 fold 3 events
expect    [     10] 4711 merge p0/17: /attributes c5 O
expect    [     10] 4711 merge p0/18: /attributes/color c5 O
expect    [     10] 4711 merge p0/19: /attributes/weight c5 O
expect    [     20] 4711 write "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 merge p0/17: /attributes c5 O
expect    [   1367] 4711 merge p0/18: /attributes/color c5 O
expect    [   1367] 4711 merge p0/19: /attributes/weight c5 O
expect    [   1377] 4711 write "v2" -> 200 "v3"
expect    [   1377] 4711 done merged no_base p0/17
expect    [   1377] 4711 done merged no_base p0/18
expect    [   1377] 4711 done merged no_base p0/19
expect    [   1381] p0/17 record merged acknowledged
expect    [   1381] p0/18 record merged acknowledged
expect    [   1381] p0/19 record merged acknowledged
expect    [   1385] commit p0/18
expect    [   2389] commit p0/20
expect    record p0/17 merged (no_base): /attributes atomic c5 ours (base from none) over {"weight":1,"color":"red"}
expect    record p0/18 merged (no_base): /attributes/color atomic c5 ours (base from none) over "red"
expect    record p0/19 merged (no_base): /attributes/weight atomic c5 ours (base from none) over 2
expect    commit p0/20
expect    document 4711 "v3" {"attributes":{"weight":3,"color":"blue"},"owner":"eva"}
