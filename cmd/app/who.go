package app

import (
	"os"
	"os/user"

	"regatta/model/text"
)

// whoAmI is USER@MACHINE, as far as the system tells, for the journal.
func whoAmI() string {
	name := os.Getenv("USER")
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil && host != "" {
		name += "@" + host
	}
	return text.Clean(name)
}
