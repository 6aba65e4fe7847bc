package uitest

import (
	"encoding/base64"
	"regexp"
	"sync"
)

// terminal is where the program draws. It keeps what the program puts on the
// clipboard (xterm's control sequences, OSC 52).
type terminal struct {
	mu     sync.Mutex
	copied string
}

var osc52 = regexp.MustCompile(`\x1b\]52;c;([A-Za-z0-9+/=]*)[\x07\x1b]`)

// Write implements io.Writer.
func (t *terminal) Write(p []byte) (int, error) {
	for _, found := range osc52.FindAllSubmatch(p, -1) {
		if raw, err := base64.StdEncoding.DecodeString(string(found[1])); err == nil {
			t.mu.Lock()
			t.copied = string(raw)
			t.mu.Unlock()
		}
	}
	return len(p), nil
}

// Clipboard is what the program has copied last.
func (d *Driver) Clipboard() string {
	d.terminal.mu.Lock()
	defer d.terminal.mu.Unlock()
	return d.terminal.copied
}
