// An ordinary server: it listens on the port it is told.
const http = require("node:http");

http
  .createServer((req, res) => res.end(`pid ${process.pid} worker ${process.env.GCL_WORKER}\n`))
  .listen(Number(process.env.PORT), "127.0.0.1");
