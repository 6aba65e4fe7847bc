package sandbox

import (
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Fault says which requests go wrong and how. A request must fit all the
// conditions that are set.
type Fault struct {
	Method  string         // "" is any
	Prefix  string         // of the path
	Pattern *regexp.Regexp // found in the path
	// Operation is that of the AWS account, "ecr:DescribeImages"; a * stands
	// for anything.
	Operation string
	Match     func(*http.Request) bool // anything else
	Times     int                      // how often it strikes; zero is always
	Every     int                      // strikes every k-th fitting request; zero and one are each
	Effect    Effect
}

func (f Fault) fits(r *http.Request, operation string) bool {
	return (f.Method == "" || f.Method == r.Method) &&
		strings.HasPrefix(r.URL.Path, f.Prefix) &&
		(f.Pattern == nil || f.Pattern.MatchString(r.URL.Path)) &&
		(f.Operation == "" || f.fitsOperation(operation)) &&
		(f.Match == nil || f.Match(r))
}

func (f Fault) fitsOperation(operation string) bool {
	ok, err := path.Match(f.Operation, operation)
	return ok && err == nil
}

// Effect is what a fault does to a request. The effects are Status, Body,
// Cut, Corrupt, Slow, ExpireToken, Hang, Throttle, APIError, ExpirePasswords,
// Meanwhile and Afterwards.
type Effect interface {
	strike(rg *Registry, next http.Handler) http.Handler
}

// armed is a fault with its counters.
type armed struct {
	Fault

	seen, struck int
}

// Inject adds a fault. Faults that strike the same request wrap each other,
// the first injected outermost.
func (rg *Registry) Inject(f Fault) {
	if f.Effect == nil {
		panic("sandbox: a fault needs an effect")
	}
	rg.mu.Lock()
	defer rg.mu.Unlock()
	rg.faults = append(rg.faults, &armed{Fault: f})
}

// ClearFaults removes all faults.
func (rg *Registry) ClearFaults() {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	rg.faults = nil
}

// faulty wraps the handler in the effects that strike the request.
func (rg *Registry) faulty(h http.Handler, r *http.Request) http.Handler {
	effects := rg.striking(r)
	for _, effect := range slices.Backward(effects) {
		h = effect.strike(rg, h)
	}
	return h
}

func (rg *Registry) striking(r *http.Request) []Effect {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	operation := rg.cloud.server.OperationOf(r)
	var effects []Effect
	for _, a := range rg.faults {
		if a.fits(r, operation) && a.due() {
			effects = append(effects, a.Effect)
		}
	}
	return effects
}

func (a *armed) due() bool {
	a.seen++
	if a.Times > 0 && a.struck == a.Times || a.Every > 1 && a.seen%a.Every != 0 {
		return false
	}
	a.struck++
	return true
}
