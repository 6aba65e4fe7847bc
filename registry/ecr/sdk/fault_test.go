package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/smithy-go"

	"regatta/model/fault"
	"regatta/registry/ecr/sdk"
)

// Every code of AWS has a kind, by which exit codes, advice and retries go; one that nobody
// knows is not taken for another.
func TestKindsOfCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]fault.Kind{
		"AccessDeniedException": fault.Denied, "OptInRequired": fault.Denied, "ExpiredTokenException": fault.Auth,
		"InvalidSignatureException": fault.Auth, "RequestTimeTooSkewed": fault.Auth,
		"RepositoryNotFoundException": fault.NotFound, "ImageNotFoundException": fault.NotFound,
		"ServiceNotFoundException": fault.NotFound, "ImageTagAlreadyExistsException": fault.Immutable,
		"InvalidParameterException": fault.Invalid, "ImageDigestDoesNotMatchException": fault.Corrupt,
		"RequestEntityTooLargeException": fault.TooLarge, "UnsupportedImageTypeException": fault.Unsupported,
		"ServerException": fault.Unavailable, "ThrottlingException": fault.RateLimited,
		"TooManyRequestsException": fault.RateLimited, "NobodyKnowsException": fault.Unknown,
	} {
		api := &smithy.GenericAPIError{Code: code, Message: "so it is"}
		f := sdk.Fault("list images of", "app", fmt.Errorf("operation: %w", api))
		if f.Kind != want || f.Op != "list images of" || f.Object != "app" || f.Detail != "so it is" {
			t.Errorf("%s: %+v", code, f)
		}
	}
}

// The failure says what is missing by its name; an error that says nothing is told by its code.
func TestDetailsOfFailures(t *testing.T) {
	t.Parallel()
	lacks := "User: x is not authorized to perform: ecr:BatchDeleteImage on resource: y"
	known := &fault.Error{Kind: fault.Auth, Detail: "no credentials", Advice: "get some"}
	secret := &processcreds.ProviderError{Err: errors.New("printed AKIASECRET")}
	for name, tt := range map[string]struct {
		err    error
		kind   fault.Kind
		detail string
	}{
		"a permission":       {&smithy.GenericAPIError{Code: "AccessDenied", Message: lacks}, fault.Denied, "the permission ecr:BatchDeleteImage is missing: " + lacks},
		"nothing said":       {&smithy.GenericAPIError{Code: "ServerException"}, fault.Unavailable, "ServerException"},
		"too late":           {fmt.Errorf("x: %w", context.DeadlineExceeded), fault.Timeout, "no answer in time"},
		"cancelled":          {fmt.Errorf("x: %w", context.Canceled), fault.Cancelled, ""},
		"a failure of ours":  {fmt.Errorf("x: %w", known), fault.Auth, "no credentials"},
		"no answer of AWS's": {&smithy.DeserializationError{Err: errors.New("x")}, fault.Protocol, "the answer is not AWS's"},
		"a program's output": {secret, fault.Unknown, "the credential_process of the profile gives no credentials"},
	} {
		f := sdk.Fault("list", "app", tt.err)
		if f.Kind != tt.kind || f.Detail != tt.detail {
			t.Errorf("%s: %+v", name, f)
		}
		if strings.Contains(fmt.Sprint(f, f.Err), "AKIASECRET") {
			t.Errorf("%s: what a program printed is told", name)
		}
	}
	if f := sdk.Fault("list", "app", fmt.Errorf("x: %w", known)); f.Advice != "get some" {
		t.Errorf("the advice of ours became %q", f.Advice)
	}
	if _, ok := sdk.MissingPermission("not authorized to do that"); ok {
		t.Error("a permission without a name is missing")
	}
	if n := len([]rune(sdk.Clean(strings.Repeat("ä", 500)))); n != 400 {
		t.Errorf("%d letters are told", n)
	}
}

// A list is read from page to page to its end. One that goes round, or on and on, is an error
// that says so; one of a page more than is read is cut.
func TestPages(t *testing.T) {
	t.Parallel()
	o := sdk.Doing("list", "app")
	var asked []string
	err := o.Pages(func(token *string) (*string, error) {
		asked = append(asked, aws.ToString(token))
		return []*string{aws.String("b"), aws.String("c"), nil}[len(asked)-1], nil
	})
	if got := strings.Join(asked, ","); err != nil || got != ",b,c" {
		t.Errorf("asked for %q: %v", got, err)
	}
	if err := o.Pages(func(*string) (*string, error) { return aws.String("b"), nil }); !fault.Is(err, fault.Protocol) {
		t.Errorf("a circle: %v", err)
	}
	broke := errors.New("broke")
	if err := o.Pages(func(*string) (*string, error) { return aws.String("b"), broke }); !errors.Is(err, broke) {
		t.Errorf("a page that fails: %v", err)
	}
	for pages, want := range map[int]bool{sdk.MaxPages: true, sdk.MaxPages + 1: false} {
		n := 0
		err := o.Pages(func(*string) (*string, error) {
			if n++; n == pages {
				return aws.String(""), nil
			}
			return aws.String(strconv.Itoa(n)), nil
		})
		if ended := err == nil; ended != want || !want && !fault.Is(err, fault.TooLarge) || n > sdk.MaxPages {
			t.Errorf("%d pages, %d read: %v", pages, n, err)
		}
		b := &book{pages: pages}
		err = sdk.EachPage(t.Context(), b, func(*int) error { return nil })
		if ended := err == nil; ended != want || b.read > sdk.MaxPages {
			t.Errorf("%d pages of the SDK's, %d read: %v", pages, b.read, err)
		}
	}
	if sdk.Optional("") != nil || *sdk.Optional("x") != "x" {
		t.Error("what is optional is sent though it is empty, or not at all")
	}
}

// A caller is known by the end of its ARN, and to policies as the role that a session
// assumed.
func TestCaller(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string][2]string{
		"arn:aws:sts::111122223333:assumed-role/deploy/jane":  {"deploy/jane", "arn:aws:iam::111122223333:role/deploy"},
		"arn:aws-cn:sts::111122223333:assumed-role/deploy/jo": {"deploy/jo", "arn:aws-cn:iam::111122223333:role/deploy"},
		"arn:aws:iam::111122223333:user/jane":                 {"jane", "arn:aws:iam::111122223333:user/jane"},
		"arn:aws:iam::111122223333:root":                      {"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root"},
		"nothing":                                             {"nothing", "nothing"},
	} {
		c := sdk.Caller{Account: "111122223333", ARN: arn}
		if got := [2]string{c.Name(), c.Principal()}; got != want {
			t.Errorf("%s is %q", arn, got)
		}
	}
}

// A pause takes its time, unless whoever waits has gone.
func TestPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := sdk.Pause(t.Context(), time.Minute); err != nil || time.Since(began) != time.Minute {
			t.Errorf("%s: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		if err := sdk.Pause(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%s: %v", time.Since(began), err)
		}
	})
}
