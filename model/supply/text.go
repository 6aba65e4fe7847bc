package supply

import (
	"encoding/json"
	"strings"
	"time"

	"regatta/model/text"
)

// clip makes foreign text safe for a terminal, and short.
func clip(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return text.Clean(s)
}

// looseTime is a time, or nothing where it is not written as one.
type looseTime struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *looseTime) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		t.Time, _ = time.Parse(time.RFC3339, s) // zero if it does not parse
	}
	return nil
}
