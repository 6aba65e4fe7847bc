package plan

// RiskKind says why a plan deserves a second look.
type RiskKind string

// The kinds of risk.
const (
	ManyImages  RiskKind = "many-images"  // more images go than one reads through
	Protected   RiskKind = "protected"    // a tag matches a pattern that the user protects
	LastTag     RiskKind = "last-tag"     // a digest loses its last tag
	ProdTag     RiskKind = "prod-tag"     // a tag that people deploy from
	ProdContext RiskKind = "prod-context" // the context is marked as production
	ActsAlone   RiskKind = "acts-alone"   // the registry acts on it later, by itself
	Incomplete  RiskKind = "incomplete"   // something could not be read
	InUseRisk   RiskKind = "in-use"       // something runs an image that goes or loses a tag
	Unprotected RiskKind = "unprotected"  // a usage source did not answer in full: more may be in use
	Preflight   RiskKind = "preflight"    // a check before going back has a doubt
	// RefusedBefore is that the registry would not delete such a thing the last time.
	RefusedBefore RiskKind = "refused-before"
	NotWhole      RiskKind = "not-whole" // a tag gets an image that cannot be pulled
	SlowListRisk  RiskKind = "slow-list" // the tags take too long to list for a delete to be sure
	Replaces      RiskKind = "replaces"  // a file on this machine is written anew
)

// Risk is a reason to be careful, in a sentence. A Typed risk is confirmed by
// typing the repository's name, the others by a plain yes. One that is an Override
// is refused unless it was asked for, and is confirmed by typing a word of its own.
type Risk struct {
	Kind   RiskKind `json:"kind"`
	Typed  bool     `json:"typed"`
	Reason string   `json:"reason"`
	// Override says that the plan does what would be refused without being asked for.
	Override bool `json:"override,omitempty"`
}

// Rules say what counts as risky. The zero value marks nothing but lost last
// tags and gaps in knowledge; see DefaultRules.
type Rules struct {
	ManyImages  int      // this many deleted manifests or changed tags are many; 0 is never
	Protected   []string // tags or patterns with * and ?
	ProdTags    []string // tags or patterns with * and ?
	ProdContext string   // the context's name where it is marked as production
}

// DefaultRules are the rules where the user has set none.
func DefaultRules() Rules {
	return Rules{ManyImages: 20, ProdTags: []string{
		"prod", "prod-*", "*-prod", "production", "production-*", "*-production", "live", "stable", "latest",
	}}
}
