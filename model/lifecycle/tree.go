package lifecycle

import "slices"

// node is a JSON value and where it stands.
type node struct {
	kind    kind
	span    Span
	text    string // a string's value, a number as written
	members []member
	items   []node
}

// member is a key of an object with its value.
type member struct {
	key   string
	at    Span // of the key, with its quotes
	value node
}

type kind uint8

const (
	isNothing kind = iota // unreadable: there is a violation for it
	isObject
	isArray
	isString
	isNumber
	isBool
	isNull
)

// String is the kind with its article, for messages.
func (k kind) String() string {
	return [...]string{"nothing", "an object", "an array", "a string", "a number", "a boolean", "null"}[k]
}

// member is the last value of a key.
func (n node) member(key string) (node, bool) {
	for _, m := range slices.Backward(n.members) {
		if m.key == key {
			return m.value, true
		}
	}
	return node{}, false
}

// open is where an object or array begins: its bracket.
func (n node) open() Span { return Span{n.span.From, min(n.span.From+1, n.span.To)} }
