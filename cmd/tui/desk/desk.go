// Package desk is what all screens are connected with: the application, the changes of the
// session, and the way from plans to runs and back. It imports app, ui and model.
package desk

import (
	"regatta/cmd/app"
	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
)

// Desk is what all screens are connected with.
type Desk struct {
	App    *app.App
	Common kit.Common
	Board  *Board

	// open is the screen of whatever a reference names.
	Open func(r ref.Reference) kit.Screen
	// image is the screen of an image of a registry that is open; tags are those that it was
	// listed with, and raw shows its manifest first.
	Image func(c catalog.Context, b registry.Backend, r ref.Reference, tags []string, raw bool) kit.Screen
}
