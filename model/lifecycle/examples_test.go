package lifecycle_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

// example is an entry of testdata/examples.json: policies and image sets of the
// user guide and what follows from its sentences.
type example struct {
	Name         string          `json:"name"`
	Kind         string          `json:"kind"`
	Policy       json.RawMessage `json:"policy"`
	At           time.Time       `json:"evaluateAt"`
	Images       []exampleImage  `json:"images"`
	Expired      []string        `json:"expired"`
	Transitioned []string        `json:"transitioned"`
	Failed       []struct {
		ID string `json:"id"`
	} `json:"failed"`
	Valid      bool   `json:"valid"`
	AWSMessage string `json:"awsMessage"`
}

type exampleImage struct {
	ID            string     `json:"id"`
	Digest        ref.Digest `json:"digest"`
	Tags          []string   `json:"tags"`
	PushedAt      time.Time  `json:"pushedAt"`
	StorageClass  string     `json:"storageClass"`
	Children      []string   `json:"children"`
	ArchivedDays  *int       `json:"archivedDaysAgo"`
	PulledDays    *int       `json:"lastPulledDaysAgo"`
	ActivatedDays *int       `json:"lastActivatedDaysAgo"`
	Parent        ref.Digest `json:"referencedByManifestList"`
}

func examples(tb testing.TB) []example {
	tb.Helper()
	raw, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		tb.Fatal(err)
	}
	var out []example
	if err := json.Unmarshal(raw, &out); err != nil {
		tb.Fatal(err)
	}
	return out
}

func digestOf(name string) ref.Digest { return ref.DigestOf([]byte(name)) }

// images are those of the example, and their names by digest.
func (e *example) images() (images []lifecycle.Image, names map[ref.Digest]string) {
	names = map[ref.Digest]string{}
	ago := func(days *int) time.Time {
		if days == nil {
			return time.Time{}
		}
		return e.At.AddDate(0, 0, -*days)
	}
	digests := map[string]ref.Digest{}
	for _, i := range e.Images {
		digests[i.ID] = i.Digest
		if i.Digest == "" {
			digests[i.ID] = digestOf(i.ID)
		}
		names[digests[i.ID]] = i.ID
	}
	for _, i := range e.Images {
		img := lifecycle.Image{
			Digest: digests[i.ID], Tags: i.Tags, Class: lifecycle.StorageClass(i.StorageClass), Pushed: i.PushedAt,
			Archived: ago(i.ArchivedDays), Pulled: ago(i.PulledDays), Activated: ago(i.ActivatedDays),
		}
		for _, c := range i.Children {
			img.Children = append(img.Children, digests[c])
		}
		images = append(images, img)
	}
	return images, names
}

// outcomes are the names of images by outcome, sorted.
func outcomes(e *lifecycle.Evaluation, names map[ref.Digest]string) map[lifecycle.Outcome][]string {
	out := map[lifecycle.Outcome][]string{}
	for i, v := range e.Verdicts {
		if name, ok := names[e.Images[i].Digest]; ok {
			out[v.Outcome] = append(out[v.Outcome], name)
		}
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}

func policyOf(tb testing.TB, text string) lifecycle.Policy {
	tb.Helper()
	p, violations := lifecycle.Parse(text)
	for _, v := range violations {
		tb.Fatalf("%d:%d: %s\n%s", v.Line, v.Column, v.String(), text)
	}
	return p
}

// TestExamples asserts every entry of testdata/examples.json.
func TestExamples(t *testing.T) {
	t.Parallel()
	done := map[string]int{}
	for _, e := range examples(t) {
		done[e.Kind]++
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			switch e.Kind {
			case "worked", "derived":
				checkOutcomes(t, &e)
			case "policy-only":
				checkReparse(t, policyOf(t, string(e.Policy)))
			case "partial-worked":
				checkCloudTrail(t, &e)
			case "narrative":
				checkPreview(t, &e)
			case "validity":
				checkValidity(t, &e)
			default:
				t.Errorf("unknown kind %q", e.Kind)
			}
		})
	}
	want := map[string]int{
		"worked": 6, "derived": 6, "policy-only": 10, "partial-worked": 1, "narrative": 1, "validity": 16,
	}
	if !maps.Equal(done, want) {
		t.Errorf("examples %v, want %v", done, want)
	}
}

func checkOutcomes(t *testing.T, e *example) {
	t.Helper()
	images, names := e.images()
	got := outcomes(lifecycle.Evaluate(policyOf(t, string(e.Policy)), images, e.At, nil), names)
	want := map[lifecycle.Outcome][]string{lifecycle.Expire: e.Expired, lifecycle.Transition: e.Transitioned}
	for outcome, names := range want {
		if !slices.Equal(got[outcome], names) {
			t.Errorf("%s %v, want %v", outcome, got[outcome], names)
		}
	}
}

func checkReparse(t *testing.T, p lifecycle.Policy) {
	t.Helper()
	if again := policyOf(t, p.Text()); !p.Equal(again) || len(p.Rules()) == 0 {
		t.Errorf("%s is not the same", p.Text())
	}
}

// checkCloudTrail closes the event, which only lists what was acted on, with
// the index that it names and a second child: five images, of which two stay.
func checkCloudTrail(t *testing.T, e *example) {
	t.Helper()
	images, names := e.images()
	var failed []string
	for _, f := range e.Failed {
		failed = append(failed, f.ID)
	}
	other := digestOf("the other child")
	for _, i := range e.Images {
		if i.Parent != "" {
			images = append(images,
				lifecycle.Image{Digest: other, Pushed: i.PushedAt.Add(time.Second)},
				lifecycle.Image{Digest: i.Parent, Pushed: i.PushedAt.Add(2 * time.Second), Children: []ref.Digest{i.Digest, other}})
			names[i.Digest] = i.ID
		}
	}
	for i, img := range e.Images {
		images[i].Digest = img.Digest
		names[img.Digest] = img.ID
	}
	got := lifecycle.Evaluate(policyOf(t, string(e.Policy)), images, e.At, nil)
	if diff := cmp.Diff(map[lifecycle.Outcome][]string{lifecycle.Expire: e.Expired, lifecycle.Keep: failed},
		outcomes(got, names)); diff != "" {
		t.Error(diff)
	}
	at := slices.IndexFunc(e.Images, func(i exampleImage) bool { return i.ID == failed[0] })
	if want := "kept: the index 4b27c83d44a1 still references it, or rule 1 would expire it"; got.Reason(at) != want {
		t.Errorf("reason %q, want %q", got.Reason(at), want)
	}
}

// checkPreview builds what the report of a real preview tells: 26 fresh images,
// the oldest two of them children of the tagged index.
func checkPreview(t *testing.T, e *example) {
	t.Helper()
	now := time.Date(2026, 9, 8, 12, 0, 0, 0, time.UTC)
	names := map[ref.Digest]string{}
	var images []lifecycle.Image
	for i := range 26 {
		img := lifecycle.Image{Digest: digestOf(strconv.Itoa(i)), Pushed: now.Add(time.Duration(i-30) * time.Minute)}
		switch {
		case i == 25:
			img.Tags, img.Children = []string{"multi"}, []ref.Digest{images[0].Digest, images[1].Digest}
		case i > 1:
			img.Tags = []string{fmt.Sprint("v", i)}
		}
		names[img.Digest] = fmt.Sprintf("%02d", i)
		images = append(images, img)
	}
	got := outcomes(lifecycle.Evaluate(policyOf(t, string(e.Policy)), images, now, nil), names)
	if want := []string{"02", "03", "04", "05"}; !slices.Equal(got[lifecycle.Expire], want) {
		t.Errorf("expired %v, want %v", got[lifecycle.Expire], want)
	}
}

func checkValidity(t *testing.T, e *example) {
	t.Helper()
	p, violations := lifecycle.Parse(string(e.Policy))
	if e.Valid != (len(violations) == 0) {
		t.Fatalf("violations %v, want valid to be %v", violations, e.Valid)
	}
	if e.Valid {
		checkReparse(t, p)
		return
	}
	named := slices.ContainsFunc(violations, func(v lifecycle.Violation) bool {
		return e.AWSMessage == "" || v.FromAWS && v.Message == e.AWSMessage
	})
	if len(violations) != 1 || !named || violations[0].Text == "" && !strings.Contains(string(e.Policy), "\n") {
		t.Errorf("violations %+v, want only %q", violations, e.AWSMessage)
	}
}
