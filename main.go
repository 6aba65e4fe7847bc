// Command regatta browses and manages container registries in the terminal.
package main

import (
	"os"

	"regatta/cmd"
)

func main() { os.Exit(int(cmd.Main(os.Args[1:]))) }
