package cli

import "runtime/debug"

// version is set by release builds; other builds take the module's.
//

var version = ""

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development build"
}

func userAgent() string { return "regatta/" + versionText() }
