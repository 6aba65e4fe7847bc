package aws

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Call is one request to the account, by a known role.
type Call struct {
	Account string
	Region  string
	Role    Role
	Now     time.Time
	// Host is where the request was sent.
	Host string
	// Secure tells https.
	Secure bool

	ctx context.Context //nolint:containedctx // a call is one request
}

// Context ends with the request.
func (c *Call) Context() context.Context { return c.ctx }

// ARN names something of the account.
func (c *Call) ARN(service, resource string) string {
	return "arn:" + c.partition() + ":" + service + ":" + c.Region + ":" + c.Account + ":" + resource
}

func (c *Call) partition() string {
	switch {
	case strings.HasPrefix(c.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(c.Region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// Registry is the host of the account's registry: the request's own, unless it
// was sent to a name of AWS.
func (c *Call) Registry() string {
	if strings.HasSuffix(c.Host, ".amazonaws.com") || strings.HasSuffix(c.Host, ".api.aws") {
		return c.Account + ".dkr.ecr." + c.Region + ".amazonaws.com"
	}
	return c.Host
}

// scope is what the Authorization header of a signed request says of itself
// (Signature Version 4). The signature is not checked.
type scope struct {
	key    string
	region string
}

func scopeOf(r *http.Request) (scope, bool) {
	rest, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !ok {
		return scope{}, false
	}
	_, credential, ok := strings.Cut(rest, "Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if !ok || len(parts) != 5 {
		return scope{}, false
	}
	return scope{key: parts[0], region: parts[2]}, true
}
