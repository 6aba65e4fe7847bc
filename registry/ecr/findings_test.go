package ecr_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	service "github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/google/go-cmp/cmp"

	"regatta/model/fault"
	"regatta/model/finding"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/sandbox"
)

// An image is not scanned, then it is about to be, then it was.
func TestFindings(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	d := w.push("one", "v1")
	states := []finding.State{}
	see := func() finding.Report {
		r, err := w.Findings(t.Context(), "app", d)
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, r.State)
		return r
	}
	see()
	api := service.New(service.Options{
		Region: "eu-central-1", HTTPClient: &http.Client{Transport: w.sandbox.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	})
	if _, err := api.StartImageScan(t.Context(), &service.StartImageScanInput{
		RepositoryName: aws.String("app"), ImageId: &types.ImageIdentifier{ImageTag: aws.String("v1")},
	}); err != nil {
		t.Fatal(err)
	}
	see()
	w.at = w.at.Add(time.Minute)
	r := see()
	if diff := cmp.Diff([]finding.State{finding.NotScanned, finding.Pending, finding.Complete}, states); diff != "" {
		t.Error(diff)
	}
	var counted finding.Counts
	for _, f := range r.Findings {
		counted[f.Severity]++
		if f.Name == "" || f.URI == "" || len(f.Packages) != 1 || f.Packages[0].Name == "" || f.Packages[0].Version == "" {
			t.Errorf("half a finding: %+v", f)
		}
	}
	if counted != r.Counts || r.Completed.IsZero() {
		t.Errorf("counted %v, told %v, completed %v", counted, r.Counts, r.Completed)
	}
}

// What is missing is told: the image, and the permission by its name.
func TestFindingsDenied(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) {
		o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: []string{"ecr:DescribeImageScanFindings"}}}
	})
	_, err := w.Findings(t.Context(), "app", w.push("one", "v1"))
	if !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "the permission ecr:DescribeImageScanFindings is missing") {
		t.Errorf("error %v", err)
	}
	open := open(t, nil)
	open.push("one", "v1")
	if _, err := open.Findings(t.Context(), "app", ref.DigestOf([]byte("none"))); !fault.Is(err, fault.NotFound) {
		t.Errorf("of no image: %v", err)
	}
}

// answers are what AWS says of one operation, page by page.
type answers struct {
	http.RoundTripper

	operation string
	pages     []string
	asked     []map[string]any
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+a.operation) {
		return a.RoundTripper.RoundTrip(r)
	}
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	page := a.pages[min(len(a.asked), len(a.pages)-1)]
	a.asked = append(a.asked, in)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(page)),
	}, nil
}

func answering(t *testing.T, operation string, pages ...string) (*world, *answers) {
	t.Helper()
	w := open(t, nil)
	a := &answers{RoundTripper: w.sandbox.Transport(), operation: operation, pages: pages}
	w.transport = httpx.New(httpx.Options{Now: w.now, Base: a})
	w.Client = w.client(t, static)
	return w, a
}

// Enhanced findings come in pages, one may be in several packages.
func TestEnhancedFindings(t *testing.T) {
	t.Parallel()
	const head = `{"imageScanStatus": {"status": "ACTIVE", "description": "Continuous scan is selected for image."},
		"imageScanFindings": {"findingSeverityCounts": {"HIGH": 1, "UNTRIAGED": 1}, "enhancedFindings": [`
	w, a := answering(t, "DescribeImageScanFindings",
		head+`{"severity": "HIGH", "score": 7.5, "title": "CVE-1 - curl", "description": "A leak.",
			"packageVulnerabilityDetails": {"vulnerabilityId": "CVE-1", "sourceUrl": "https://example.com/1",
			"vulnerablePackages": [{"name": "curl", "version": "7.88.1", "release": "10", "fixedInVersion": "7.88.2"},
			{"name": "libcurl", "version": "7", "fixedInVersion": "NotAvailable", "filePath": "usr/lib"}]}}]}, "nextToken": "two"}`,
		head+`{"severity": "UNTRIAGED", "title": "code\u001b[31m"}]}}`)
	got, err := w.Findings(t.Context(), "app", ref.DigestOf([]byte("one")))
	if err != nil {
		t.Fatal(err)
	}
	want := finding.Report{
		State: finding.Continuous, Reason: "Continuous scan is selected for image.",
		Counts: finding.Counts{finding.High: 1, finding.Undefined: 1},
		Findings: []finding.Finding{
			{
				Name: "CVE-1", Severity: finding.High, Score: 7.5, Description: "A leak.", URI: "https://example.com/1",
				Packages: []finding.Package{
					{Name: "curl", Version: "7.88.1-10", Fixed: "7.88.2"}, {Name: "libcurl", Version: "7", Path: "usr/lib"},
				},
			},
			{Name: got.Findings[len(got.Findings)-1].Name, Severity: finding.Undefined},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(got.Findings[1].Name, "\x1b") {
		t.Errorf("a terminal would obey %q", got.Findings[1].Name)
	}
	if len(a.asked) != 2 || a.asked[1]["nextToken"] != "two" || a.asked[0]["maxResults"] != 1000.0 {
		t.Errorf("asked %v", a.asked)
	}
}

// Each state that AWS has is one here.
func TestScanStates(t *testing.T) {
	t.Parallel()
	for status, want := range map[types.ScanStatus]finding.State{
		types.ScanStatusFailed: finding.Failed, types.ScanStatusUnsupportedImage: finding.Unsupported,
		types.ScanStatusScanEligibilityExpired: finding.Expired, types.ScanStatusFindingsUnavailable: finding.Unavailable,
		types.ScanStatusLimitExceeded: finding.Limited, types.ScanStatusImageArchived: finding.Archived,
		types.ScanStatusPending: finding.Pending,
	} {
		w, _ := answering(t, "DescribeImageScanFindings", `{"imageScanStatus": {"status": "`+string(status)+`"}}`)
		got, err := w.Findings(t.Context(), "app", ref.DigestOf([]byte("one")))
		if err != nil || got.State != want || got.Missing() == "" {
			t.Errorf("%s: %+v, %v", status, got, err)
		}
	}
}

// Where the list tells what a scan has found, no further request is made.
func TestSummariesOfTheListing(t *testing.T) {
	t.Parallel()
	digest := string(ref.DigestOf([]byte("one")))
	w, a := answering(t, "DescribeImages", `{"imageDetails": [{"imageDigest": "`+digest+`", "imageTags": ["v1"],
		"imageManifestMediaType": "`+single+`", "imageScanFindingsSummary": {"findingSeverityCounts": {"CRITICAL": 2}}}]}`)
	images := w.listed(t)
	if len(images) != 1 || images[0].Findings == nil || *images[0].Findings != (finding.Counts{finding.Critical: 2}) || len(a.asked) != 1 {
		t.Errorf("listed %+v in %d requests", images, len(a.asked))
	}
}
