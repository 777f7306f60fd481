# A field so deep that the document could not be read again is not written: the event is rejected, the document lives on.
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 raw {"changes":{"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a":1}}
at 600    receive p0/18 4711 /status DRAFT -> RELEASED
at 1200   receive p0/19 4711 raw {"changes":{"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a":1}}
at 1800   receive p0/20 4711 /status RELEASED -> OBSOLETE
at 1801   receive p0/21 4711 raw {"changes":{"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a":1}}
at 1802   receive p0/22 4711 /owner - -> bo

expect    [      0] assigned p0/17 epoch 1
expect    [      0] 4711 receive p0/17
expect    [     10] 4711 read -> 200 "v1"
expect    [     10] 4711 merge /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a c5 O
expect    [     10] 4711 done rejected document_too_large p0/17
expect    [     14] p0/17 record rejected acknowledged
expect    [    600] 4711 receive p0/18
expect    [    600] 4711 merge /status c2 O (cached copy)
expect    [    610] 4711 write "v1" -> 200 "v2"
expect    [    610] 4711 done applied p0/18
expect    [    614] p0/18 record applied acknowledged
expect    [   1008] commit p0/19
expect    [   1200] 4711 receive p0/19
expect    [   1200] 4711 merge /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a c5 O (cached copy)
expect    [   1210] 4711 read -> 304 not_modified "v2"
expect    [   1210] 4711 merge /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a c5 O
expect    [   1210] 4711 done rejected document_too_large p0/19
expect    [   1214] p0/19 record rejected acknowledged
expect    [   1800] 4711 receive p0/20
expect    [   1800] 4711 merge /status c2 O (cached copy)
expect    [   1801] 4711 receive p0/21
expect    [   1802] 4711 receive p0/22
expect    [   1810] 4711 write "v2" -> 200 "v3"
expect    [   1810] 4711 done applied p0/20
expect    [   1810] 4711 fold 2 events
expect    [   1810] 4711 merge p0/21: /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a c5 O (cached copy)
expect    [   1810] 4711 merge p0/22: /owner c2 O (cached copy)
expect    [   1814] p0/20 record applied acknowledged
expect    [   1820] 4711 read -> 304 not_modified "v3"
expect    [   1820] 4711 one by one
expect    [   1820] 4711 merge /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a c5 O
expect    [   1820] 4711 done rejected document_too_large p0/21
expect    [   1820] 4711 merge /owner c2 O (cached copy)
expect    [   1824] p0/21 record rejected acknowledged
expect    [   1830] 4711 write "v3" -> 200 "v4"
expect    [   1830] 4711 done applied p0/22
expect    [   1834] p0/22 record applied acknowledged
expect    [   2012] commit p0/23
expect    record p0/17 rejected (document_too_large): /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a merge c5 ours (base from none); dead letter
expect    record p0/18 applied: /status merge c2 ours over "DRAFT"
expect    record p0/19 rejected (document_too_large): /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a merge c5 ours (base from none); dead letter
expect    record p0/20 applied: /status merge c2 ours over "RELEASED"
expect    record p0/21 rejected (document_too_large): /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a merge c5 ours (base from none); dead letter
expect    record p0/22 applied: /owner merge c2 ours
expect    commit p0/23
expect    document 4711 "v4" {"status":"OBSOLETE","owner":"bo"}
