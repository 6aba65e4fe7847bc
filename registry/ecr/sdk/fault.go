package sdk

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"regatta/model/fault"
	"regatta/model/redact"
)

// Fault is an error of any client of AWS: what was being done to what, of which
// kind the failure is, and of a permission that is missing its name.
func Fault(what, object string, err error) *fault.Error { return Failed(Doing(what, object), err) }

// Failed is err as the failure of o.
func Failed(o Op, err error) *fault.Error {
	f := o.Failure(fault.KindOf(err), "")
	f.Err = err
	var known *fault.Error
	var api smithy.APIError
	switch {
	case f.Kind == fault.Cancelled:
	case errors.Is(err, context.DeadlineExceeded):
		f.Detail = "no answer in time"
	case errors.As(err, &known):
		f.Detail, f.Advice, f.Err = known.Detail, known.Advice, known.Err
	case isHTML(err):
		f.Kind, f.Detail, f.Advice = fault.Protocol, "the answer is a web page", besideProxy
	case errors.As(err, &api):
		f.Kind, f.Detail, f.Advice = kindOf(api.ErrorCode()), detail(api), remedy(api.ErrorCode())
	case isGarbled(err):
		f.Kind, f.Detail, f.Advice = fault.Protocol, "the answer is not AWS's", besideProxy
	default:
		f.Detail, f.Err = said(err), safe(err)
	}
	return f
}

// kindOf is the kind of an error code (API reference, common errors and those
// of each operation).
func kindOf(code string) fault.Kind {
	switch code {
	case "AccessDeniedException", "AccessDenied", "NotAuthorized", "OptInRequired", "BlockedByOrganizationPolicyException":
		return fault.Denied
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId",
		"MissingAuthenticationTokenException", "MissingAuthenticationToken", "IncompleteSignatureException",
		"IncompleteSignature", "InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired",
		"RequestTimeTooSkewed":
		return fault.Auth
	case "RepositoryNotFoundException", "ImageNotFoundException", "LayersNotFoundException",
		"ReferencedImagesNotFoundException", "ClusterNotFoundException", "ServiceNotFoundException",
		"ResourceNotFoundException":
		return fault.NotFound
	case "ImageTagAlreadyExistsException":
		return fault.Immutable
	case "InvalidParameterException", "ValidationException", "ValidationError", "InvalidTagParameterException":
		return fault.Invalid
	case "ImageDigestDoesNotMatchException":
		return fault.Corrupt
	case "RequestEntityTooLargeException":
		return fault.TooLarge
	case "UnknownOperationException", "UnsupportedImageTypeException", "ImageStorageClassUpdateNotSupportedException",
		"UnsupportedFeatureException":
		return fault.Unsupported
	case "ServerException", "InternalFailure", "InternalServerError", "ServiceUnavailable", "KmsException":
		return fault.Unavailable
	case "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded":
		return fault.RateLimited
	}
	return fault.Unknown
}

// detail is the API's own text; of a permission that is missing, its name.
func detail(api smithy.APIError) string {
	message := Clean(api.ErrorMessage())
	if name, ok := MissingPermission(message); ok {
		return "the permission " + name + " is missing: " + message
	}
	if message == "" {
		return Clean(api.ErrorCode())
	}
	return message
}

// MissingPermission finds, in the text of an error, the name of the permission
// that a role lacks: "ecr:BatchDeleteImage".
func MissingPermission(message string) (string, bool) {
	m := regexp.MustCompile(`not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9]+)`).FindStringSubmatch(message)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// isHTML tells the page of a proxy that got in between.
func isHTML(err error) bool {
	response, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || response.Response == nil || response.Response.Response == nil {
		return false
	}
	return isHTMLHeader(response.Response.Header)
}

func isHTMLHeader(h http.Header) bool {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && strings.HasSuffix(media, "html")
}

func isGarbled(err error) bool {
	_, garbled := errors.AsType[*smithy.DeserializationError](err)
	_, answered := errors.AsType[*smithyhttp.ResponseError](err)
	return garbled || answered
}

// said is what the SDK says of err, but for what it repeats of a program's output.
func said(err error) string {
	if _, ok := errors.AsType[*processcreds.ProviderError](err); ok {
		return "the credential_process of the profile gives no credentials"
	}
	return Clean(err.Error())
}

// safe is err, or nil where its text must not be kept.
func safe(err error) error {
	if _, ok := errors.AsType[*processcreds.ProviderError](err); ok {
		return nil
	}
	return err
}

// Clean is foreign text made safe for a terminal, in the length that a person
// may want to read.
func Clean(s string) string {
	const most = 400
	r := []rune(redact.Line(s))
	return string(r[:min(len(r), most)])
}
