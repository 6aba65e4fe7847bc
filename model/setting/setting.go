// Package setting is how a repository is set up, beside who may use it: which of
// its tags move, how it is scanned and encrypted, where it is replicated to and
// what it caches. It imports model.
package setting

import (
	"strings"
	"time"

	"regatta/model/image"
	"regatta/model/text"
)

// Repository is how a repository is set up. What could not be read is in
// Missing, and then empty here.
type Repository struct {
	Created    time.Time
	Mutability image.Mutability
	ScanOnPush bool
	Encryption Encryption
	Replicas   []Place   // where the registry's rules replicate it to
	Upstream   *Upstream // what it caches, nil for nothing
	Missing    []error   // each says which part could not be read, and why
}

// Encryption is how what is stored is encrypted.
type Encryption struct {
	Type string // "AES256", "KMS"
	Key  string // of a key management service, empty for one that the registry has
}

// String is the encryption in words.
func (e Encryption) String() string { return strings.TrimSpace(e.Type + " " + e.Key) }

// Place is a registry elsewhere.
type Place struct {
	Region  string
	Account string // twelve digits
}

// Upstream is another registry whose images a repository caches when they are
// pulled (user guide, pull through cache rules).
type Upstream struct {
	Prefix string // of the repositories that cache it
	Host   string // of the other registry
}

// Copy is how the replication of an image to another place went.
type Copy struct {
	Place

	Status  string // "IN_PROGRESS", "COMPLETE", "FAILED"
	Failure string // the code of the failure, if it failed
}

// Name is the place, and the account where it is another than home.
func (p Place) Name(home string) string {
	if p.Account == "" || p.Account == home {
		return p.Region
	}
	return p.Region + " of " + p.Account
}

// Field is one setting in words.
type Field struct{ Name, Value string }

// Fields are the settings in words, as they are seen from an account. What is
// missing is none of them.
func (r Repository) Fields(home string) []Field {
	fields := []Field{
		{"tags", r.Mutability.String()},
		{"scanned", map[bool]string{true: "on push", false: "not on push"}[r.ScanOnPush]},
		{"encrypted", r.Encryption.String()},
	}
	if len(r.Replicas) > 0 {
		names := make([]string, len(r.Replicas))
		for i, p := range r.Replicas {
			names[i] = p.Name(home)
		}
		fields = append(fields, Field{"replicated to", strings.Join(names, ", ")})
	}
	if u := r.Upstream; u != nil {
		fields = append(fields, Field{"caches", u.Host + ", as all below " + u.Prefix})
	}
	if !r.Created.IsZero() {
		fields = append(fields, Field{"created", text.Stamp(r.Created) + " UTC"})
	}
	return fields
}
