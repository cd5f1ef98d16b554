package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// ask returns the body of a good answer.
func ask(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	return body(resp)
}

func body(resp *http.Response) (string, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %s", resp.Status)
	}
	return string(body), err
}

// load is clients that ask at a steady rate. They are plain connections: those of
// net/http have two goroutines each, which costs as much as all else when each
// request has a connection of its own. And they never ask again.
type load struct {
	addr          string
	keepAlive     bool
	began         time.Time
	stop          chan struct{}
	clients       sync.WaitGroup
	asked, failed atomic.Int64
}

func startLoad(addr string, keepAlive bool) *load {
	l := &load{addr: addr, keepAlive: keepAlive, began: time.Now(), stop: make(chan struct{})}
	for range loadClients {
		l.clients.Go(l.client)
	}
	return l
}

// client asks when it is due, and at once when it is late.
func (l *load) client() {
	var c client
	defer c.close()
	for due := time.Now(); ; due = due.Add(time.Second * loadClients / loadRate) {
		select {
		case <-l.stop:
			return
		case <-time.After(time.Until(due)):
		}
		l.asked.Add(1)
		if err := c.ask(l.addr, l.keepAlive); err != nil {
			c.close()
			l.failed.Add(1)
		}
	}
}

// client is one connection at a time.
type client struct {
	conn net.Conn // nil if there is none
	r    *bufio.Reader
}

func (c *client) ask(addr string, keepAlive bool) error {
	if c.conn == nil {
		conn, err := net.DialTimeout("tcp", addr, patience)
		if err != nil {
			return err
		}
		c.conn, c.r = conn, bufio.NewReader(conn)
	}
	request := "GET / HTTP/1.1\r\nHost: " + addr + "\r\n\r\n"
	if !keepAlive {
		request = "GET / HTTP/1.1\r\nHost: " + addr + "\r\nConnection: close\r\n\r\n"
	}
	_ = c.conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c.conn, request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return err
	}
	if _, err = body(resp); err == nil && resp.Close {
		c.close()
	}
	return err
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// end ends the load and returns what came of it.
func (l *load) end() (asked, failed int64, rate float64) {
	close(l.stop)
	l.clients.Wait()
	asked = l.asked.Load()
	return asked, l.failed.Load(), float64(asked) / time.Since(l.began).Seconds()
}
