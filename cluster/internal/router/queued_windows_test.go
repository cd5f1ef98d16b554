package router

// queued returns how many bytes have come that w has not read.
func queued(w *wire) int {
	n, _ := w.waiting()
	return n
}

// failed says whether w is known to have failed.
func failed(w *wire) bool { return w.broken() }
