package main

import "errors"

var errNoSignals = errors.New("this system has no signal to scale by")

func (h *headless) more() error  { return errNoSignals }
func (h *headless) fewer() error { return errNoSignals }
