//go:build !unix

package child

import "os/exec"

// alone does nothing where there are no process groups.
func alone(*exec.Cmd) {}

// endGroup ends the program; what it started ends when its output is closed.
func endGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill() // it may have ended
	}
}
