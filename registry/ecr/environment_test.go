package ecr_test

import (
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"regatta/registry/ecr/sdk"

	"regatta/model/fault"
	"regatta/registry/ecr"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

// bare is an environment that says nothing of AWS.
func bare(t *testing.T) {
	t.Helper()
	nowhere := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": nowhere, "AWS_SHARED_CREDENTIALS_FILE": nowhere, "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_ECR": "",
	} {
		t.Setenv(name, value)
	}
}

// The SDK's own environment chooses the endpoint: a registry of Amazon's is
// listed, retagged and deleted from through it.
func TestEndpointFromEnvironment(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECR"} {
		t.Run(name, func(t *testing.T) {
			bare(t)
			rg := sandbox.New(sandbox.Options{Now: sandbox.Epoch})
			server := httptest.NewServer(rg)
			t.Cleanup(server.Close)
			t.Setenv(name, server.URL)
			t.Setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
			c := fromEnvironment(t, host, "")
			page, err := c.Images(t.Context(), "shop/mailer", "")
			if err != nil || len(page.Images) < 50 {
				t.Fatalf("%d images, %v", len(page.Images), err)
			}
			m, err := c.Manifest(t.Context(), "shop/mailer", "prod")
			if err != nil {
				t.Fatal(err)
			}
			if err := c.PutManifest(t.Context(), "shop/mailer", "copy", m.MediaType, m.Raw); err != nil {
				t.Fatal(err)
			}
			if err := c.DeleteTag(t.Context(), "shop/mailer", "copy", ""); err != nil {
				t.Error(err)
			}
			// A host that asks for FIPS goes to the same endpoint.
			fips := fromEnvironment(t, "111122223333.dkr.ecr-fips.us-east-1.amazonaws.com", "")
			if err := fips.Ping(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func fromEnvironment(t *testing.T, host, profile string) *ecr.Client {
	t.Helper()
	name, ok := ecr.ParseHost(host)
	if !ok {
		t.Fatal("the host is not known")
	}
	transport := httpx.New(httpx.Options{Now: sandbox.Epoch})
	return ecr.New(name, ecr.Options{
		Config: sdk.Load(transport, profile), OCI: oci.Options{Transport: transport, Now: sandbox.Epoch},
	})
}

// No credentials and no such profile are about who asks, not about the way.
func TestNoCredentials(t *testing.T) {
	bare(t)
	_, err := fromEnvironment(t, host, "").Images(t.Context(), "app", "")
	wantFault(t, err, fault.Auth, "no credentials")
	_, err = fromEnvironment(t, host, "nobody").Images(t.Context(), "app", "")
	wantFault(t, err, fault.Auth, "nobody")
}

// FuzzParseHost: whatever is taken for Amazon's is written as it was read.
func FuzzParseHost(f *testing.F) {
	f.Add(host)
	f.Add("public.ecr.aws")
	f.Add("111122223333.dkr-ecr-fips.cn-north-1.on.amazonwebservices.com.cn")
	f.Fuzz(func(t *testing.T, name string) {
		if h, ok := ecr.ParseHost(name); ok && h.String() != name {
			t.Errorf("%q is read as %q", name, h)
		}
	})
}

// Who one is comes from STS, and with the account the name of the registry.
func TestCaller(t *testing.T) {
	bare(t)
	rg := sandbox.New(sandbox.Options{Now: sandbox.Epoch})
	server := httptest.NewServer(rg)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	transport := httpx.New(httpx.Options{Now: sandbox.Epoch})
	_, err := sdk.AskCaller(t.Context(), sdk.Load(transport, ""), transport, "eu-central-1", "")
	wantFault(t, err, fault.Auth, "no credentials")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	who, err := sdk.AskCaller(t.Context(), sdk.Load(transport, ""), transport, "eu-central-1", "")
	if err != nil || ecr.HostOf(who.Account, "eu-central-1") != host || who.Name() == "" {
		t.Errorf("%+v, %v", who, err)
	}
	c := fromEnvironment(t, host, "")
	if same, err := c.Caller(t.Context()); err != nil || same != who {
		t.Errorf("%+v, %v", same, err)
	}
	if !c.Expires().IsZero() {
		t.Error("a password was asked for")
	}
	if err := c.Ping(t.Context()); err != nil || c.Expires().Sub(sandbox.Epoch()) < 11*time.Hour {
		t.Errorf("the password is good until %s, %v", c.Expires(), err)
	}
}
