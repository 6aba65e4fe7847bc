package lifecycle

import "time"

// simulation lets days pass over a repository.
type simulation struct {
	*engine

	images []Image
	of     []int32 // by entry: the image that it is, or is pushed like
}

func newSimulation(p Policy, images []Image, on Switches) *simulation {
	s := &simulation{engine: newEngine(p, images, on), images: images, of: make([]int32, len(images))}
	for i := range s.of {
		s.of[i] = int32(i)
	}
	return s
}

// recent is the images that were pushed in the last days.
func (s *simulation) recent(now time.Time) []int32 {
	from, to := instantOf(now.Add(-rateWindow*day)), instantOf(now)
	var out []int32
	for i := range s.images {
		if at := instantOf(s.images[i].Pushed); at > from && at <= to {
			out = append(out, int32(i))
		}
	}
	return out
}

// repeat pushes images again, so much later. Among each other they reference
// what the first ones do.
func (s *simulation) repeat(images []int32, later instant) {
	again := make(map[int32]int32, len(images))
	for _, i := range images {
		at := instantOf(s.images[i].Pushed) + later
		e := s.entries[i]
		e.times = [bases]instant{byCount: at, byPush: at, byPull: at, byArchive: at}
		e.born, e.archived = at, false
		again[i] = int32(len(s.entries)) //nolint:gosec // fewer than 2^31 images fit into memory
		s.entries = append(s.entries, e)
		s.digests = append(s.digests, s.digests[i])
		s.of = append(s.of, i)
	}
	s.connectAgain(images, again)
}

func (s *simulation) connectAgain(images []int32, again map[int32]int32) {
	for _, i := range images {
		for _, index := range s.parents.of(i) {
			if copied, ok := again[index]; ok {
				s.links = append(s.links, link{copied, again[i]})
			}
		}
	}
	if s.subjects == nil {
		return
	}
	for _, i := range images {
		s.refer(again[i], nothing)
		if subject := s.subjects[i]; subject != nothing {
			if copied, ok := again[subject]; ok {
				s.refer(again[i], copied)
			}
		}
	}
}

func (s *simulation) run(now time.Time) []Day {
	out := make([]Day, 0, Horizon+1)
	for ahead := range Horizon + 1 {
		out = append(out, s.day(now.Add(time.Duration(ahead)*day)))
	}
	return out
}

// day runs the policy and lets it act.
func (s *simulation) day(now time.Time) Day {
	d := Day{At: now}
	r := s.decide(now)
	for i := range s.entries {
		e, img := &s.entries[i], &s.images[s.of[i]]
		if e.born > r.at {
			continue
		}
		d.Without += max(0, img.Size)
		if e.gone {
			continue
		}
		s.act(&d, i, r.verdict(r.decisions[i]).Outcome, r.at)
		switch {
		case e.gone:
		case e.archived:
			d.Archive += max(0, img.Size)
		default:
			d.Standard += max(0, img.Size)
		}
	}
	return d
}

func (s *simulation) act(d *Day, i int, o Outcome, now instant) {
	digest, today := s.images[s.of[i]].Digest, i < len(s.images)
	switch o {
	case Keep:
	case Expire:
		s.entries[i].gone = true
		d.Expire++
		if today {
			d.Expired = append(d.Expired, digest)
		}
	case Transition:
		s.entries[i].archived, s.entries[i].times[byArchive] = true, now
		d.Transition++
		if today {
			d.Archived = append(d.Archived, digest)
		}
	}
}
