package app

import (
	"context"

	"regatta/model/finding"
	"regatta/model/ref"
	"regatta/registry"
)

// Scanner is a registry that scans its images.
type Scanner interface {
	Findings(ctx context.Context, repo string, d ref.Digest) (finding.Report, error)
}

// ScannerOf is nil where images are not scanned.
func ScannerOf(b registry.Backend) Scanner {
	if s, ok := b.(Scanner); ok {
		return s
	}
	return nil
}
