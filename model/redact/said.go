package redact

import (
	"slices"
	"strings"
)

// option tells the long options of a command line: --password.
func option(name string) bool { return strings.HasPrefix(name, "--") }

// separatorOf is the separator after a name that ends at i: also the comma between the
// arguments of a program, and the verb of a sentence: "the password is hunter2".
func separatorOf(s, name string, i int) separator {
	sep := separatorAt(s, i)
	switch {
	case option(name) && sep.kind == 0:
		return betweenArguments(s, i, sep)
	case sep.kind == ' ':
		return afterVerb(s, sep, certain(name))
	}
	return sep
}

func betweenArguments(s string, i int, sep separator) separator {
	if q, after := quoteAt(s, i); q != "" {
		i = after
	}
	if at := blanks(s, i); at < len(s) && s[at] == ',' {
		return separator{kind: ' ', end: blanks(s, at+1)}
	}
	return sep
}

// afterVerb takes in the verb before what is given as the value, and not before what is
// said of it.
func afterVerb(s string, sep separator, certain bool) separator {
	for _, verb := range []string{"is", "was", "are"} {
		rest, ok := strings.CutPrefix(s[sep.end:], verb)
		if !ok || rest == "" || rest[0] != ':' && (rest[0] != ' ' || !certain) {
			continue
		}
		at := blanks(s, len(s)-len(strings.TrimLeft(rest, ":")))
		said := s[at:word(s, at)]
		if q, _ := quoteAt(s, at); q != "" || !saying(said) && !adjective(said) {
			return separator{kind: ':', end: at}
		}
	}
	return sep
}

// adjective tells what is said of a password rather than being one.
func adjective(word string) bool {
	word = strings.Trim(strings.ToLower(word), ".,;:!?()")
	for _, end := range []string{"ed", "ing", "able", "ible", "ly", "less"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return slices.Contains([]string{
		"weak", "short", "long", "empty", "blank", "old", "new", "ok", "correct", "different", "kept", "sent", "right",
		"safe", "hidden", "due", "out", "still", "now", "already", "also", "never", "always", "what", "where", "here",
		"later",
		"optional", "mandatory", "about", "available", "absent", "present", "encoded", "plain", "public", "secret",
	}, word)
}
