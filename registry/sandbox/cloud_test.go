package sandbox_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"regatta/registry/sandbox"
)

const accountID = "111122223333"

// wall is a clock that a test sets.
type wall struct{ at time.Time }

func newWall() *wall { return &wall{clock()} }

func (w *wall) now() time.Time          { return w.at }
func (w *wall) pass(d time.Duration)    { w.at = w.at.Add(d) }
func (w *wall) empty() sandbox.Options  { return sandbox.Options{Now: w.now, Empty: true} }
func (w *wall) seeded() sandbox.Options { return sandbox.Options{Now: w.now} }

// cloud is the SDK's clients of a sandbox.
type cloud struct {
	*sandbox.Registry

	ecr *ecr.Client
	ecs *ecs.Client
	sts *sts.Client
}

// signIn makes clients in process, with an access key.
func signIn(tb testing.TB, rg *sandbox.Registry, key string) cloud {
	tb.Helper()
	return dial(rg, key, "http://sandbox.test", &http.Client{Transport: rg.Transport()})
}

// signInOverHTTP makes clients over loopback.
func signInOverHTTP(tb testing.TB, rg *sandbox.Registry) cloud {
	tb.Helper()
	server := httptest.NewServer(rg)
	tb.Cleanup(server.Close)
	return dial(rg, "AKIAEXAMPLE", server.URL, server.Client())
}

func dial(rg *sandbox.Registry, key, endpoint string, client *http.Client) cloud {
	config := aws.Config{
		Region: "eu-central-1", HTTPClient: client, BaseEndpoint: aws.String(endpoint),
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
	return cloud{rg, ecr.NewFromConfig(config), ecs.NewFromConfig(config), sts.NewFromConfig(config)}
}

// began is an account without content.
func began(tb testing.TB) (cloud, *wall) {
	tb.Helper()
	w := newWall()
	return signIn(tb, open(tb, w.empty()), "AKIAEXAMPLE"), w
}

// must is for answers that are not to be errors.
func must[T any](answer T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return answer
	}
}

// wantCode checks the code of an API error, and its text.
func wantCode(tb testing.TB, err error, code, text string) {
	tb.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code || text != "" && e.ErrorMessage() != text {
		tb.Errorf("error %v\nwant %s %q", err, code, text)
	}
}

// one is a small image, different for each name.
func one(name string) sandbox.Image { return sandbox.Image{Layers: []string{"layer of " + name}} }
