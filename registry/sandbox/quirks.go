package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// Quirks are the habits of registries in the field that a client must live
// with.
type Quirks struct {
	NoTagDelete bool // deleting a tag is 405, deleting a digest works
	NoDelete    bool // deleting anything is 405
	NoCatalog   bool // the catalog is 401 for everyone
	NoReferrers bool // the referrers API is 404; fallback tags list referrers
	// SparseIndexes: an index is taken whose manifests are not all there.
	SparseIndexes bool
	// SparseImages: an image is taken whose config and layers are not all there.
	SparseImages bool
	// PublicECR is what Amazon ECR Public does: a token of the scope "aws" from
	// /token/ reads every repository, nobody writes, and there is no catalog. It
	// goes with Auth.Bearer.
	PublicECR bool
	// PageLimit refuses pages of more than n names with 413.
	PageLimit int
	// ClampPage cuts pages to n names and links to the rest.
	ClampPage int
	// RateHeaders counts manifest GETs against Docker Hub's limit of 100 in
	// six hours, and answers 429 beyond it.
	RateHeaders bool
	// Warning, if set, is sent as a Warning 299 header with every answer.
	Warning string
}

const (
	rateLimit  = 100
	rateWindow = 6 * time.Hour
)

// rate counts the manifest GETs of the current window.
type rate struct {
	started time.Time
	used    int
}

// SetQuirks changes the quirks of a running registry.
func (rg *Registry) SetQuirks(q Quirks) {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	rg.quirks = q
}

func (rg *Registry) currentQuirks() Quirks {
	rg.mu.RLock()
	defer rg.mu.RUnlock()
	return rg.quirks
}

// spend counts a manifest GET, and answers 429 itself when it reports false.
// A HEAD shows the limit and is free.
func (c *call) spend() bool {
	if !c.quirks.RateHeaders {
		return true
	}
	left, reset := c.take(c.r.Method == http.MethodGet)
	window := ";w=" + strconv.Itoa(int(rateWindow/time.Second))
	c.w.Header().Set("Ratelimit-Limit", strconv.Itoa(rateLimit)+window)
	c.w.Header().Set("Ratelimit-Remaining", strconv.Itoa(max(left, 0))+window)
	if left >= 0 {
		return true
	}
	c.w.Header().Set("Retry-After", strconv.Itoa(int(reset/time.Second)))
	c.fail(http.StatusTooManyRequests, codeTooMany, "you have reached your pull rate limit")
	return false
}

// take reports what is left, negative when nothing was, and when the window
// ends.
func (rg *Registry) take(counts bool) (left int, reset time.Duration) {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	now := rg.now()
	if now.Sub(rg.rate.started) >= rateWindow {
		rg.rate = rate{started: now}
	}
	reset = rg.rate.started.Add(rateWindow).Sub(now)
	if !counts {
		return rateLimit - rg.rate.used, reset
	}
	if rg.rate.used == rateLimit {
		return -1, reset
	}
	rg.rate.used++
	return rateLimit - rg.rate.used, reset
}
