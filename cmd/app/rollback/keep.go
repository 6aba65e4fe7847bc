package rollback

import "regatta/cmd/app"

// DefaultKeep begins, unless the user wants another, the tags that keep what was
// rolled back from.
const DefaultKeep = "rollback-from-"

// KeepPrefix begins the tags that keep what is left behind, as the config says.
func KeepPrefix(s *app.App) string {
	switch keep := s.Config.Rollback.Keep; keep {
	case "":
		return DefaultKeep
	case "none":
		return ""
	default:
		return keep
	}
}
