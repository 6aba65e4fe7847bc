package aws

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// Server serves the APIs of an account.
type Server struct {
	Account  Account
	Now      func() time.Time
	Services []Service
}

// maxBody is the size limit of a request in bytes: a manifest of 4 MiB or a
// layer part of 10 MiB, as JSON.
const maxBody = 16 << 20

// Serves reports whether a request is for an AWS API.
func Serves(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == "/" }

// OperationOf is the permission that a request to an AWS API is about,
// "ecr:DescribeImages"; "" for other requests and services.
func (s *Server) OperationOf(r *http.Request) string {
	if !Serves(r) {
		return ""
	}
	service, operation, ok := find(s.Services, r.Header.Get("X-Amz-Target"))
	if !ok {
		return ""
	}
	return service.Name + ":" + operation
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	target := r.Header.Get("X-Amz-Target")
	if target == "" {
		s.serveQuery(w, r, body)
		return
	}
	var out any
	if err == nil {
		out, err = s.serve(r, target, body)
	} else {
		err = bodyError(err)
	}
	if err != nil {
		Refuse(w, asError(err))
		return
	}
	answer(w, http.StatusOK, "", out)
}

func bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &Error{
			Code: "RequestEntityTooLargeException", Message: "Request body is too large",
			Status: http.StatusRequestEntityTooLarge,
		}
	}
	return Errorf("RequestAbortedException", "The request was aborted before a reply could be sent")
}

func (s *Server) serve(r *http.Request, target string, body []byte) (any, error) {
	c, err := s.call(r)
	if err != nil {
		return nil, err
	}
	service, name, ok := find(s.Services, target)
	operation, known := service.Operations[name]
	if !ok || !known {
		return nil, Errorf("UnknownOperationException", "The action or operation requested is invalid: %s", target)
	}
	if err := allow(c, service, name, body); err != nil {
		return nil, err
	}
	return operation(c, body)
}

// call finds out who asks.
func (s *Server) call(r *http.Request) (*Call, error) {
	from, ok := scopeOf(r)
	if !ok {
		return nil, Errorf("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	role, ok := s.Account.role(from.key)
	switch {
	case !ok:
		return nil, Errorf("UnrecognizedClientException", "The security token included in the request is invalid.")
	case role.Expired(s.Now()):
		return nil, Errorf("ExpiredTokenException", "The security token included in the request is expired")
	}
	c := &Call{
		Account: s.Account.ID, Region: from.region, Role: role, Now: s.Now(),
		Host: r.Host, Secure: r.TLS != nil, ctx: r.Context(),
	}
	if c.Region == "" {
		c.Region = s.Account.Region
	}
	return c, nil
}

func allow(c *Call, service Service, operation string, body []byte) error {
	permission := service.permission(operation)
	if c.Role.May(permission) {
		return nil
	}
	resource := "*"
	if service.Resource != nil {
		resource = service.Resource(c, body)
	}
	return Errorf("AccessDeniedException", "User: %s is not authorized to perform: %s on resource: %s "+
		"because no identity-based policy allows the %s action", c.Role.ARN, permission, resource, permission)
}
