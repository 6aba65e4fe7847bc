package aws

import (
	"path"
	"slices"
	"time"
)

// Role is who an access key belongs to, and what that one may not do.
type Role struct {
	// ARN is the identity; "" is a user of the account called regatta.
	ARN string
	// Denied are the permissions the role lacks: "ecr:BatchDeleteImage",
	// "ecs:*".
	Denied []string
	// Expires is when the session token runs out; zero is never.
	Expires time.Time
}

// May reports whether the role has a permission.
func (r Role) May(permission string) bool {
	return !slices.ContainsFunc(r.Denied, func(pattern string) bool {
		ok, err := path.Match(pattern, permission)
		return ok && err == nil
	})
}

// Expired reports whether the session is over.
func (r Role) Expired(now time.Time) bool { return !r.Expires.IsZero() && !now.Before(r.Expires) }

// Account says who may use an account.
type Account struct {
	// ID is twelve digits.
	ID string
	// Region is where the account is for requests that do not say.
	Region string
	// Keys are the roles by access key id. None at all lets every key do
	// anything.
	Keys map[string]Role
}

// role finds who a key belongs to.
func (a Account) role(key string) (Role, bool) {
	role, ok := a.Keys[key]
	if role.ARN == "" {
		role.ARN = "arn:aws:iam::" + a.ID + ":user/regatta"
	}
	return role, ok || len(a.Keys) == 0
}
