package cmd

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write golden files and generated pages anew")
	os.Exit(m.Run())
}

