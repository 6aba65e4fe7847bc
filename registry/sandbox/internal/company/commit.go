package company

import (
	"strings"

	"regatta/registry/sandbox/internal/prng"
)

// commit is what a build was made of.
type commit struct {
	hash    string
	author  string
	subject string
}

func (c commit) short() string { return c.hash[:7] }

func newCommit(src *prng.Source) commit {
	return commit{
		hash:    src.Hex(40),
		author:  prng.Pick(src, strings.Fields("amira bela chidi dana emil farah goran hana ines jonas kofi lena")),
		subject: prng.Pick(src, verbs()) + " " + prng.Pick(src, objects()),
	}
}

func verbs() []string {
	return []string{"Fix", "Speed up", "Log", "Retry", "Simplify", "Guard", "Cache", "Test", "Rename", "Split"}
}

func objects() []string {
	return []string{
		"the basket total when a voucher expires", "stock updates from the warehouse", "slow product queries",
		"payment callbacks that arrive twice", "the health check", "image thumbnails", "session renewal",
		"rounding of VAT", "the order export", "address validation", "rate limits per customer", "the search index",
	}
}
