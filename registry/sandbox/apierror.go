package sandbox

import (
	"net/http"

	"regatta/registry/sandbox/internal/aws"
)

// Throttle answers as AWS does to those who ask too often: ThrottlingException
// with HTTP 400 (API reference, common errors).
type Throttle struct{}

func (Throttle) strike(*Registry, http.Handler) http.Handler { return refusing(aws.Throttled()) }

// APIError answers with an error of the AWS account.
type APIError struct {
	Code    string // "ServerException"
	Message string
	Status  int // zero is 400
}

func (e APIError) strike(*Registry, http.Handler) http.Handler {
	status := e.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	return refusing(&aws.Error{Code: e.Code, Message: e.Message, Status: status})
}

func refusing(e *aws.Error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { aws.Refuse(w, e) })
}

// ExpirePasswords ends all passwords of GetAuthorizationToken before it serves
// the request.
type ExpirePasswords struct{}

func (ExpirePasswords) strike(rg *Registry, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rg.cloud.ecr.Revoke()
		next.ServeHTTP(w, r)
	})
}
