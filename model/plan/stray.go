package plan

import "strings"

// Stray is a tag that vanished while a run deleted, and that its plan did not name:
// HOST/REPOSITORY:TAG@DIGEST, with what it pointed to when it was seen last, if
// that is known. Along says that the run has deleted that manifest, so that the tag
// went with it, and undo brings it back. Otherwise somebody else has removed it, or
// moved it onto what was deleted.
type Stray struct {
	Reference string `json:"reference"`
	Along     bool   `json:"along"`
	// Unknown says that the tags of a repository, which Reference names, could not be
	// compared: whether any vanished is not known.
	Unknown bool `json:"unknown,omitempty"`
}

// CompareStrays orders by the reference.
func CompareStrays(a, b Stray) int { return strings.Compare(a.Reference, b.Reference) }

// String says what became of the tag.
func (s Stray) String() string {
	switch {
	case s.Unknown:
		return "whether other tags of " + s.Reference + " vanished is not known: the registry did not list them"
	case s.Along:
		return s.Reference + " went along, and was not in the plan: undo brings it back"
	}
	return s.Reference + " vanished meanwhile: somebody else has removed it, or moved it onto what was deleted"
}
