package aws

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

const jsonType = "application/x-amz-json-1.1"

// fault is the body of an error.
type fault struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

// Refuse answers with an error.
func Refuse(w http.ResponseWriter, e *Error) {
	answer(w, e.Status, e.Code, fault{Type: e.Code, Message: e.Message})
}

func answer(w http.ResponseWriter, status int, code string, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if code != "" {
		w.Header().Set("X-Amzn-Errortype", code)
	}
	write(w, status, jsonType, raw)
}

// write ignores a failed write: the client is gone and there is no one to tell.
func write(w http.ResponseWriter, status int, contentType string, raw []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	h.Set("X-Amzn-Requestid", rand.Text())
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// Time is an instant as the JSON protocol writes it: seconds since 1970, with
// milliseconds as decimals. The zero value is left out by omitzero.
type Time time.Time

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	seconds := float64(time.Time(t).UnixMilli()) / 1000
	return strconv.AppendFloat(nil, seconds, 'f', -1, 64), nil
}

// IsZero reports whether there is no instant.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }
