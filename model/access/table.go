package access

import (
	"cmp"
	"slices"
	"strings"
)

// Verdict is what the policies say of someone and something. What they say
// nothing of, an identity's own policies decide within the account.
type Verdict string

// The verdicts.
const (
	Unsaid      Verdict = ""
	Allow       Verdict = "allow"
	Conditional Verdict = "conditional" // allowed, under a condition
	Deny        Verdict = "deny"
	DenyIf      Verdict = "deny-if" // not allowed here, and denied under a condition
)

// Row is what one principal may.
type Row struct {
	Principal Principal
	But       []Principal // of a statement about all others, who these are not
	// Pull, Push and Delete are about images, Administer is about the repository,
	// its policies and settings.
	Pull, Push, Delete, Administer Verdict
	Conditions                     []string
	Public                         bool // anyone may do something of it
	CrossAccount                   bool // it belongs to another account
}

// Name is how to speak of the row's principal.
func (r Row) Name() string {
	if len(r.But) == 0 {
		return r.Principal.String()
	}
	names := make([]string, len(r.But))
	for i, p := range r.But {
		names[i] = p.String()
	}
	return "* but " + strings.Join(names, ", ")
}

// Repository is what the policies are asked about.
type Repository struct {
	ARN     string
	Account string // twelve digits
}

// Table is what everyone whom the policies name may do with a repository. Whom
// anyone may be comes first, then those of other accounts.
func (r Repository) Table(policies ...Policy) []Row {
	var statements []Statement
	for _, p := range policies {
		for _, s := range p.Statements {
			if s.on(r.ARN) {
				statements = append(statements, s)
			}
		}
	}
	var rows []Row
	for _, s := range statements {
		for _, p := range s.Principals {
			rows = r.add(rows, Row{Principal: p}, statements)
		}
		if len(s.NotPrincipals) > 0 {
			rows = r.add(rows, Row{Principal: Principal{"*", "*"}, But: s.NotPrincipals}, statements)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Name(), b.Name()))
	})
	return rows
}

func (r Row) rank() int {
	switch {
	case r.Public:
		return 0
	case r.CrossAccount:
		return 1
	}
	return 2
}

func (r Repository) add(rows []Row, row Row, statements []Statement) []Row {
	if row.Principal.Everyone() {
		row.Principal = Principal{"*", "*"}
	}
	if slices.ContainsFunc(rows, func(o Row) bool { return o.Name() == row.Name() && o.Principal == row.Principal }) {
		return rows
	}
	own := statements
	if len(row.But) > 0 {
		own = slices.DeleteFunc(slices.Clone(statements), func(s Statement) bool {
			return !slices.Equal(s.NotPrincipals, row.But) && !slices.ContainsFunc(s.Principals, Principal.Everyone)
		})
	}
	row = row.judged(own)
	account := row.Principal.Account()
	row.CrossAccount = account != "" && account != r.Account
	row.Public = row.Principal.Everyone() && row.allowsAnything()
	return append(rows, row)
}

func (r Row) allowsAnything() bool {
	return slices.ContainsFunc([]Verdict{r.Pull, r.Push, r.Delete, r.Administer}, func(v Verdict) bool {
		return v == Allow || v == Conditional
	})
}
