package access_test

import (
	"context"
	"strings"
	"testing"

	who "regatta/cmd/app/access"
	"regatta/model/access"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/model/setting"
	"regatta/registry/oci"
)

// policed is a registry with two policies, either of which may fail.
type policed struct {
	own, all       string
	ownErr, allErr error
}

func (p policed) RepositoryPolicy(context.Context, string) (string, error) { return p.own, p.ownErr }

func (p policed) RegistryPolicy(context.Context) (string, error) { return p.all, p.allErr }

func (p policed) Settings(context.Context, string) (setting.Repository, error) {
	return setting.Repository{}, nil
}

func (p policed) AccessTo(repo string) access.Repository {
	return access.Repository{Account: "111122223333", ARN: "arn:aws:ecr:eu-central-1:111122223333:repository/" + repo}
}

func in() ref.Reference { return ref.Reference{Host: "registry.example", Repository: "team/app"} }

const allows = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
	"Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "ecr:BatchGetImage"}]}`

// Of a policy that cannot be read, or is none, the other is there, and which it was is told.
func TestRead(t *testing.T) {
	t.Parallel()
	denied := &fault.Error{Kind: fault.Denied}
	for name, tt := range map[string]struct {
		from     policed
		own, all fault.Kind // Unknown: no error
	}{
		"both":                   {policed{own: allows, all: allows}, fault.Unknown, fault.Unknown},
		"none":                   {policed{}, fault.Unknown, fault.Unknown},
		"the repository's fails": {policed{ownErr: denied, all: allows}, fault.Denied, fault.Unknown},
		"the registry's fails":   {policed{own: allows, allErr: denied}, fault.Unknown, fault.Denied},
		"the repository's is no": {policed{own: "{", all: allows}, fault.Protocol, fault.Unknown},
		"the registry's is none": {policed{own: allows, all: `{"Statement": 7`}, fault.Unknown, fault.Protocol},
	} {
		r := who.Read(t.Context(), tt.from, in())
		for _, one := range []struct {
			what string
			err  error
			want fault.Kind
		}{{"repository policy", r.Repository.Err, tt.own}, {"registry policy", r.Registry.Err, tt.all}} {
			if ok := one.err == nil; ok != (one.want == fault.Unknown) || !ok && !fault.Is(one.err, one.want) {
				t.Errorf("%s: %s: %v", name, one.what, one.err)
			}
			if one.want == fault.Protocol && !strings.Contains(one.err.Error(), one.what+" of registry.example/team/app") {
				t.Errorf("%s: %v", name, one.err)
			}
		}
		if !strings.HasSuffix(r.Of.ARN, "/team/app") || r.Repository.Text != tt.from.own || r.Registry.Text != tt.from.all {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Only a registry with policies can be asked for them.
func TestOf(t *testing.T) {
	t.Parallel()
	if _, err := who.Of(oci.New("registry.example", oci.Options{}), in()); !fault.Is(err, fault.Unsupported) {
		t.Errorf("%v", err)
	}
}
