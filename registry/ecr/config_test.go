package ecr_test

import (
	"net/http"
	"testing"

	"regatta/registry/ecr/sdk"

	"github.com/aws/smithy-go/logging"
)

// The terminal is the program's own: the SDK writes nothing to it.
func TestTheSDKIsSilent(t *testing.T) {
	t.Parallel()
	found, err := sdk.Load(http.DefaultTransport, "")(t.Context(), "eu-central-1")
	if err != nil {
		t.Fatal(err)
	}
	if _, silent := found.Logger.(logging.Nop); !silent {
		t.Errorf("it writes to %T", found.Logger)
	}
}
