package lifecycle

import (
	"testing"

	"regatta/model/lifecycle"
)

// ECR would take every template.
func TestTemplatesAreValid(t *testing.T) {
	t.Parallel()
	for _, one := range templates() {
		if _, violations := lifecycle.Parse(one.text()); len(violations) > 0 {
			t.Errorf("%s: %v", one.name, violations)
		}
	}
}
