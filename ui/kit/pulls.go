package kit

import "regatta/theme"

// CountsAsPulling asks before the manifests of what are read, where that counts
// as pulling.
func (l *Look) CountsAsPulling(width, height int, what, host string) string {
	return l.Message(width, height,
		Span{theme.Warn, "Reading the manifests of " + what + " counts as pulling the images, " +
			"and may move the times that rules go by."},
		Span{theme.Text, "Your role can be left out: regatta doctor " + host + " names the command."},
		Span{theme.Dim, "enter reads them, esc goes back"})
}
