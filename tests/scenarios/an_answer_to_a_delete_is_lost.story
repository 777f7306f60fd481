# The delete arrives and its answer does not: the next read finds nothing, so it was done.
service   4711 {"status":"OBSOLETE"}
receive   p0/1 4711 raw {"operation":"delete","base_version":"\"v1\""}
during    write 4711: lost applied

expect    [      0] assigned p0/1 epoch 1
expect    [      0] 4711 receive p0/1
expect    [     10] 4711 read -> 200 "v1"
expect    [  10010] 4711 delete "v1" -> 0 outage
expect    [  10010] 4711 wait 1337 outage
expect    [  11357] 4711 read -> 410 gone
expect    [  11357] 4711 done applied p0/1
expect    [  11361] p0/1 record applied acknowledged
expect    [  11365] commit p0/2
expect    record p0/1 applied
expect    commit p0/2
expect    document 4711 gone
