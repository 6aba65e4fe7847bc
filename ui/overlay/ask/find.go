package ask

import (
	"errors"

	"regatta/ui/kit"
)

// Find asks what to find in the text of a screen.
func Find(look *kit.Look, then func(string) kit.Intent) kit.Intent {
	check := func(text string) error {
		if text == "" {
			return errors.New("type what to find")
		}
		return nil
	}
	return kit.Push{Overlay: New(look, "find", "n finds the next, N the one before", check, then)}
}
