package lifecycle

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"time"

	"regatta/model/text"
)

// timestamp is a time as the AWS command line prints it: ISO 8601, or seconds
// since 1970 with a fraction.
type timestamp struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *timestamp) UnmarshalJSON(raw []byte) error {
	switch {
	case string(raw) == "null":
		return nil
	case raw[0] == '"':
		return t.iso(raw)
	}
	return t.epoch(string(raw))
}

func (t *timestamp) iso(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700"} {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return fmt.Errorf("%q is not a time such as 2026-11-20T09:00:00Z", excerpt(text.Clean(s)))
}

// epoch is exact to the nanosecond, which a float64 is not.
func (t *timestamp) epoch(s string) error {
	seconds, ok := new(big.Float).SetPrec(128).SetString(s)
	const firstYear, lastYear = -62135596800, 253402300799
	if len(s) > 64 || !ok || seconds.Cmp(big.NewFloat(firstYear)) < 0 || seconds.Cmp(big.NewFloat(lastYear)) > 0 {
		return fmt.Errorf("%s is not a time in seconds since 1970", excerpt(s))
	}
	whole, _ := seconds.Int64()
	rest := new(big.Float).Sub(seconds, new(big.Float).SetInt64(whole))
	nanos, _ := rest.Mul(rest, big.NewFloat(1e9)).Float64()
	t.Time = time.Unix(whole, int64(math.Round(nanos))).UTC()
	return nil
}
