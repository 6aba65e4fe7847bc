package cli

import (
	"strings"
	"testing"
)

// Whatever is typed or pasted, the editor says where it is wrong, nothing is
// saved, and the text is still there to be put right.
func TestLifecycleEditorTakesAnything(t *testing.T) {
	t.Parallel()
	rule := func(selection string) string {
		return `{"rules": [{"rulePriority": 1, "selection": {` + selection + `}, "action": {"type": "expire"}}]}`
	}
	const count = `"countType": "imageCountMoreThan", "countNumber": 3`
	with := wide(ofAccount("shop/mailer"))
	for name, c := range map[string]struct{ text, says string }{
		"empty":     {"", "1:1 "},
		"too long":  {rule(`"tagStatus": "any", ` + count + strings.Repeat(" ", 31<<10)), "30,720"},
		"twice":     {rule(`"tagStatus": "any", "tagStatus": "any", ` + count), "1:66 "},
		"BOM":       {"\ufeff" + rule(`"tagStatus": "any", `+count), "1:1 "},
		"comment":   {"// ours\n" + rule(`"tagStatus": "any", `+count), "1:1 "},
		"types":     {rule(`"tagStatus": 7, "countType": "imageCountMoreThan", "countNumber": "3"`), "1:59 "},
		"huge":      {rule(`"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 99999999999999999999`), "countNumber"},
		"wildcards": {rule(`"tagStatus": "tagged", "tagPatternList": ["*a*a*a*a*a*a*b"], ` + count), "Invalid tag pattern provided"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, with, func(s *stage) {
				s.Advance(settle).Press("L").Advance(settle).Press("enter").Advance(settle).Press("n", "j", "enter").Advance(settle)
				s.Press("e")
				for range 40 {
					s.Press("down")
				}
				s.Press("end")
				for range 60 {
					s.Press("ctrl+u", "backspace")
				}
				if c.text != "" {
					s.Paste(c.text)
				}
				s.Advance(settle).See(c.says).Press("esc").See("ECR would not take this policy")
				s.Press("w").See("would not take this policy").SeeNot("STEPS").Advance(settle).Press("e").See(c.says)
				for _, r := range s.reg.Requests() {
					if r.Operation == "ecr:PutLifecyclePolicy" {
						t.Error("it was saved")
					}
				}
			})
		})
	}
}
