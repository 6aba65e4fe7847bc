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
