# A removal is lost and the document deleted: nothing stands there that is the event's own. Made anew by somebody, the
# document has the field again, and that is no conflict with what the worker remembers.
service   4711 {"status":"DRAFT","color":"red"}
receive   p0/17 4711 raw {"operation":"upsert","remove":["/color"]}
during    write 4711: lost
at 5000   delete 4711
at 20000  delete 4711
at 20001  receive p0/18 4711 /color ? -> blue

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /color c5 O
expect    [  10010] 4711 write "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 410 gone
expect    [  11357] 4711 merge /color c1 T
expect    [  11357] 4711 done unchanged already p0/17
expect    [  11361] p0/17 record unchanged acknowledged
expect    [  11365] commit p0/18
expect    [  20001] 4711 receive p0/18
expect    [  20011] 4711 read -> 200 "v2"
expect    [  20011] 4711 merge /color c5 O
expect    [  20021] 4711 write "v2" -> 200 "v3"
expect    [  20021] 4711 done merged no_base p0/18
expect    [  20025] p0/18 record merged acknowledged
expect    [  20029] commit p0/19
expect    record p0/17 unchanged (already): /color merge c1 theirs
expect    record p0/18 merged (no_base): /color merge c5 ours (base from none) over "red"
expect    commit p0/19
expect    document 4711 "v3" {"status":"DRAFT","color":"blue"}
