package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	childPath = "REGATTA_STORE_TEST_PATH"
	childSeed = "REGATTA_STORE_TEST_SEED"
	childPuts = 400
)

// TestChild is the other program of the tests below. It says "more" after
// every round, and goes on until killed where the seed is negative.
func TestChild(t *testing.T) {
	path := os.Getenv(childPath)
	if path == "" {
		t.Skip("it runs as a process of its own")
	}
	seed, err := strconv.Atoi(os.Getenv(childSeed))
	if err != nil {
		t.Fatal(err)
	}
	s := Open(Options{Path: path, Now: newTicker().now})
	for i := 0; seed < 0 || i < childPuts; i++ {
		d, raw := blob(max(seed, 0)+i, 2000)
		s.PutContent(d, "m", raw)
		s.See(host, repo, fmt.Sprintf("v%d-%d", max(seed, 0), i), d)
		if i%50 == 0 {
			if err := s.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, _ = fmt.Fprintln(os.Stdout, "more")
		}
	}
	if st := s.Status(); !st.Working {
		t.Errorf("status %+v", st)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func child(ctx context.Context, path string, seed int) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childPath+"="+path, childSeed+"="+strconv.Itoa(seed))
	return cmd
}

func TestTwoProcessesWriteAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cache.db")
	results := make(chan error, 2)
	for n := range 2 {
		go func() {
			out, err := child(t.Context(), path, n*10_000).CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			results <- err
		}()
	}
	for range 2 {
		if err := <-results; err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, Options{Path: path})
	for _, seed := range []int{0, 10_000} {
		for i := range childPuts {
			d, raw := blob(seed+i, 2000)
			wantContent(t, s, d, raw)
		}
	}
	tags, err := s.Tags(t.Context(), host, repo)
	if err != nil || len(tags) != 2*childPuts {
		t.Fatal(len(tags), err)
	}
}

func TestTwoStoresShareAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cache.db")
	a, b := open(t, Options{Path: path}), open(t, Options{Path: path})
	d, raw := blob(1, 100)
	a.PutContent(d, "m", raw)
	a.See(host, repo, "v1", d)
	if err := a.SetPin(host, repo, true); err != nil {
		t.Fatal(err)
	}
	flush(t, a)
	wantContent(t, b, d, raw)
	b.See(host, repo, "v1", d)
	if got, err := b.History(t.Context(), host, repo, "v1"); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if pins, err := b.Pins(t.Context(), host); err != nil || len(pins) != 1 {
		t.Fatal(pins, err)
	}
}

func TestKilledInTheMiddleOfWrites(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cache.db")
	for round := range 3 {
		cmd := child(t.Context(), path, -1)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 2 + round {
			if !lines.Scan() || !strings.HasPrefix(lines.Text(), "more") {
				t.Fatalf("the child said %q", lines.Text())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		s := open(t, Options{Path: path})
		if st := s.Status(); !st.Working || st.Reason != "" || st.Items < 50 {
			t.Fatalf("status after a kill: %+v", st)
		}
		d, raw := blob(0, 2000)
		wantContent(t, s, d, raw)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
