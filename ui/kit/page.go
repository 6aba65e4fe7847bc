package kit

import "regatta/model/catalog"

// Page is how a screen is called, and which registry it is about. Screens embed it.
type Page struct {
	Name    string
	Context catalog.Context
}

// Title implements Titled.
func (p Page) Title() string { return p.Name }

// Host implements Hosted.
func (p Page) Host() string { return p.Context.Host }

// Badges implements Badged.
func (p Page) Badges() []Span { return ContextBadges(p.Context) }
