package access

// Report is what the policies say of a repository. Of what could not be read the
// other part is there.
type Report struct {
	Of         Repository
	Rows       []Row
	Repository Written // the policy of the repository
	Registry   Written // the policy of the registry
}

// Written is a policy as it is written: "" is none, and Err says why it is not
// known.
type Written struct {
	Text string
	Err  error
}

// Judge reads what is written, and makes the table of both. A policy that cannot
// be parsed is none, with a *PositionError.
func (r *Report) Judge() {
	var parsed []Policy
	for _, w := range []*Written{&r.Repository, &r.Registry} {
		if w.Err != nil || w.Text == "" {
			continue
		}
		p, err := Parse(w.Text)
		if w.Err = err; err == nil {
			parsed = append(parsed, p)
		}
	}
	r.Rows = r.Of.Table(parsed...)
}
