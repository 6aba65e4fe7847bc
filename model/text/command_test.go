package text_test

import (
	"testing"

	"regatta/model/text"
)

func TestCommand(t *testing.T) {
	t.Parallel()
	if got := text.Command([]string{"/app", "--name=x y", "", `say "hi"`}); got != `/app "--name=x y" "" "say \"hi\""` {
		t.Errorf("%s", got)
	}
}

func TestShell(t *testing.T) {
	t.Parallel()
	got := text.Shell([]string{"regatta", "prune", "h:5000/a/b", "--match", "git-*", "", "it's", "a b", "$HOME", "v1.0"})
	if want := `regatta prune h:5000/a/b --match 'git-*' '' 'it'\''s' 'a b' '$HOME' v1.0`; got != want {
		t.Errorf("%s", got)
	}
}
