package usage_test

import (
	"testing"

	"regatta/model/ref"
	"regatta/model/text"
	model "regatta/model/usage"
)

// sound checks what holds of every answer, whatever it was made of.
func sound(t *testing.T, a model.Answer) {
	t.Helper()
	for _, u := range a.Uses {
		if r, err := ref.ParseRepository(u.Image.String()); err != nil || r != u.Image {
			t.Errorf("%v is no reference: %v", u.Image, err)
		}
		if text.Clean(u.String()) != u.String() || u.Running < 0 {
			t.Errorf("%q, %d running", u.String(), u.Running)
		}
	}
	if a.Err != nil && text.Clean(a.Err.Error()) != a.Err.Error() {
		t.Errorf("error %q", a.Err)
	}
}
