package browse

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/cli/output"
	"regatta/model/access"
	"regatta/model/ref"
	"regatta/model/text"
)

type accessJSON struct {
	Repository       string          `json:"repository"`
	Account          string          `json:"account"`
	Principals       []principalJSON `json:"principals"`
	RepositoryPolicy *rawPolicy      `json:"repositoryPolicy"`
	RegistryPolicy   *rawPolicy      `json:"registryPolicy"`
	Settings         *settingsJSON   `json:"settings"`
}

// AccessDocument is what is printed, and what of it could not be read.
func AccessDocument(r ref.Reference, from access.Report, set settings) (accessJSON, output.Failures) {
	var failed output.Failures
	written := func(name string, w access.Written) *rawPolicy {
		if w.Err != nil {
			failed.Add(name, w.Err)
		}
		if w.Err != nil || w.Text == "" {
			return nil
		}
		return &rawPolicy{w.Text}
	}
	doc := accessJSON{Repository: r.Repository, Account: from.Of.Account, Principals: []principalJSON{}}
	doc.RepositoryPolicy = written("repository policy", from.Repository)
	doc.RegistryPolicy = written("registry policy", from.Registry)
	for _, row := range from.Rows {
		doc.Principals = append(doc.Principals, principalDoc(row))
	}
	if set.err != nil {
		failed.Add("settings", set.err)
		return doc, failed
	}
	doc.Settings = settingsDoc(set.Repository, from.Of.Account)
	if err := errors.Join(set.Missing...); err != nil {
		failed.Add("settings", err)
	}
	return doc, failed
}

type principalJSON struct {
	Principal    string   `json:"principal"`
	Kind         string   `json:"kind"`
	Pull         *string  `json:"pull"`
	Push         *string  `json:"push"`
	Delete       *string  `json:"delete"`
	Administer   *string  `json:"administer"`
	Public       bool     `json:"public"`
	CrossAccount bool     `json:"crossAccount"`
	Conditions   []string `json:"conditions"`
}

// rawPolicy is a policy as it is written.
type rawPolicy struct{ written string }

// MarshalJSON implements json.Marshaler.
func (p rawPolicy) MarshalJSON() ([]byte, error) { return []byte(p.written), nil }

func principalDoc(r access.Row) principalJSON {
	return principalJSON{
		Principal: r.Name(), Kind: r.Principal.Kind, Public: r.Public, CrossAccount: r.CrossAccount,
		Pull: null.Of(string(r.Pull)), Push: null.Of(string(r.Push)), Delete: null.Of(string(r.Delete)),
		Administer: null.Of(string(r.Administer)), Conditions: output.List(r.Conditions),
	}
}

// remarks say what to mind of a principal.
func (p principalJSON) remarks() string {
	var out []string
	if p.Public {
		out = append(out, "PUBLIC")
	}
	if p.CrossAccount {
		out = append(out, "another account")
	}
	if p.Kind == "Service" || p.Kind == "Federated" {
		out = append(out, strings.ToLower(p.Kind))
	}
	if len(p.Conditions) > 0 {
		out = append(out, "if "+strings.Join(p.Conditions, ", "))
	}
	return strings.Join(out, "; ")
}

func verdictCell(v *string) string {
	if v == nil {
		return "·"
	}
	return *v
}

func (doc accessJSON) Write(w io.Writer) {
	g := output.Grid{Header: []string{"PRINCIPAL", "PULL", "PUSH", "DELETE", "ADMINISTER", "REMARKS"}}
	for _, p := range doc.Principals {
		g.Add(p.Principal, verdictCell(p.Pull), verdictCell(p.Push), verdictCell(p.Delete), verdictCell(p.Administer),
			p.remarks())
	}
	if g.Some() {
		g.Write(w)
	} else {
		fmt.Fprintln(w, "no policy that could be read names anyone for "+text.Clean(doc.Repository))
	}
	fmt.Fprintln(w, "\nbesides, identities of the account "+text.Clean(doc.Account)+
		" may what their own IAM policies allow")
	if doc.Settings != nil {
		doc.Settings.write(&output.Sheet{Out: w, Begun: true})
	}
}
