package rollback

import (
	"context"

	"golang.org/x/sync/errgroup"

	"regatta/cmd/app"
	scan "regatta/model/finding"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/registry/survey"
)

// Profile reads what a candidate is. A signature is verified with the keys of the
// config.
func Profile(ctx context.Context, s *app.App, l *Case, one rollback.Candidate) (rollback.Profile, error) {
	r := l.Facts.Tag
	keys, err := s.KeysFor(r.Host, r.Repository)
	if err != nil {
		return one.Listed(), err
	}
	p, err := survey.Profile(ctx, l.Backend, r.Repository, one, keys)
	p = p.Scanned(l.findings)
	if sc := l.Backend.Abilities().Scans; sc != nil && p.Findings == nil && p.Standing() != "" {
		// Not every scan is in the listing. That it cannot be asked for is no reason
		// to show nothing.
		if report, err := sc.Findings(ctx, r.Repository, p.Standing()); err == nil && report.Scanned() {
			p.Findings = &report.Counts
		}
	}
	return p, err
}

// findings are what the listing tells of an image's findings.
func (l *Case) findings(d ref.Digest) *scan.Counts {
	for _, img := range l.Facts.Images {
		if img.Digest == d {
			return img.Findings
		}
	}
	return nil
}

// Portray reads what the candidates are that people are shown, and the target.
// What cannot be read is left out: of the target, the checks tell.
func Portray(ctx context.Context, s *app.App, l *Case, most int) {
	l.profiles = map[ref.Digest]rollback.Profile{}
	shown := l.Candidates[:min(len(l.Candidates), most)]
	shown = append(append([]rollback.Candidate{}, shown...), l.Target)
	read := make([]rollback.Profile, len(shown))
	var group errgroup.Group
	group.SetLimit(most)
	for i, one := range shown {
		group.Go(func() error {
			read[i], _ = Profile(ctx, s, l, one)
			return nil
		})
	}
	_ = group.Wait() // none fails
	for i, one := range shown {
		l.profiles[one.Digest] = read[i]
	}
}

// Told is what is known of a candidate.
func (l *Case) Told(one rollback.Candidate) rollback.Profile {
	if p, ok := l.profiles[one.Digest]; ok {
		return p
	}
	return one.Listed()
}
