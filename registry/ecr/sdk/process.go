package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"regatta/model/fault"
	"regatta/model/text"
	"regatta/registry/child"
)

// process is the credential_process of a profile (SDK reference guide, Process
// credential provider). The SDK's own repeats in its errors what the program
// printed, keys and all, gives it the terminal, and waits for what it left
// behind.
type process struct{ command, profile string }

// processTime is how long it may take, as with the SDK.
const processTime = time.Minute

// ownProcesses is found with its credential_process, wherever in a chain of
// profiles it stands, run by us.
func ownProcesses(found aws.Config) aws.Config {
	chain, ok := found.Credentials.(aws.CredentialProviderSource)
	if !ok || !slices.Contains(chain.ProviderSources(), aws.CredentialSourceProcess) {
		return found
	}
	for _, source := range found.ConfigSources {
		if shared, ok := source.(config.SharedConfig); ok {
			if p := providerOf(found, &shared); p != nil {
				found.Credentials = aws.NewCredentialsCache(p)
			}
		}
	}
	return found
}

// providerOf follows a profile to the one that has the process, and takes the
// roles on the way back. It is nil where there is none.
func providerOf(found aws.Config, shared *config.SharedConfig) aws.CredentialsProvider {
	var p aws.CredentialsProvider
	switch {
	case shared.Source != nil:
		p = providerOf(found, shared.Source)
	case shared.CredentialProcess != "":
		p = process{shared.CredentialProcess, shared.Profile}
	}
	if p == nil || shared.RoleARN == "" {
		return p
	}
	base := found.Copy()
	base.Credentials = aws.NewCredentialsCache(p)
	return stscreds.NewAssumeRoleProvider(sts.NewFromConfig(base), shared.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		const shortest = 15 * time.Minute
		o.RoleSessionName = shared.RoleSessionName
		if d := shared.RoleDurationSeconds; d != nil && *d > shortest {
			o.Duration = *d
		}
		if shared.ExternalID != "" {
			o.ExternalID = aws.String(shared.ExternalID)
		}
	})
}

// Retrieve implements aws.CredentialsProvider.
func (p process) Retrieve(ctx context.Context) (aws.Credentials, error) {
	name, args := "sh", []string{"-c", p.command}
	if runtime.GOOS == "windows" {
		name, args = "cmd.exe", []string{"/C", p.command}
	}
	r, err := child.Run(ctx, child.Command{Name: name, Args: args, Time: processTime})
	if err != nil {
		return aws.Credentials{}, p.ended(ctx, r, err)
	}
	out := r.Out
	if runtime.GOOS == "windows" {
		out = bytes.ReplaceAll(out, []byte(`\"`), []byte(`"`)) // its shell escapes them
	}
	return p.parse(out)
}

func (p process) parse(out []byte) (aws.Credentials, error) {
	var said struct {
		Version                                               int
		AccessKeyId, SecretAccessKey, SessionToken, AccountId string
		Expiration                                            *time.Time
	}
	switch err := json.Unmarshal(out, &said); {
	case err != nil:
		return aws.Credentials{}, p.failure(fault.Auth, "does not print JSON, and nothing else, as AWS defines it")
	case said.Version != 1:
		return aws.Credentials{}, p.failure(fault.Auth, `prints no "Version": 1`)
	case said.AccessKeyId == "" || said.SecretAccessKey == "":
		return aws.Credentials{}, p.failure(fault.Auth, "prints no AccessKeyId, or no SecretAccessKey")
	}
	found := aws.Credentials{
		AccessKeyID: said.AccessKeyId, SecretAccessKey: said.SecretAccessKey, SessionToken: said.SessionToken,
		AccountID: said.AccountId, Source: "credential_process",
	}
	if said.Expiration != nil {
		found.CanExpire, found.Expires = true, *said.Expiration
	}
	return found, nil
}

// ended is why the process gave nothing. What it printed may be a secret and is
// in no error; what it complained of is, as it was meant to be read.
func (p process) ended(ctx context.Context, r child.Result, err error) error {
	said := Clean(r.Said)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, child.ErrTooSlow):
		return p.failure(fault.Timeout, fmt.Sprintf("did not end in %s, and was ended", processTime))
	case errors.Is(err, child.ErrTooMuch):
		return p.failure(fault.TooLarge, "prints more than credentials can have, and was ended")
	case errors.As(err, new(*exec.ExitError)) && said != "":
		return p.failure(fault.Auth, "failed: "+said)
	case errors.As(err, new(*exec.ExitError)):
		return p.failure(fault.Auth, "failed without a word: "+err.Error())
	}
	return p.failure(fault.Auth, "could not be run: "+Clean(err.Error()))
}

func (p process) failure(kind fault.Kind, detail string) error {
	return &fault.Error{
		Kind: kind, Detail: "the credential_process of the profile " + text.Clean(p.profile) + " " + detail,
		Advice: "`" + text.Command([]string{"aws", "sts", "get-caller-identity", "--profile", p.profile}) +
			"` runs it too; it is set in ~/.aws/config",
	}
}
