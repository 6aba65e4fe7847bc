package aws

import (
	"encoding/base64"
	"encoding/json"
	"slices"
)

// Paging is what a request says about pages.
type Paging struct {
	MaxResults *int   `json:"maxResults"`
	NextToken  string `json:"nextToken"`
}

// Asked reports whether pages are spoken of at all.
func (p Paging) Asked() bool { return p.MaxResults != nil || p.NextToken != "" }

// Size is the page size asked for, or the usual one.
func (p Paging) Size(usual, most int) (int, error) {
	switch {
	case p.MaxResults == nil:
		return usual, nil
	case *p.MaxResults < 1:
		return 0, Invalid("maxResults", "Member must have value greater than or equal to 1")
	case *p.MaxResults > most:
		return 0, Invalid("maxResults", "Member must have value less than or equal to %d", most)
	}
	return *p.MaxResults, nil
}

// Token makes an opaque token of a place to go on from.
func Token(place any) string {
	raw, err := json.Marshal(place)
	if err != nil {
		panic("aws: encode a token: " + err.Error())
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// Place reads a token back; none leaves the place as it is.
func (p Paging) Place(place any) error {
	if p.NextToken == "" {
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(p.NextToken)
	if err != nil || json.Unmarshal(raw, place) != nil {
		return Invalid("nextToken", "Invalid nextToken")
	}
	return nil
}

// Page cuts a page out of sorted names. Next is "" after the last.
func (p Paging) Page(names []string, usual, most int) (page []string, next string, err error) {
	size, err := p.Size(usual, most)
	if err != nil {
		return nil, "", err
	}
	last := ""
	if err := p.Place(&last); err != nil {
		return nil, "", err
	}
	if last != "" {
		after, found := slices.BinarySearch(names, last)
		if found {
			after++
		}
		names = names[after:]
	}
	if len(names) <= size {
		return names, "", nil
	}
	return names[:size], Token(names[size-1]), nil
}
