//go:build linux

package bench

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"regatta/model/image"
)

// accountHost is the registry of an account, which is asked through an endpoint.
const accountHost = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"

// account is a registry of Amazon ECR with one repository of many images. It
// answers DescribeImages, and denies all else.
type account struct {
	visits

	images   int
	endpoint string
}

func newAccount(b *testing.B, n int) *account {
	b.Helper()
	a := &account{images: n}
	s := httptest.NewServer(a)
	b.Cleanup(s.Close)
	a.endpoint = s.URL
	return a
}

// environment leads the AWS SDK to it.
func (a *account) environment() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + a.endpoint, "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_PROFILE=",
		"AWS_CONFIG_FILE=/none", "AWS_SHARED_CREDENTIALS_FILE=/none", "AWS_EC2_METADATA_DISABLED=true",
	}
}

// ServeHTTP implements http.Handler.
func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.asked.Add(1)
	defer a.served(&a.latest)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	var in struct {
		MaxResults int    `json:"maxResults"`
		NextToken  string `json:"nextToken"`
	}
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".DescribeImages") || json.NewDecoder(r.Body).Decode(&in) != nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"__type":"AccessDeniedException","message":"no"}`))
		return
	}
	from, _ := strconv.Atoi(in.NextToken) // the first page has none
	a.page(w, from, max(in.MaxResults, 1))
}

func (a *account) page(w http.ResponseWriter, from, n int) {
	to := min(from+n, a.images)
	details := make([]map[string]any, 0, n)
	for i := from; i < to; i++ {
		name := fmt.Sprintf("v%d.%d.%d-build.%07d", i/1000, i/100%10, i%100, i)
		pushed := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(i) * time.Minute)
		details = append(details, map[string]any{
			"registryId": "111122223333", "repositoryName": "app", "imageDigest": digestOf([]byte(name)),
			"imageTags": []string{name}, "imageSizeInBytes": 10_000_000 + i, "imagePushedAt": pushed.Unix(),
			"imageManifestMediaType": image.MediaTypeOCIManifest, "imageStatus": "ACTIVE",
			"artifactMediaType": "application/vnd.oci.image.config.v1+json",
		})
	}
	out := map[string]any{"imageDetails": details}
	if to < a.images {
		out["nextToken"] = strconv.Itoa(to)
	} else {
		a.served(&a.listed)
	}
	_ = json.NewEncoder(w).Encode(out)
}
