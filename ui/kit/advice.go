package kit

import (
	"errors"

	"regatta/model/fault"
	"regatta/model/redact"
)

// Advice is what to do about an error, in terms of the terminal UI's keys. It is
// empty where there is nothing better than to read the error.
func Advice(err error) string {
	if own := fault.AdviceOf(err); own != "" {
		return own
	}
	return map[fault.Kind]string{
		fault.Auth:        "sign in with docker login, then press r",
		fault.Denied:      "your identity may not do this; ask for the permission",
		fault.NotFound:    "it may have been deleted; press r to look again",
		fault.RateLimited: "wait, or lower rate in the config",
		fault.Unsupported: "this registry cannot do it",
		fault.Unresolved:  "check the name and your VPN or DNS",
		fault.Unreachable: "check the port, the proxy and that the registry runs",
		fault.TLS:         "set tls.ca in the config, or put the CA into certs.d",
		fault.Timeout:     "press r to try again; @ shows the requests",
		fault.Unavailable: "the registry has a problem; press r to try again",
		fault.Protocol:    "is this a registry? @ shows its answers",
		fault.TooLarge:    "it is not read, to protect this program",
		fault.Corrupt:     "the content is not what its digest says; do not use it",
		fault.NoSpace:     "free some space, then o in J goes on where it was",
		fault.ReadOnly:    "this context is read-only in the config",
		fault.InUse:       "u on the images shows who runs it",
		fault.Occupied:    "choose another name, or move away what is there",
		fault.Stale:       "plan it again when the registry is less busy; the plan says what it takes to go ahead",
		fault.Unprotected: "u on the images shows which source did not answer",
		fault.Incomplete:  "copy it again from where it is whole",
	}[fault.KindOf(err)]
}

// Sentence is the error for a line that may be too short for it: what kind it is
// comes first, then what was being done, then what the registry said.
func Sentence(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind == fault.Unknown {
		return redact.Line(err.Error())
	}
	said := e.Kind.String()
	if e.Op != "" {
		said += ": " + e.Op + " " + e.Object
	}
	switch {
	case e.Detail != "":
		said += ": " + e.Detail
	case e.Err != nil:
		said += ": " + e.Err.Error()
	}
	return redact.Line(said)
}

// KindText is the kind of an error in a few words, for a cell.
func KindText(err error) string { return fault.KindOf(err).String() }
