package journal

// poll is when the journal is read: once at first, then whenever its version is another, and
// again where it could not be read. One read is under way at most.
type poll struct {
	seen        uint64 // the version that was read
	read, asked bool
}

// due reports whether to read now, which is answered then.
func (p *poll) due(version uint64) bool {
	if p.asked || p.read && version == p.seen {
		return false
	}
	p.asked = true
	return true
}

// answered takes down how the read of a version went.
func (p *poll) answered(version uint64, err error) {
	p.seen, p.read, p.asked = version, err == nil, false
}
