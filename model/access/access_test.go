package access_test

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"regatta/model/access"
	"regatta/model/text"
)

func repository() access.Repository {
	return access.Repository{ARN: "arn:aws:ecr:eu-central-1:111122223333:repository/shop/api", Account: "111122223333"}
}

func parse(t *testing.T, text string) access.Policy {
	t.Helper()
	p, err := access.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lines are rows as "principal pull push delete administer flags".
func lines(rows []access.Row) []string {
	var out []string
	for _, r := range rows {
		var said []string
		for _, v := range []access.Verdict{r.Pull, r.Push, r.Delete, r.Administer} {
			said = append(said, cmp.Or(string(v), "-"))
		}
		line := r.Name() + " " + strings.Join(said, " ")
		if r.Public {
			line += " public"
		}
		if r.CrossAccount {
			line += " cross-account"
		}
		out = append(out, line)
	}
	return out
}

const pull = `"Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]`

func TestTable(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		statements string
		want       []string
	}{
		"another account pulls": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, ` + pull + `}`,
			[]string{"arn:aws:iam::444455556666:root allow - - - cross-account"},
		},
		"an account by its number": {
			`{"Effect": "Allow", "Principal": {"AWS": ["444455556666", "111122223333"]}, ` + pull + `}`,
			[]string{"444455556666 allow - - - cross-account", "111122223333 allow - - -"},
		},
		"public": {`{"Effect": "Allow", "Principal": "*", ` + pull + `}`, []string{"* allow - - - public"}},
		"public in the other notation, under a condition": {
			`{"Effect": "Allow", "Principal": {"AWS": "*"}, ` + pull + `, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}`,
			[]string{"* conditional - - - public"},
		},
		"half of a push is none": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "Action": ["ecr:PutImage", "ecr:BatchDeleteImage"]}`,
			[]string{"arn:aws:iam::111122223333:role/ci - - allow -"},
		},
		"wildcards, whatever their case": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "Action": "ECR:*"}`,
			[]string{"arn:aws:iam::111122223333:role/ci allow allow allow allow"},
		},
		"all but": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "NotAction": ["ecr:*Policy", "ecr:Delete*", "ecr:Put?mageTagMutability", "ecr:PutImageScanningConfiguration", "ecr:*agResource"]}`,
			[]string{"arn:aws:iam::111122223333:role/ci allow allow allow -"},
		},
		"denied is denied, whatever allows it": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "Action": "ecr:*"},
			 {"Effect": "Deny", "Principal": "*", "Action": "ecr:BatchDeleteImage"}`,
			[]string{"* - - deny -", "arn:aws:iam::111122223333:role/ci allow allow deny allow"},
		},
		"denied under a condition": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, ` + pull + `},
			 {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`,
			[]string{"* deny-if deny-if deny-if deny-if", "arn:aws:iam::111122223333:role/ci conditional deny-if deny-if deny-if"},
		},
		"all of an account are denied": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/ci"}, ` + pull + `},
			 {"Effect": "Deny", "Principal": {"AWS": "444455556666"}, "Action": "ecr:*"}`,
			[]string{"444455556666 deny deny deny deny cross-account", "arn:aws:iam::444455556666:role/ci deny deny deny deny cross-account"},
		},
		"everyone but one is denied": {
			`{"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "Action": "ecr:PutImage"},
			 {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/ci", "arn:aws:iam::111122223333:role/dev"]}, "Action": "ecr:*"}`,
			[]string{
				"* but arn:aws:iam::111122223333:role/ci - deny - -", "arn:aws:iam::111122223333:role/ci allow allow allow allow",
				"arn:aws:iam::111122223333:role/dev allow deny allow allow",
			},
		},
		"a service": {
			`{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, ` + pull + `}`, []string{"lambda.amazonaws.com allow - - -"},
		},
		"replication from another account": {
			`{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "ecr:ReplicateImage", "Resource": "arn:aws:ecr:eu-central-1:111122223333:repository/shop/*"}`,
			[]string{"444455556666 - allow - - cross-account"},
		},
		"of another repository": {
			`{"Effect": "Allow", "Principal": "*", ` + pull + `, "Resource": "arn:aws:ecr:eu-central-1:111122223333:repository/other/*"},
			 {"Effect": "Allow", "Principal": "*", ` + pull + `, "NotResource": "*"}`, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := parse(t, `{"Version": "2012-10-17", "Statement": [`+tt.statements+`]}`)
			if diff := gocmp.Diff(tt.want, lines(repository().Table(p))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOneStatementNeedsNoList(t *testing.T) {
	t.Parallel()
	p := parse(t, `{"Statement": {"Sid": "a\u001b[2J", "Effect": "Allow", "Principal": "*", "Action": "*"}}`)
	if len(p.Statements) != 1 || p.Statements[0].Sid != "a" {
		t.Errorf("policy %+v", p)
	}
}

// What is no policy is told with its place.
func TestMistakesHaveAPlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                "line 1, column 1: unexpected end of JSON input",
		"{\n  \"Statement\": [,]}":        "line 2, column 17: invalid character ',' looking for beginning of value",
		"<html>":                          "line 1, column 1: invalid character '<' looking for beginning of value",
		`{"Version": 3}`:                  "line 1, column 14: a number is not what belongs into Version",
		`{}`:                              "line 1, column 1: there is no Statement",
		`{"Statement": [{"Effect": ""}]}`: `line 1, column 16: statement 1: the Effect "" is neither Allow nor Deny`,
		"{\"Statement\": [\n{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Condition\": {\"A\": {}}},\n {\"Effect\": \"Deny\", \"Action\": \"*\"}]}": "line 3, column 2: statement 2: there is no Principal",
		`{"Statement": {"Effect": "Allow", "Principal": "*"}}`:               "line 1, column 15: statement 1: there is no Action",
		`{"Statement": {"Effect": "Allow", "Principal": "me", "Action": 1}}`: `line 1, column 1: the Principal "me" is neither * nor names by their kind`,
		strings.Repeat(" ", 65<<10):                                          "line 1, column 1: the policy is larger than 66 kB",
	} {
		_, err := access.Parse(text)
		var at *access.PositionError
		if !errors.As(err, &at) || err.Error() != want {
			t.Errorf("%.60q: error %v\nwant %s", text, err, want)
		}
	}
}

// The policies that are ready to copy grant what they are for and no more.
func TestGrants(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::444455556666:role/deploy"
	for name, tt := range map[string]struct {
		make func(string) (access.Document, error)
		want string
	}{"pull": {access.PullPolicy, role + " allow - - - cross-account"}, "push": {access.PushPolicy, role + " - allow - - cross-account"}} {
		doc, err := tt.make(role)
		if err != nil {
			t.Fatal(err)
		}
		if got := lines(repository().Table(parse(t, doc.String()))); len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s grants %v", name, got)
		}
		if _, err := tt.make("deploy"); err == nil {
			t.Errorf("%s: a name was taken for an ARN", name)
		}
	}
}

// FuzzParse: whatever is read as a policy becomes a table, and the rest is an
// error with a place inside the text.
func FuzzParse(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"ecr:*"}]}`)
	f.Add(`{"Statement":{"Effect":"Deny","NotPrincipal":{"Service":"x"},"NotAction":["*"],"Condition":{"Bool":{"a":"b"}}}}`)
	f.Add("{\"Statement\":[\n{}]")
	f.Fuzz(func(t *testing.T, policy string) {
		p, err := access.Parse(policy)
		if err != nil {
			var at *access.PositionError
			if !errors.As(err, &at) || at.Line < 1 || at.Line > strings.Count(policy, "\n")+1 || at.Column < 1 {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, r := range repository().Table(p) {
			if said := fmt.Sprint(r.Name(), r.Conditions); text.Clean(said) != said {
				t.Errorf("row %q", said)
			}
		}
	})
}
