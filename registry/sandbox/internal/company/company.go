// Package company makes up a company's registry.
package company

import (
	"time"

	"regatta/registry/sandbox/internal/store"
)

// Epoch is the instant the history ends.
func Epoch() time.Time { return time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC) }

// Found plants the repositories of the company.
func Found(*store.Store) {}
