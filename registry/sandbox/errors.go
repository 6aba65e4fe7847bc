package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// code is an error code of the distribution-spec 1.1.
type code string

const (
	codeBlobUnknown         code = "BLOB_UNKNOWN"
	codeBlobUploadInvalid   code = "BLOB_UPLOAD_INVALID"
	codeBlobUploadUnknown   code = "BLOB_UPLOAD_UNKNOWN"
	codeDigestInvalid       code = "DIGEST_INVALID"
	codeManifestBlobUnknown code = "MANIFEST_BLOB_UNKNOWN"
	codeManifestInvalid     code = "MANIFEST_INVALID"
	codeManifestUnknown     code = "MANIFEST_UNKNOWN"
	codeNameInvalid         code = "NAME_INVALID"
	codeNameUnknown         code = "NAME_UNKNOWN"
	codePageInvalid         code = "PAGINATION_NUMBER_INVALID"
	codeSizeInvalid         code = "SIZE_INVALID"
	codeTagInvalid          code = "TAG_INVALID"
	codeTooMany             code = "TOOMANYREQUESTS"
	codeUnauthorized        code = "UNAUTHORIZED"
	codeDenied              code = "DENIED"
	codeUnsupported         code = "UNSUPPORTED"
)

type errorBody struct {
	Errors []errorItem `json:"errors"`
}

type errorItem struct {
	Code    code              `json:"code"`
	Message string            `json:"message"`
	Detail  map[string]string `json:"detail,omitempty"`
}

// fail answers with the error body of the distribution-spec. Detail is pairs
// of keys and values.
func fail(w http.ResponseWriter, status int, c code, message string, detail ...string) {
	item := errorItem{Code: c, Message: message}
	for i := 0; i+1 < len(detail); i += 2 {
		if item.Detail == nil {
			item.Detail = map[string]string{}
		}
		item.Detail[detail[i]] = detail[i+1]
	}
	writeJSON(w, status, errorBody{Errors: []errorItem{item}})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeBody(w, status, "application/json", raw)
}

// writeBody ignores a failed write: the client is gone and there is no one to
// tell.
func writeBody(w http.ResponseWriter, status int, contentType string, raw []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	w.WriteHeader(status)
	_, _ = w.Write(raw) //nolint:gosec // what was pushed is served as it is; no browser asks
}
