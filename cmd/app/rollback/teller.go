package rollback

import (
	"sync"

	"regatta/model/deploy"
	"regatta/model/text"
)

// teller says of each service what is new. It is safe for concurrent use.
type teller struct {
	mu    sync.Mutex
	say   func(line string)
	said  map[string]string // the last line, by name
	event map[string]bool
}

func (t *teller) line(name, said string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.said[name] != said {
		t.said[name] = said
		t.say(name + ": " + text.Clean(said))
	}
}

func (t *teller) events(name string, all []deploy.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.event == nil {
		t.event = map[string]bool{}
	}
	for _, e := range all {
		key := name + e.At.String() + e.Text
		if !t.event[key] {
			t.event[key] = true
			t.say(name + ": " + e.At.UTC().Format("15:04:05") + " " + e.Text)
		}
	}
}
