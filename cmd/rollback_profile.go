package cmd

import (
	"context"

	"golang.org/x/sync/errgroup"

	"regatta/cmd/app"
	scan "regatta/model/finding"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/registry/survey"
)

// profileOfCandidate reads what a candidate is. A signature is verified with the keys of the
// config.
func profileOfCandidate(ctx context.Context, s *app.App, l *lapse, one rollback.Candidate) (rollback.Profile, error) {
	r := l.facts.Tag
	keys, err := s.KeysFor(r.Host, r.Repository)
	if err != nil {
		return one.Listed(), err
	}
	p, err := survey.Profile(ctx, l.backend, r.Repository, one, keys)
	p = p.Scanned(l.findings)
	if sc := app.ScannerOf(l.backend); sc != nil && p.Findings == nil && p.Standing() != "" {
		// Not every scan is in the listing. That it cannot be asked for is no reason
		// to show nothing.
		if report, err := sc.Findings(ctx, r.Repository, p.Standing()); err == nil && report.Scanned() {
			p.Findings = &report.Counts
		}
	}
	return p, err
}

// findings are what the listing tells of an image's findings.
func (l *lapse) findings(d ref.Digest) *scan.Counts {
	for _, img := range l.facts.Images {
		if img.Digest == d {
			return img.Findings
		}
	}
	return nil
}

// portray reads what the candidates are that people are shown, and the target.
// What cannot be read is left out: of the target, the checks tell.
func portray(ctx context.Context, s *app.App, l *lapse, most int) {
	l.profiles = map[ref.Digest]rollback.Profile{}
	shown := l.candidates[:min(len(l.candidates), most)]
	shown = append(append([]rollback.Candidate{}, shown...), l.target)
	read := make([]rollback.Profile, len(shown))
	var group errgroup.Group
	group.SetLimit(most)
	for i, one := range shown {
		group.Go(func() error {
			read[i], _ = profileOfCandidate(ctx, s, l, one)
			return nil
		})
	}
	_ = group.Wait() // none fails
	for i, one := range shown {
		l.profiles[one.Digest] = read[i]
	}
}

// told is what is known of a candidate.
func (l *lapse) told(one rollback.Candidate) rollback.Profile {
	if p, ok := l.profiles[one.Digest]; ok {
		return p
	}
	return one.Listed()
}
