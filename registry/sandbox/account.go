package sandbox

import (
	"net/http"
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/ecr"
	"regatta/registry/sandbox/internal/ecs"
	"regatta/registry/sandbox/internal/store"
)

// Account says which AWS account the sandbox plays, and for whom. Requests need
// an access key, but signatures are not checked.
type Account struct {
	// ID is twelve digits; "" is 111122223333.
	ID string
	// Keys are the roles by access key id. None at all lets every key do
	// anything.
	Keys map[string]Role
	// Lifecycle evaluates lifecycle policies; nil is the account's own way.
	Lifecycle Evaluator
	// Settles is how long deployments take that are started; 0 is a minute.
	Settles time.Duration
}

// Role is who an access key belongs to, and what that one may not do.
type Role = aws.Role

// Evaluator decides what a lifecycle policy would do to images.
type Evaluator = ecr.Evaluator

// LifecycleImage is what an Evaluator is told of an image.
type LifecycleImage = ecr.LifecycleImage

// Verdict is what an Evaluator says of an image that a rule takes.
type Verdict = ecr.Verdict

// What the account is called, and where it is, if no one says otherwise.
const (
	defaultAccount = "111122223333"
	defaultRegion  = "eu-central-1"
)

// cloud is the APIs of the account.
type cloud struct {
	server *aws.Server
	ecr    *ecr.API
	ecs    *ecs.Fleet
}

func newCloud(s *store.Store, o Options) cloud {
	c := cloud{ecr: ecr.New(s, o.Account.Lifecycle), ecs: ecs.New(s, o.Account.Settles)}
	account := aws.Account{ID: o.Account.ID, Region: defaultRegion, Keys: o.Account.Keys}
	if account.ID == "" {
		account.ID = defaultAccount
	}
	c.server = &aws.Server{
		Account: account, Now: o.Now, Services: []aws.Service{c.ecr.Service(), c.ecs.Service()},
	}
	return c
}

// holder finds out whose password a request to the registry carries, and
// whether that role may do what it is about to.
func (c cloud) holder(r *http.Request, action string, now time.Time) (known, may bool) {
	user, secret, given := r.BasicAuth()
	if !given || user != ecr.User {
		secret = ""
		if r.Method == http.MethodGet {
			secret = r.URL.Query().Get(ecr.Signature)
		}
	}
	role, known, good := c.ecr.Password(secret, now)
	return known, good && role.May(permission(action))
}

// permission is what the registry's requests need (user guide, private
// repository policies).
func permission(action string) string {
	switch action {
	case "pull":
		return "ecr:BatchGetImage"
	case "delete":
		return "ecr:BatchDeleteImage"
	}
	return "ecr:PutImage"
}

// authorizedAWS answers 401 to those without a password, and 403 to those whose
// password has expired or whose role may not.
func (rg *Registry) authorizedAWS(w http.ResponseWriter, r *http.Request, to route) bool {
	doing := action(r)
	known, may := rg.cloud.holder(r, doing, rg.now())
	switch {
	case may:
		return true
	case !known:
		w.Header().Set("WWW-Authenticate", `Basic realm="`+scheme(r)+`://`+r.Host+`/",service="ecr.amazonaws.com"`)
		fail(w, http.StatusUnauthorized, codeUnauthorized, "Not Authorized")
	case to.endpoint == toPing:
		return rg.refuseExpired(w, r)
	default:
		if rg.refuseExpired(w, r) {
			fail(w, http.StatusForbidden, codeDenied, "User is not authorized to perform: "+permission(doing))
		}
	}
	return false
}

// refuseExpired answers to a password whose time is over, and reports whether
// it is still good.
func (rg *Registry) refuseExpired(w http.ResponseWriter, r *http.Request) bool {
	_, secret, _ := r.BasicAuth()
	if _, _, good := rg.cloud.ecr.Password(secret, rg.now()); good {
		return true
	}
	fail(w, http.StatusForbidden, codeDenied, "Your authorization token has expired. Reauthenticate and try again.")
	return false
}
