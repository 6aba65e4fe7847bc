package lifecycle

import (
	"slices"
	"strings"

	"regatta/model/fault"
	"regatta/model/text"
)

// AssumptionID names an assumption.
type AssumptionID string

// The assumptions.
const (
	ChildrenCounted  AssumptionID = "children-counted"
	EqualTimes       AssumptionID = "equal-times"
	ExactDays        AssumptionID = "exact-days"
	EqualLists       AssumptionID = "equal-lists"
	ReferrersCounted AssumptionID = "referrers-counted"
	CaseSensitive    AssumptionID = "case-sensitive"
	RestoredAge      AssumptionID = "restored-age"
	ChildrenWait     AssumptionID = "children-wait"
	ArchivedIndex    AssumptionID = "archived-index"
	ReferrersFollow  AssumptionID = "referrers-follow"
	NoTime           AssumptionID = "no-time"
	ArchiveMinimum   AssumptionID = "archive-minimum"
	ExpireTarget     AssumptionID = "expire-target"
	PlainNumbers     AssumptionID = "plain-numbers"
	CreatedTimes     AssumptionID = "created-times"
)

// Assumption is a point that AWS does not document, and what is taken for true.
// Where both are possible, the one that predicts more removals is: a preview
// must not promise too much.
type Assumption struct {
	ID        AssumptionID
	Assumed   string // a sentence
	Otherwise string // the sentence that holds where it is switched; empty: it cannot be
}

// Assumptions are all of them, in the order in which to list them.
func Assumptions() []Assumption {
	return []Assumption{
		{
			ChildrenCounted, "Images that an index references take up places among the images that imageCountMoreThan keeps.",
			"They take up no places.",
		},
		{
			EqualTimes, "Of images with the same time the one with the lesser digest counts as newer.",
			"The one with the greater digest does.",
		},
		{
			ExactDays, "An image is older than N days when more than N times 24 hours have passed.",
			"It is when its day, in UTC, lies more than N days before today.",
		},
		{EqualLists, "Two rules of a storage class may not have equal lists of prefixes or patterns; they may overlap.", ""},
		{
			ReferrersCounted, "Signatures and other referrers are selected and counted like any image.",
			"They take up no places among the images that imageCountMoreThan keeps.",
		},
		{CaseSensitive, "Prefixes and patterns distinguish upper and lower case.", "They do not."},
		{
			RestoredAge, "The age of an image that was restored from the archive counts from then, for sinceImagePushed too.",
			"For sinceImagePushed it counts from the push.",
		},
		{
			ChildrenWait, "An image that an index references waits for a later run when the index goes in this one.",
			"It can go in the same run.",
		},
		{ArchivedIndex, "An index in the archive does not protect the images that it references.", "It does."},
		{
			ReferrersFollow, "Referrers that no rule takes go with their subject, though AWS takes up to 24 hours more.",
			"They stay.",
		},
		{
			NoTime, "An image of which no time is known counts as the newest and never becomes old.",
			"It counts as the oldest, and is older than any number of days.",
		},
		{ArchiveMinimum, "sinceImageTransitioned takes 90 days and more.", ""},
		{ExpireTarget, "The action expire may carry a targetStorageClass, which says nothing.", ""},
		{PlainNumbers, "Numbers are written without point and exponent, and are at most 2147483647.", ""},
		{CreatedTimes, "Where a registry does not tell when an image was pushed, it is the time when it was made.", ""},
	}
}

// Switches are the assumptions that are turned round, for an evaluation.
type Switches map[AssumptionID]bool

// Switch reads the names of assumptions to turn round.
func Switch(names ...string) (Switches, error) {
	out := Switches{}
	var may []string
	for _, a := range Assumptions() {
		if a.Otherwise != "" {
			may = append(may, string(a.ID))
		}
	}
	for _, name := range names {
		if !slices.Contains(may, name) {
			return nil, &fault.Error{
				Op: "switch the assumption", Object: text.Clean(name), Kind: fault.Invalid,
				Detail: "there are " + strings.Join(may, ", "),
			}
		}
		out[AssumptionID(name)] = true
	}
	return out, nil
}
