package metrics

import "time"

// minWindow is the shortest time that CPU figures are taken over. The kernel
// counts a core's time in ticks of 10 ms, so anything shorter is mostly noise;
// a ticker delivers two ticks close together after its reader was held up.
const minWindow = 200 * time.Millisecond

// Sampler measures. It is for one goroutine.
type Sampler struct {
	self   int
	sys    system
	cores  cores
	trees  *trees
	limits *limits

	ownCPU time.Duration // of the master, at the last sample
	last   Sample
	lastAt time.Time
}

// New returns a sampler for the master with process ID self.
func New(self int) *Sampler {
	sys := newSystem()
	return &Sampler{
		self:   self,
		sys:    sys,
		trees:  newTrees(sys),
		limits: newLimits(self),
		ownCPU: Unknown,
	}
}

// Sample measures the machine, the master and the process trees under roots.
// It is to be called once a second; CPU figures cover the time since the call
// before. Called again within 200 ms it returns the sample before. A root that
// does not exist is missing in Sample.Trees.
func (s *Sampler) Sample(now time.Time, roots []int) Sample {
	var window time.Duration // 0 at the first call: no CPU figure yet
	if !s.lastAt.IsZero() {
		if window = now.Sub(s.lastAt); window < minWindow {
			return s.last
		}
	}
	s.last = s.measure(window, roots)
	s.lastAt = now
	return s.last
}

func (s *Sampler) measure(window time.Duration, roots []int) Sample {
	var out Sample
	out.Trees = s.trees.sample(window, roots)
	out.Self = s.measureSelf(window)
	out.Cores, out.CPU, out.CPUHistory = s.cores.sample(readCoreTimes())
	s.limits.refresh()
	out.Quota = s.limits.quota
	out.MemUsed, out.MemTotal = s.limits.applyMemory(machineMemory())
	out.Load1, out.Load5, out.Load15 = loadAverages()
	return out
}

func (s *Sampler) measureSelf(window time.Duration) Self {
	p, ok := s.sys.process(s.self)
	if !ok {
		s.ownCPU = Unknown
		return Self{CPU: Unknown, RSS: Unknown}
	}
	self := Self{CPU: Unknown, RSS: p.rss}
	if s.ownCPU >= 0 {
		self.CPU = percent(p.cpu-s.ownCPU, window)
	}
	s.ownCPU = p.cpu
	return self
}

// percent returns used as a share of window, in percent of one core, Unknown
// if there is no window. A clock that went back counts as no use.
func percent(used, window time.Duration) float64 {
	if window <= 0 {
		return Unknown
	}
	return 100 * max(0, used.Seconds()) / window.Seconds()
}
