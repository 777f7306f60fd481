# Somebody changed the document before the delete arrives, or the event does not say what it saw: it stays, a person must look.
service   4711 {"status":"OBSOLETE","owner":"ana"}
at 12     user 4711 /status RELEASED
receive   p0/1 4711 raw {"operation":"delete","base":{"/status":"OBSOLETE"}}
receive   p0/2 4711 raw {"operation":"delete","base_version":"\"v1\""}
receive   p0/3 4711 raw {"operation":"delete"}

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [      0] 4711 receive p0/2
expect    [      0] 4711 receive p0/3
expect    [     10] 4711 read -> 200 "v1"
expect    [     20] 4711 delete "v1" -> 412 stale
expect    [     20] 4711 wait 1337 stale
expect    [   1367] 4711 read -> 200 "v2"
expect    [   1367] 4711 merge /status c3 X
expect    [   1367] 4711 done conflict guard p0/1
expect    [   1371] p0/1 record conflict acknowledged
expect    [   1375] commit p0/2
expect    [   1377] 4711 read -> 304 not_modified "v2"
expect    [   1377] 4711 done conflict base_version p0/2
expect    [   1381] p0/2 record conflict acknowledged
expect    [   1387] 4711 read -> 304 not_modified "v2"
expect    [   1387] 4711 done conflict unseen p0/3
expect    [   1391] p0/3 record conflict acknowledged
expect    [   2379] commit p0/4
expect    record p0/1 conflict (guard): /status merge c3 conflict; dead letter
expect    record p0/2 conflict (base_version); dead letter
expect    record p0/3 conflict (unseen); dead letter
expect    commit p0/4
expect    document 4711 "v2" {"status":"RELEASED","owner":"ana"}
