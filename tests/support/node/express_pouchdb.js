// A server that speaks CouchDB's protocol, in memory: node express_pouchdb.js PORT
const PouchDB = require('pouchdb-core')
  .plugin(require('pouchdb-adapter-memory'))
  .plugin(require('pouchdb-adapter-http'))
  .plugin(require('pouchdb-mapreduce'))
  .plugin(require('pouchdb-replication'));
const app = require('express')();
const options = { inMemoryConfig: true, mode: 'minimumForPouchDB', logPath: process.cwd() + '/express_pouchdb.log' };

app.use('/', require('express-pouchdb')(PouchDB.defaults({ adapter: 'memory' }), options));
app.listen(Number(process.argv[2]), '127.0.0.1');
