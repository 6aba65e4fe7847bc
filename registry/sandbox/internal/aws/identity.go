package aws

import (
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// The identity API speaks the query protocol: a form, answered in XML (STS API
// reference, GetCallerIdentity).
type identityBody struct {
	XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	Arn     string   `xml:"GetCallerIdentityResult>Arn"`
	UserID  string   `xml:"GetCallerIdentityResult>UserId"`
	Account string   `xml:"GetCallerIdentityResult>Account"`
}

type queryError struct {
	XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ ErrorResponse"`
	Type    string   `xml:"Error>Type"`
	Code    string   `xml:"Error>Code"`
	Message string   `xml:"Error>Message"`
}

func (s *Server) serveQuery(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("Action") != "GetCallerIdentity" {
		refuseQuery(w, "InvalidAction", "The action "+form.Get("Action")+" is not valid for this endpoint.")
		return
	}
	c, err := s.call(r)
	if e, ok := errors.AsType[*Error](err); ok {
		refuseQuery(w, queryCode(e.Code), e.Message)
		return
	}
	_, name, _ := strings.Cut(c.Role.ARN, "/")
	answerXML(w, http.StatusOK, identityBody{Arn: c.Role.ARN, UserID: "AIDASANDBOX:" + name, Account: c.Account})
}

// queryCode is an error's code in the query protocol.
func queryCode(code string) string {
	if code == "UnrecognizedClientException" {
		return "InvalidClientTokenId"
	}
	return strings.TrimSuffix(code, "Exception")
}

func refuseQuery(w http.ResponseWriter, code, message string) {
	status := http.StatusForbidden
	if code == "InvalidAction" {
		status = http.StatusBadRequest
	}
	answerXML(w, status, queryError{Type: "Sender", Code: code, Message: message})
}

func answerXML(w http.ResponseWriter, status int, body any) {
	raw, err := xml.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, status, "text/xml", raw)
}
