# The answer of a write is lost; a later one, with a value made anew of what stands then, is refused for sure, and
# somebody else sets that value: the event has not written it.
rule      /tags set
service   4711 {"tags":[1]}
receive   p0/17 4711 raw {"changes":{"/tags":[1,2]},"base":{"/tags":[1]}}
during    write 4711: lost
during    write 4711: user /tags [1,3]
during    write 4711: user /tags [1,3,2]

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /tags c2 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v1"
expect    [  11357] 4711 merge /tags c2 O
expect    [  11367] 4711 write "v1" -> 412 stale
expect    [  11367] 4711 wait 1439 stale
expect    [  12816] 4711 read -> 200 "v2"
expect    [  12816] 4711 merge /tags c4 M
expect    [  12826] 4711 write "v2" -> 412 stale
expect    [  12826] 4711 wait 2613 stale
expect    [  15449] 4711 read -> 200 "v3"
expect    [  15449] 4711 merge /tags c4 T
expect    [  15449] 4711 done unchanged kept p0/17
expect    [  15453] p0/17 record unchanged acknowledged
expect    [  15457] commit p0/18
expect    record p0/17 unchanged (kept): /tags set c4 theirs
expect    commit p0/18
expect    document 4711 "v3" {"tags":[1,3,2]}
