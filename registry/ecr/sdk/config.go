// Package sdk uses the SDK of AWS as regatta wants it: credentials of every kind of profile,
// patience with throttling, lists that end, errors that say what was being done. All
// clients of AWS share it. It imports the SDK, model and the transport.
package sdk

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

	"regatta/model/fault"
	"regatta/model/text"
)

// Config finds credentials and endpoints for a region. Its Retryer, if it has
// one, is used for what only reads.
type Config func(ctx context.Context, region string) (aws.Config, error)

// Load reads the environment and the shared configuration as the SDK does, with
// a profile or, for "", the environment's. Requests for credentials go through
// the transport too, unless a CA bundle is configured. The bundle is trusted for
// the API only if the transport does.
func Load(transport http.RoundTripper, profile string) Config {
	return func(ctx context.Context, region string) (aws.Config, error) {
		// What the SDK has to say would be written onto the screen.
		options := []func(*config.LoadOptions) error{config.WithRegion(region), config.WithLogger(logging.Nop{})}
		if profile != "" {
			options = append(options, config.WithSharedConfigProfile(profile))
		}
		through := config.WithHTTPClient(&http.Client{Transport: transport})
		found, err := config.LoadDefaultConfig(ctx, append(options, through)...)
		if err == nil {
			return ownProcesses(found), nil
		}
		// With AWS_CA_BUNDLE or ca_bundle the SDK wants a client of its own, which then fetches the credentials.
		if found, again := config.LoadDefaultConfig(ctx, options...); again == nil {
			return ownProcesses(found), nil
		}
		return aws.Config{}, err
	}
}

// For is the configuration for a region as all clients of AWS here want it: with
// one transport, credentials whose failures are told from those of a request,
// and patience with throttling. The profile is the one that it was loaded for.
// Its error is a *fault.Error.
func (load Config) For(
	ctx context.Context, region, profile string, transport http.RoundTripper,
) (aws.Config, error) {
	found, err := load(ctx, region)
	if err != nil {
		return found, &fault.Error{Kind: fault.Auth, Detail: said(err), Advice: signInHelp, Err: safe(err)}
	}
	found.Region = region
	found.HTTPClient = &http.Client{Transport: transport}
	if found.Credentials != nil {
		found.Credentials = aws.NewCredentialsCache(guarded{CredentialsProvider: found.Credentials, profile: profile})
	}
	if found.Retryer == nil {
		found.Retryer = func() aws.Retryer { return reading(transport) }
	}
	return found, nil
}

// guarded tells what went wrong with credentials from what went wrong with a
// request, and what to do about it.
type guarded struct {
	aws.CredentialsProvider

	profile string // "" is the environment's
}

// Retrieve implements aws.CredentialsProvider.
func (g guarded) Retrieve(ctx context.Context) (aws.Credentials, error) {
	found, err := g.CredentialsProvider.Retrieve(ctx)
	if err == nil || ctx.Err() != nil {
		return found, err
	}
	var known *fault.Error
	if errors.As(err, &known) && known.Kind != fault.Unresolved && known.Kind != fault.Unreachable {
		return found, err
	}
	detail, advice := "no credentials: "+said(err), signInHelp
	if strings.Contains(err.Error(), "SSO") || strings.Contains(err.Error(), "sso") {
		detail, advice = said(err), "run `"+g.signIn()+"`; it goes on by itself then"
	}
	return found, &fault.Error{Kind: fault.Auth, Detail: detail, Advice: advice, Err: safe(err)}
}

// signIn is the command that begins a new SSO session. It is enough: the next
// request reads what it leaves behind.
func (g guarded) signIn() string {
	if g.profile == "" {
		return "aws sso login"
	}
	return text.Command([]string{"aws", "sso", "login", "--profile", g.profile})
}
