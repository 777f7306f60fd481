# The producer sends an event again: the second one waits until the record of the first is there, and is a duplicate. One
# with a lower sequence is outdated, and one that gives the id to other bytes is rejected.
service   4711 {"status":"DRAFT"}
receive   p0/17 4711 raw {"id":"a","source":"erp","sequence":"9","changes":{"/status":"REVIEW"}}
receive   p0/18 4711 raw {"id":"a","source":"erp","sequence":"9","changes":{"/status":"REVIEW"}}
receive   p0/19 4711 raw {"id":"b","source":"erp","sequence":"10","changes":{"/status":"RELEASED"}}
receive   p0/20 4711 raw {"id":"c","source":"erp","sequence":"9","changes":{"/status":"DRAFT"}}
receive   p0/21 4711 raw {"id":"b","source":"erp","sequence":"11","changes":{"/status":"CLOSED"}}
