// An HTTP server that answers with its pid: node server.js HOST PORT
const http = require('http')
const [host, port] = process.argv.slice(2)
http.createServer((req, res) => res.end(`${process.pid}\n`)).listen(Number(port), host || undefined)
