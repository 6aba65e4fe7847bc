package verb

import (
	"regatta/cmd/app"
	"regatta/model/image"
)

// PlatformFlag reads OS/ARCH[/VARIANT]; nil is all of them.
func PlatformFlag(given string) (*image.Platform, error) {
	if given == "" {
		return nil, nil //nolint:nilnil // no platform is what the user asked for
	}
	p, ok := image.ParsePlatform(given)
	if !ok {
		return nil, app.Mistakef("%q is no platform; want OS/ARCH or OS/ARCH/VARIANT, as in linux/arm64", given)
	}
	return &p, nil
}
