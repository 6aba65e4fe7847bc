package layer

import (
	"fmt"
	"strings"

	"regatta/registry/sandbox/internal/prng"
)

func golang(src *prng.Source, i int, s Spec) drawn {
	tools := strings.Fields("go compile link asm cgo vet cover pprof trace gofmt")
	switch {
	case i == 0:
		return words("usr/local/go/VERSION", 40, 60, 1)
	case i <= len(tools):
		path := fmt.Sprintf("usr/local/go/pkg/tool/linux_%s/%s", s.Arch, tools[i-1])
		return executable(path, 3_000_000, 9_000_000, 1)
	}
	pkg := prng.Pick(src, strings.Fields(`archive/tar bufio bytes context crypto/tls database/sql encoding/json errors
		fmt go/types hash io net net/http os reflect regexp runtime sort strconv strings sync syscall testing time unicode`))
	return words(fmt.Sprintf("usr/local/go/src/%s/file%d.go", pkg, i), 4_000, 90_000, period(src, 2, 9))
}

func node(src *prng.Source, i int, s Spec) drawn {
	if i == 0 {
		return executable("usr/local/bin/node", s.Size*8/10, s.Size*8/10+100_000, 1)
	}
	part := prng.Pick(src, strings.Fields("bin docs lib/cli lib/commands lib/utils node_modules/tar node_modules/semver"))
	return words(fmt.Sprintf("usr/local/lib/node_modules/npm/%s/f%d.js", part, i), 1_000, 40_000, 3)
}

func python(src *prng.Source, i int, s Spec) drawn {
	switch i {
	case 0:
		return executable("usr/local/bin/python3.12", 40_000, 60_000, 1)
	case 1:
		return executable("usr/local/lib/libpython3.12.so.1.0", s.Size/4, s.Size/4+50_000, 1)
	}
	part := prng.Pick(src, strings.Fields("asyncio collections concurrent ctypes email encodings http json lib2to3"))
	return words(fmt.Sprintf("usr/local/lib/python3.12/%s/m%d.py", part, i), 2_000, 120_000, 4)
}
