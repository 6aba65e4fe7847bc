// Package lifecycle is ECR's lifecycle policy language: it parses and validates
// policies with the place of every mistake, evaluates them over the images of a
// repository and explains what it decided, compares and forecasts. What AWS does
// not document is an Assumption. It imports the standard library and its
// siblings fault, ref and text.
//
// "Page" below is a page of the Amazon ECR user guide: LifecyclePolicies,
// lifecycle_policy_parameters, lifecycle_policy_examples.
package lifecycle

import "slices"

// Limits of the policy text and its rules, from the API's model and the page
// service-quotas.
const (
	MinText      = 100    // characters
	MaxText      = 30_720 // characters
	MaxRules     = 50
	MaxWildcards = 4  // in a pattern
	MinArchived  = 90 // days in the archive before a rule may expire an image
	maxNumber    = 1<<31 - 1
)

// TagStatus says which images a rule selects by their tags.
type TagStatus string

// The tag statuses.
const (
	Tagged   TagStatus = "tagged"
	Untagged TagStatus = "untagged"
	Any      TagStatus = "any"
)

// StorageClass is where an image is kept.
type StorageClass string

// The storage classes. A rule that names none selects Standard.
const (
	Standard StorageClass = "standard"
	Archive  StorageClass = "archive"
)

// CountType says what a rule counts.
type CountType string

// The count types.
const (
	ImageCountMoreThan     CountType = "imageCountMoreThan"
	SinceImagePushed       CountType = "sinceImagePushed"
	SinceImagePulled       CountType = "sinceImagePulled"
	SinceImageTransitioned CountType = "sinceImageTransitioned"
)

// ActionType is what a rule does to the images it marks.
type ActionType string

// The actions.
const (
	ExpireAction     ActionType = "expire"
	TransitionAction ActionType = "transition"
)

// countUnit is the one unit that there is.
const countUnit = "days"

// Selection says which images a rule is about and which of them it marks (page
// lifecycle_policy_parameters).
type Selection struct {
	TagStatus   TagStatus
	Prefixes    []string // a tag begins with each of them; only of tagged rules
	Patterns    []string // a whole tag matches each of them, '*' is any text
	Class       StorageClass
	CountType   CountType
	CountNumber int // images, or days of 24 hours; at least 1
}

// Rule is one rule of a policy.
type Rule struct {
	Priority    int // at least 1; the lowest is applied first
	Description string
	Selection   Selection
	Action      ActionType // a transition is always to the archive
	Span        Span       // in the text that it was parsed from
}

// Policy is a valid policy: only Parse makes one. The zero value has no rules
// and keeps every image.
type Policy struct {
	rules []Rule // by priority
}

// Rules are the rules, the first to be applied first.
func (p Policy) Rules() []Rule { return slices.Clone(p.rules) }
