package sandbox

import (
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"
)

// token is a bearer token with what it grants, "type:name:action" each.
type token struct {
	user    string
	grants  []string
	expires time.Time
}

// covers reports whether the token grants a scope "type:name:a,b".
func (t token) covers(scope string) bool {
	if scope == "" {
		return true
	}
	for _, one := range splitScope(scope) {
		if !slices.Contains(t.grants, one) {
			return false
		}
	}
	return true
}

// splitScope makes "type:name:a,b" into "type:name:a" and "type:name:b". The
// name may hold colons.
func splitScope(scope string) []string {
	i := strings.LastIndexByte(scope, ':')
	if i < 0 {
		return nil
	}
	var all []string
	for action := range strings.SplitSeq(scope[i+1:], ",") {
		all = append(all, scope[:i+1]+action)
	}
	return all
}

// tokens are the tokens that were issued and are still good.
type tokens struct {
	mu      sync.Mutex
	access  map[string]token
	refresh map[string]string // refresh token to user
}

func (ts *tokens) issue(t token, now time.Time) string {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.access == nil {
		ts.access = map[string]token{}
	}
	for id, old := range ts.access {
		if !now.Before(old.expires) {
			delete(ts.access, id)
		}
	}
	id := rand.Text()
	ts.access[id] = t
	return id
}

func (ts *tokens) issueRefresh(user string) string {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.refresh == nil {
		ts.refresh = map[string]string{}
	}
	id := rand.Text()
	ts.refresh[id] = user
	return id
}

func (ts *tokens) find(id string, now time.Time) (token, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t, ok := ts.access[id]
	return t, ok && now.Before(t.expires)
}

func (ts *tokens) userOf(refresh string) (string, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	user, ok := ts.refresh[refresh]
	return user, ok
}

func (ts *tokens) revoke(id string) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	delete(ts.access, id)
}
