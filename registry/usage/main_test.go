package usage_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMain is kubectl where it is called as that: the context says how it
// behaves.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "--context" {
		os.Exit(kubectl(os.Args[2]))
	}
	m.Run()
}

func kubectl(behaviour string) (exit int) {
	say := func(words string) int {
		fmt.Fprintln(os.Stderr, words)
		return 1
	}
	switch behaviour {
	case "hangs":
		plugin := exec.Command(os.Args[0], "--context", "plugin") // it outlives kubectl, and holds its output open
		plugin.Stdout = os.Stdout
		fmt.Print(`{"items": [`)
		_ = plugin.Run()
		return 0
	case "plugin":
		<-time.After(5 * time.Second)
	case "giant": // one object without an end
		fmt.Print(`{"items": [{"kind": "`)
		for {
			if _, err := fmt.Print(strings.Repeat("x", 4096)); err != nil {
				return 0
			}
		}
	case "talkative": // complaints without an end
		for {
			if _, err := fmt.Fprintln(os.Stderr, strings.Repeat("password=CANARY ", 100)); err != nil {
				return 1
			}
		}
	case "confides":
		return say("error: exec plugin: {\"status\":{\"token\":\"CANARY\"}} Authorization: Bearer CANARYx https://u:CANARY@h/")
	case "rubbish":
		fmt.Print("<!DOCTYPE html><html>sign in</html>")
	case "chatters":
		for {
			if _, err := fmt.Print("{]"); err != nil {
				return 0
			}
		}
	case "repeats":
		return say(strings.Join(os.Args[1:], " "))
	case "silent":
		return 3
	case "empty":
	case "unknown":
		return say(`error: context "unknown" does not exist`)
	case "signed-out":
		return say("error: You must be logged in to the server (Unauthorized)")
	case "partly":
		raw, _ := os.ReadFile("testdata/prod.json")
		_, _ = os.Stdout.Write(raw)
		return say("Error from server (Forbidden): cronjobs.batch is forbidden: User \"dev\" cannot list resource\x1b[2J")
	default:
		raw, err := os.ReadFile("testdata/" + behaviour + ".json")
		if err != nil {
			return say(err.Error())
		}
		_, _ = os.Stdout.Write(raw)
	}
	return 0
}
