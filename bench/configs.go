package main

// nginx and HAProxy are set up for speed: no log, as many workers or threads as
// cores, connections to the workers kept and shared.

const nginxConfig = `worker_processes %d;
daemon off;
pid %[2]s/nginx.pid;
error_log %[2]s/nginx.log crit;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path %[2]s/body;
  proxy_temp_path %[2]s/proxy;
  fastcgi_temp_path %[2]s/fastcgi;
  uwsgi_temp_path %[2]s/uwsgi;
  scgi_temp_path %[2]s/scgi;
  keepalive_requests 1000000000;
  upstream workers {
    server %[3]s;
    server %[4]s;
    keepalive 1024;
    keepalive_requests 1000000000;
  }
  server {
    listen %[5]s;
    location / {
      proxy_pass http://workers;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`

const haproxyConfig = `global
  nbthread %d
  maxconn 8192
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend public
  bind %s
  default_backend workers
backend workers
  balance leastconn
  server w1 %s
  server w2 %s
`

// nodeServer is told its port, and whether it is alone or makes itself two
// workers. By default Node's primary accepts and hands connections out in turn
// (SCHED_RR).
const nodeServer = `const cluster = require('cluster'), http = require('http');
const [host, port] = process.argv[2].split(':');
if (process.argv[3] === 'cluster' && cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
} else {
  http.createServer((request, response) => response.end('hello, world\\n')).listen(port, host);
}
`
