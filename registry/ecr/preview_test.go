package ecr_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/sandbox"
)

// saying has AWS answer questions for a preview in other words.
type saying struct {
	next   http.RoundTripper
	status []string // one a question, then what the sandbox says
	text   func(asked string) string

	mu    sync.Mutex
	asked int
}

// RoundTrip implements http.RoundTripper.
func (s *saying) RoundTrip(req *http.Request) (*http.Response, error) {
	answer, err := s.next.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.Header.Get("X-Amz-Target"), ".GetLifecyclePolicyPreview") {
		return answer, err
	}
	var said map[string]any
	err = json.NewDecoder(answer.Body).Decode(&said)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	if s.asked++; s.asked <= len(s.status) {
		said["status"] = s.status[s.asked-1]
	}
	s.mu.Unlock()
	if s.text != nil {
		said["lifecyclePolicyText"] = s.text(said["lifecyclePolicyText"].(string))
	}
	raw, err := json.Marshal(said)
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	answer.Header.Del("Content-Length")
	answer.Header.Del("X-Amz-Crc32")
	return answer, err
}

const keepTwo = `{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any",
	"countType": "imageCountMoreThan", "countNumber": 2}, "action": {"type": "expire"}}]}`

// previewing is a world of which previews are answered so, with n images.
func previewing(t *testing.T, n int, s *saying) (w *world, oldest ref.Digest) {
	t.Helper()
	w = open(t, func(o *sandbox.Options) { o.Now = time.Now })
	for i := range n {
		if d := w.push(strconv.Itoa(i), fmt.Sprint("v", i)); i == 0 {
			oldest = d
		}
		w.at = w.at.Add(time.Minute)
	}
	s.next = w.sandbox.Transport()
	w.transport = httpx.New(httpx.Options{Now: time.Now, Base: s})
	w.Client = w.client(t, static)
	return w, oldest
}

// AWS's preview is asked for until it is there, and read to its end. That its
// text has other white space and another order makes no difference.
func TestPreviewLifecycle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &saying{status: []string{"IN_PROGRESS", "IN_PROGRESS"}, text: func(asked string) string {
			return strings.Join(strings.Fields(asked), "")
		}}
		w, oldest := previewing(t, 152, s)
		found, err := w.PreviewLifecycle(t.Context(), "app", keepTwo)
		if err != nil || len(found) != 150 || found[oldest] != (lifecycle.Verdict{Outcome: lifecycle.Expire, Priority: 1}) {
			t.Errorf("%d verdicts, %v: %v", len(found), found[oldest], err)
		}
		if s.asked < 4 {
			t.Errorf("it was asked for %d times", s.asked)
		}
	})
}

// What does not come to an end says which one it was, and is no verdict.
func TestPreviewLifecycleThatFails(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		*saying

		kind fault.Kind
	}{
		"AWS says that the preview has failed":          {&saying{status: []string{"IN_PROGRESS", "FAILED"}}, fault.Unavailable},
		"AWS has dropped the preview":                   {&saying{status: []string{"IN_PROGRESS", "EXPIRED"}}, fault.Unavailable},
		"somebody else began another preview of this r": {&saying{text: func(string) string { return strings.Replace(keepTwo, "2}", "3}", 1) }}, fault.Drift},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, _ := previewing(t, 3, c.saying)
				found, err := w.PreviewLifecycle(t.Context(), "app", keepTwo)
				wantFault(t, err, c.kind, want)
				if len(found) > 0 {
					t.Errorf("%v", found)
				}
			})
		})
	}
}

// While AWS works on somebody else's preview there is none of one's own, unless
// it is of the same policy: then that one is waited for.
func TestPreviewLifecycleUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := previewing(t, 3, &saying{})
		done := make(chan error)
		go func() {
			_, err := w.PreviewLifecycle(t.Context(), "app", keepTwo)
			done <- err
		}()
		synctest.Wait()
		_, err := w.PreviewLifecycle(t.Context(), "app", strings.Replace(keepTwo, "2}", "3}", 1))
		wantFault(t, err, fault.Drift, "somebody else began another preview of this repository")
		found, err := w.PreviewLifecycle(t.Context(), "app", strings.Join(strings.Fields(keepTwo), " "))
		if err != nil || len(found) != 1 {
			t.Errorf("the same policy: %v, %v", found, err)
		}
		if err := <-done; err != nil {
			t.Errorf("the first one: %v", err)
		}
	})
}
