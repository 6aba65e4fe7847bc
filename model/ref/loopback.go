package ref

import (
	"net/netip"
	"strings"
)

// HostName is host without its port and brackets.
func HostName(host string) string {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		name, _, _ := strings.Cut(inner, "]")
		return name
	}
	name, _, _ := strings.Cut(host, ":")
	return name
}

// IsLoopback reports whether host is this machine by name or address. Such a
// host may be spoken to without TLS where it refuses TLS.
func IsLoopback(host string) bool {
	name := HostName(host)
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.IsLoopback()
}
