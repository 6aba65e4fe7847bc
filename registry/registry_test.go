package registry_test

import (
	"context"
	"testing"
	"time"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/registry"
	"regatta/registry/ecr"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

// The name of a host chooses what speaks to it.
func TestOpenChoosesByName(t *testing.T) {
	t.Parallel()
	rg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	nothing := func(context.Context, string) (aws.Config, error) { return aws.Config{}, nil }
	const private = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"
	for _, tt := range []struct {
		host   string
		config sdk.Config
		amazon bool
	}{
		{private, nothing, true},
		{private, nil, false},
		{"public.ecr.aws", nothing, false},
		{"127.0.0.1:5000", nothing, false},
	} {
		b, err := registry.Open(tt.host, registry.Options{
			Transport: rg.Transport(), Now: func() time.Time { return sandbox.Epoch() }, AWS: tt.config,
		})
		if err != nil || b.Host() != tt.host {
			t.Fatalf("%s: %v, %v", tt.host, b, err)
		}
		_, amazon := b.(*ecr.Client)
		_, plain := b.(*oci.Client)
		if amazon != tt.amazon || plain == tt.amazon {
			t.Errorf("%s is opened as %T", tt.host, b)
		}
	}
	if calls := rg.Requests(); len(calls) != 0 {
		t.Errorf("opening made requests: %v", calls)
	}
}
