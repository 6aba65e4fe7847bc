// Package finding is what a scan of an image for known weaknesses has found: its
// state, how many there are of each severity, and which. It imports the standard
// library only.
package finding

import (
	"strconv"
	"strings"
	"time"
)

// Severity is how bad a finding is. The worst is the smallest.
type Severity uint8

// The severities (API reference, ImageScanFinding).
const (
	Critical Severity = iota
	High
	Medium
	Low
	Informational
	Undefined
	severities
)

func words() [severities]string {
	return [severities]string{"critical", "high", "medium", "low", "informational", "undefined"}
}

// String is the severity in a word.
func (s Severity) String() string { return words()[min(s, Undefined)] }

// ParseSeverity reads a severity in whatever case. What it does not know is
// Undefined.
func ParseSeverity(s string) Severity {
	for i, w := range words() {
		if strings.EqualFold(s, w) {
			return Severity(i)
		}
	}
	return Undefined
}

// Severities are all of them, the worst first.
func Severities() []Severity {
	return []Severity{Critical, High, Medium, Low, Informational, Undefined}
}

// Counts are how many findings there are of each severity.
type Counts [severities]int

// Total is how many there are.
func (c Counts) Total() int {
	n := 0
	for _, of := range c {
		n += of
	}
	return n
}

// Most is the number of the severity that has the most.
func (c Counts) Most() int {
	most := 0
	for _, n := range c {
		most = max(most, n)
	}
	return most
}

// Worst is the worst severity of which there are any; ok is false if there is
// nothing.
func (c Counts) Worst() (s Severity, ok bool) {
	for i, n := range c {
		if n > 0 {
			return Severity(i), true
		}
	}
	return Undefined, false
}

// String names the counts, the worst first: "1 critical, 3 low".
func (c Counts) String() string {
	var out []string
	for _, s := range Severities() {
		if c[s] > 0 {
			out = append(out, strconv.Itoa(c[s])+" "+s.String())
		}
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

// Short is String in as few cells as a column has: "1C 3L".
func (c Counts) Short() string {
	var out []string
	for _, s := range Severities() {
		if c[s] > 0 {
			out = append(out, strconv.Itoa(c[s])+strings.ToUpper(s.String()[:1]))
		}
	}
	return strings.Join(out, " ")
}

// Package is where a finding is.
type Package struct {
	Name, Version string
	Fixed         string // the version that has it no more, "" if that is not known
	Path          string
}

// Finding is one weakness.
type Finding struct {
	Name        string // "CVE-2026-10001"
	Severity    Severity
	Score       float64 // 0: not known
	Packages    []Package
	Description string
	URI         string
}

// State says whether there are findings to look at.
type State string

// The states (API reference, ImageScanStatus).
const (
	NotScanned  State = "not scanned"
	Pending     State = "pending"
	Complete    State = "complete"
	Continuous  State = "continuous" // scanned again whenever something becomes known
	Failed      State = "failed"
	Unsupported State = "unsupported"
	Expired     State = "expired" // no longer watched
	Unavailable State = "unavailable"
	Limited     State = "limited"
	Archived    State = "archived"
)

// Report is what is known of one image.
type Report struct {
	State     State
	Reason    string // the scanner's own words
	Completed time.Time
	Counts    Counts
	Findings  []Finding
}

// Scanned reports whether Counts and Findings say something.
func (r Report) Scanned() bool {
	return r.State == Complete || r.State == Continuous || len(r.Findings) > 0
}

// Missing says in a sentence why there are no findings to see; "" if there are.
func (r Report) Missing() string {
	switch r.State {
	case Complete, Continuous:
		return ""
	case NotScanned:
		return "This image was not scanned: scanning is not enabled for it, or it was pushed before."
	case Pending:
		return "The scan is under way."
	case Failed:
		return "The scan has failed."
	case Unsupported:
		return "The scanner does not support this image."
	case Expired:
		return "The image is too old to be watched by the scanner any more."
	case Unavailable:
		return "The findings are not available."
	case Limited:
		return "The account's limit of scans is reached."
	case Archived:
		return "The image is archived: it is not scanned."
	}
	return "The scanner says: " + string(r.State)
}
