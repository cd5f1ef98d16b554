package files

import (
	"path/filepath"
	"time"
)

// Bounds of what is read in the background to know the content of files that
// nobody has touched yet.
const (
	hashBudget = 256 << 20 // bytes in all
	hashEach   = 4 << 20   // bytes of one file
	hashBatch  = 64        // files at a time
)

// ref is a file of a view.
type ref struct {
	v    *view
	name string
}

// hashed is what was found out of a file.
type hashed struct {
	ref
	path string
	file file
}

// hasher takes the hashes of files in the background, so that the first save
// without a change is known for what it is. The owner feeds it; run has a
// goroutine of its own.
type hasher struct {
	jobs    chan []hashed
	results chan []hashed

	// Of the owner.
	queue  []ref
	job    []hashed // being offered
	busy   bool     // one is being done
	spent  int64
	idling bool
}

func newHasher() *hasher {
	return &hasher{jobs: make(chan []hashed), results: make(chan []hashed), idling: true}
}

// run reads files until done is closed.
func (h *hasher) run(done <-chan struct{}) {
	buf := make([]byte, 64<<10)
	for {
		select {
		case <-done:
			return
		case job := <-h.jobs:
			for i := range job {
				select {
				case <-done:
					return
				default:
				}
				if f, err := hashFile(job[i].path, buf, time.Now()); err == nil {
					job[i].file = f
				}
			}
			select {
			case h.results <- job:
			case <-done:
				return
			}
		}
	}
}

// next returns the job to offer, and a nil channel if there is none. When none is
// left it calls idle, once.
func (h *hasher) next(idle func()) (chan []hashed, []hashed) {
	if h.busy {
		return nil, nil
	}
	for len(h.queue) > 0 && len(h.job) < hashBatch {
		h.take(h.queue[0])
		h.queue = h.queue[1:]
	}
	if len(h.job) > 0 {
		h.idling = false
		return h.jobs, h.job
	}
	h.queue = nil
	if !h.idling {
		idle()
	}
	h.idling = true
	return nil, nil
}

// take puts a file into the job unless that is not worth it.
func (h *hasher) take(r ref) {
	f, ok := r.v.files[r.name]
	if !ok || f.hashed || f.size > hashEach || h.spent+f.size > hashBudget {
		return
	}
	h.spent += f.size
	h.job = append(h.job, hashed{ref: r, path: filepath.Join(r.v.folder.path, r.name)})
}

// learn keeps the hashes of files that still look as they did when they were
// taken in. Others have changed since, or are about to.
func (o *owner) learn(job []hashed) {
	o.hasher.busy, o.hasher.job = false, nil
	for _, h := range job {
		if f, ok := h.v.files[h.name]; ok && !f.hashed && h.file.hashed && f.looks(h.file) {
			f.hash, f.hashed = h.file.hash, true
			h.v.files[h.name] = f
		}
	}
}
