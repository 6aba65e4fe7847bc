package lifecycle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Text is the policy as JSON that ECR accepts, with the rules by priority and
// without what goes without saying. It is indented, or on one line where only
// that is short enough.
func (p Policy) Text() string {
	var rules []string
	for _, r := range p.rules {
		rules = append(rules, r.encode())
	}
	compact := `{"rules":[` + strings.Join(rules, ",") + `]}`
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(compact), "", "  "); err != nil || utf8.RuneCount(b.Bytes()) >= MaxText {
		return compact
	}
	return b.String() + "\n"
}

func (r Rule) encode() string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"rulePriority":%d,`, r.Priority)
	if r.Description != "" {
		fmt.Fprintf(&b, `"description":%s,`, quote(r.Description))
	}
	s := r.Selection
	fmt.Fprintf(&b, `"selection":{"tagStatus":%s,`, quote(string(s.TagStatus)))
	writeList(&b, "tagPatternList", s.Patterns)
	writeList(&b, "tagPrefixList", s.Prefixes)
	if s.Class != Standard {
		fmt.Fprintf(&b, `"storageClass":%s,`, quote(string(s.Class)))
	}
	fmt.Fprintf(&b, `"countType":%s,`, quote(string(s.CountType)))
	if s.CountType != ImageCountMoreThan {
		fmt.Fprintf(&b, `"countUnit":%s,`, quote(countUnit))
	}
	fmt.Fprintf(&b, `"countNumber":%d},"action":{"type":%s`, s.CountNumber, quote(string(r.Action)))
	if r.Action == TransitionAction {
		fmt.Fprintf(&b, `,"targetStorageClass":%s`, quote(string(Archive)))
	}
	b.WriteString("}}")
	return b.String()
}

func writeList(b *strings.Builder, name string, list []string) {
	if len(list) == 0 {
		return
	}
	var quoted []string
	for _, s := range list {
		quoted = append(quoted, quote(s))
	}
	fmt.Fprintf(b, `"%s":[%s],`, name, strings.Join(quoted, ","))
}

// quote is a JSON string that is never longer than the one it was read from:
// encoding/json escapes more than it must.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case strings.ContainsRune("\n\t\r\b\f", c):
			b.WriteString(strings.Trim(strconv.QuoteRune(c), "'"))
		case c < 0x20:
			b.WriteString(`\u00` + strconv.FormatInt(int64(c)+0x100, 16)[1:])
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
