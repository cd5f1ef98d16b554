// A server as Node's users write it, which answers with its pid: node unix.js PATH
const fs = require('fs')
const net = require('net')
const [path] = process.argv.slice(2)
if (fs.existsSync(path)) fs.unlinkSync(path)
net.createServer((c) => c.end(`${process.pid}\n`)).listen(path)
