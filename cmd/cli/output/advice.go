package output

import (
	"errors"

	"regatta/model/fault"
	"regatta/model/plan"
)

// Advice is what to do about an error on the command line.
func Advice(err error) string {
	if own := fault.AdviceOf(err); own != "" {
		return own
	}
	refused := (*plan.RefusedError)(nil)
	if errors.As(err, &refused) {
		own := map[plan.Why]string{
			plan.TakesTags:   "--with-tags deletes the image with all its tags",
			plan.SourceLacks: "copy it from where it is whole: what is nowhere cannot be copied",
		}[refused.Why]
		if own != "" {
			return own
		}
	}
	return map[fault.Kind]string{
		fault.Auth:        "sign in: docker login HOST (or set credHelpers in docker's config)",
		fault.Denied:      "this identity may not do that; `regatta doctor HOST` shows who you are there",
		fault.NotFound:    "check the name; `regatta repos HOST` and `regatta tags HOST/REPOSITORY` list what there is",
		fault.RateLimited: "wait, or lower rate in the config",
		fault.Unresolved:  "check the name and your VPN or DNS",
		fault.Unreachable: "check the port and the proxy; --plain-http for registries without TLS",
		fault.TLS:         "set tls.ca in the config, or put the CA into docker's certs.d",
		fault.Timeout:     "try again; --log FILE shows where the time goes",
		fault.Unavailable: "the registry has a problem; try again later",
		fault.Protocol:    "is this a registry? --log FILE shows its answers",
		fault.Corrupt:     "the content is not what its digest says; do not use it",
		fault.Drift:       "the registry changed since the plan was made; make a new one",
		fault.Unrecorded:  "nothing is changed that cannot be written down; `regatta info` shows where",
		fault.NoSpace:     "free some space and try again: what is there is not read twice",
		fault.Incomplete:  "copy it again from where it is whole; --not-whole goes ahead in spite of it",
		fault.InUse:       "`regatta usage HOST/REPOSITORY` shows who; --in-use goes ahead in spite of them",
		fault.Unprotected: "mend the source, or take it out of usage in the config; --in-use also deletes what may be in use",
		fault.Stale:       "try again when the registry is less busy; --slow-list goes by an older list",
		fault.Occupied:    "choose another name, or move away what is there",
		fault.ReadOnly:    "remove --read-only, or read-only in the config",
	}[fault.KindOf(err)]
}
