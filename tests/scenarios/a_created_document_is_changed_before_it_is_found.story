# The answer to a create is lost, and somebody changes the document before it is read: a person must say whose it is.
receive   p0/1 4711 raw {"operation":"create","changes":{"/status":"DRAFT"}}
during    write 4711: lost applied
at 5000   user 4711 /status REVIEW

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [     10] 4711 read -> 404 missing
expect    [     10] 4711 merge /status c2 O
expect    [  10010] 4711 create -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 200 "v2"
expect    [  11357] 4711 merge /status c4 X
expect    [  11357] 4711 done conflict possibly_written p0/1
expect    [  11361] p0/1 record conflict acknowledged
expect    [  11365] commit p0/2
expect    record p0/1 conflict (possibly_written): /status merge c4 conflict; dead letter
expect    commit p0/2
expect    document 4711 "v2" {"status":"REVIEW"}
