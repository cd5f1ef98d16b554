package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// The peers that have to be installed. Their address is "" if they are not.

func (s *starter) nginx() (string, error) {
	return s.configured("nginx", []string{"nginx", "/usr/sbin/nginx"}, "-c", func(addr string) string {
		return fmt.Sprintf(nginxConfig, runtime.NumCPU(), s.dir, s.workers[0], s.workers[1], addr)
	})
}

func (s *starter) haproxy() (string, error) {
	return s.configured("haproxy", []string{"haproxy", "/usr/sbin/haproxy"}, "-f", func(addr string) string {
		return fmt.Sprintf(haproxyConfig, runtime.NumCPU(), addr, s.workers[0], s.workers[1])
	})
}

// configured starts a program with a configuration file.
func (s *starter) configured(name string, names []string, flag string, config func(addr string) string) (string, error) {
	path := installed(names...)
	if path == "" {
		return "", nil
	}
	addr, err := freeAddr()
	if err != nil {
		return "", err
	}
	file := filepath.Join(s.dir, name+".conf")
	if err := os.WriteFile(file, []byte(config(addr)), 0o600); err != nil {
		return "", err
	}
	return addr, s.startAt(addr, path, flag, file)
}

// nodeCluster runs two workers of a Node server by Node's own cluster module.
func (s *starter) nodeCluster() (string, error) { return s.node("cluster") }

// nodeWorkers runs two copies of the same server in kernel mode.
func (s *starter) nodeWorkers() (string, error) {
	return s.node("alone", s.program, "--headless", "--watch=false", "-n", "2", "-b", "kernel", "--")
}

// node starts the Node server in one of its forms, with a command before it.
func (s *starter) node(form string, before ...string) (string, error) {
	path := installed("node")
	if path == "" {
		return "", nil
	}
	file := filepath.Join(s.dir, "server.js")
	if err := os.WriteFile(file, []byte(nodeServer), 0o600); err != nil {
		return "", err
	}
	argv := append(before, path, file, place, form)
	return s.start(argv[0], argv[1:]...)
}

// installed returns the path of the first of the programs that there is, or "".
func installed(names ...string) string {
	for _, n := range names {
		if path, err := exec.LookPath(n); err == nil {
			return path
		}
	}
	return ""
}
