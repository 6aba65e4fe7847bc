package plan

// Barred is why the plan cannot be begun: there is nothing to do in it, or nothing that
// it could bring back. It is empty where there are steps.
func (p Plan) Barred() string {
	switch {
	case !p.Empty():
		return ""
	case p.Loses():
		return "nothing of it can be brought back"
	}
	return "there is nothing to do"
}
