package access

import "slices"

// PullActions are what a pull takes (Service authorization reference, Amazon
// ECR; so are those below).
func PullActions() []string { return []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"} }

// PushActions are what a push takes.
func PushActions() []string {
	return []string{
		"ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage",
		"ecr:UploadLayerPart",
	}
}

func deleteActions() []string { return []string{"ecr:BatchDeleteImage"} }

// administerActions are those of which each alone changes what a repository is or
// who may use it.
func administerActions() []string {
	return []string{
		"ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy", "ecr:DeleteRepository", "ecr:PutLifecyclePolicy",
		"ecr:DeleteLifecyclePolicy", "ecr:PutImageTagMutability", "ecr:PutImageScanningConfiguration", "ecr:TagResource",
		"ecr:UntagResource",
	}
}

// judged is the row filled from the statements that are about its principal.
func (r Row) judged(statements []Statement) Row {
	var own []Statement
	for _, s := range statements {
		if len(r.But) > 0 || s.covers(r.Principal) {
			own = append(own, s)
		}
	}
	r.Pull = all(own, PullActions())
	r.Push = all(own, PushActions())
	if replicated := all(own, []string{"ecr:ReplicateImage"}); r.Push == Unsaid {
		r.Push = replicated // what another account replicates is pushed here
	}
	r.Delete = all(own, deleteActions())
	r.Administer = strongest(own, administerActions())
	for _, s := range own {
		for _, c := range s.Conditions {
			if !slices.Contains(r.Conditions, c) {
				r.Conditions = append(r.Conditions, c)
			}
		}
	}
	return r
}

// all is the verdict on something that takes every one of the actions: the
// weakest of theirs.
func all(own []Statement, actions []string) Verdict {
	order := []Verdict{Deny, Unsaid, DenyIf, Conditional, Allow}
	weakest, conditional := Allow, false
	for _, a := range actions {
		v := verdict(own, a)
		conditional = conditional || v == DenyIf
		if slices.Index(order, v) < slices.Index(order, weakest) {
			weakest = v
		}
	}
	if weakest == Unsaid && conditional {
		return DenyIf
	}
	return weakest
}

// strongest is the verdict on something that any of the actions is.
func strongest(own []Statement, actions []string) Verdict {
	order := []Verdict{Unsaid, Deny, DenyIf, Conditional, Allow}
	best := Unsaid
	for _, a := range actions {
		if v := verdict(own, a); slices.Index(order, v) > slices.Index(order, best) {
			best = v
		}
	}
	return best
}

// verdict is that on one action: what is denied is denied, whatever allows it
// (IAM user guide, policy evaluation logic).
func verdict(own []Statement, action string) Verdict {
	said := map[Verdict]bool{}
	for _, s := range own {
		if s.about(action) {
			said[s.effect()] = true
		}
	}
	switch allowed := said[Allow] || said[Conditional]; {
	case said[Deny]:
		return Deny
	case allowed && said[DenyIf], said[Conditional] && !said[Allow]:
		return Conditional
	case allowed:
		return Allow
	case said[DenyIf]:
		return DenyIf
	}
	return Unsaid
}

func (s Statement) effect() Verdict {
	switch bound := len(s.Conditions) > 0; {
	case s.Deny && bound:
		return DenyIf
	case s.Deny:
		return Deny
	case bound:
		return Conditional
	}
	return Allow
}
