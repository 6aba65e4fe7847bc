package layer

import (
	"fmt"
	"strings"

	"regatta/registry/sandbox/internal/prng"
)

func stems() []string {
	return strings.Fields(`acl apt attr audit bash blkid bz2 cap crypt curl db dl elf expat ffi fdisk gcc gcrypt gmp
		gnutls gpg hogweed icu idn2 jpeg kmod krb5 ldap lz4 lzma mount ncurses nettle nss pam pcre2 png pq psl readline
		resolv sasl seccomp selinux smartcols sqlite ssl stdc systemd tasn1 tinfo tirpc udev unistring uuid xml2 xxhash zstd`)
}

func triplet(arch string) string {
	switch arch {
	case "arm64":
		return "aarch64-linux-gnu"
	case "arm":
		return "arm-linux-gnueabihf"
	}
	return "x86_64-linux-gnu"
}

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`

func debian(src *prng.Source, i int, s Spec) drawn {
	switch i {
	case 0:
		return drawn{path: "usr/lib/os-release", text: osRelease, low: 0, high: 0}
	case 1:
		return drawn{path: "etc/debian_version", text: fmt.Sprintf("12.%d\n", 4+s.Rev/3), period: 1}
	case 2:
		return words("var/lib/dpkg/status", 90_000, 120_000, 1)
	case 3:
		return executable("usr/bin/bash", 1_200_000, 1_300_000, 9)
	case 4:
		return executable("usr/lib/"+triplet(s.Arch)+"/libc.so.6", 1_900_000, 2_000_000, 6)
	}
	return apt(src, i, s)
}

func apt(src *prng.Source, i int, s Spec) drawn {
	stem := prng.Pick(src, stems())
	every := period(src, 2, 14)
	switch src.IntN(8) {
	case 0:
		return words(fmt.Sprintf("usr/share/doc/lib%s%d/copyright", stem, i), 1_000, 30_000, 0)
	case 1:
		return executable(fmt.Sprintf("usr/bin/%s-%d", stem, i), 20_000, 400_000, every)
	case 2:
		return words(fmt.Sprintf("usr/share/perl5/%s/%d.pm", stem, i), 2_000, 60_000, every)
	case 3:
		return words(fmt.Sprintf("var/lib/dpkg/info/lib%s%d.md5sums", stem, i), 500, 6_000, every)
	}
	return executable(fmt.Sprintf("usr/lib/%s/lib%s.so.%d", triplet(s.Arch), stem, i), 40_000, 600_000, every)
}

func certs(src *prng.Source, i int, _ Spec) drawn {
	if i == 0 {
		return words("etc/ssl/certs/ca-certificates.crt", 210_000, 225_000, 4)
	}
	zone := prng.Pick(src, []string{"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})
	return drawn{
		path: fmt.Sprintf("usr/share/zoneinfo/%s/Zone%d", zone, i), text: "TZif2",
		low: 400, high: 9_000, period: 9,
	}
}

func windows(src *prng.Source, i int, _ Spec) drawn {
	stem := prng.Pick(src, stems())
	return drawn{
		path: fmt.Sprintf("Files/Windows/System32/%s%d.dll", stem, i), text: "MZ\x90\x00",
		low: 60_000, high: 900_000, period: 5,
	}
}
