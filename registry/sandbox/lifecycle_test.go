package sandbox_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

var runAt = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// dice make repositories and policies at random.
type dice struct{ *rand.Rand }

func (d dice) of(n int) int { return d.IntN(n) }

func (d dice) time() time.Time {
	hours := d.of(200)*24 + d.of(3)*12 // days, often to the hour
	return runAt.Add(-time.Duration(hours) * time.Hour)
}

// repository pushes a few images, indexes and referrers with tags, and is what
// the model is told of them.
func (d dice) repository(rg *sandbox.Registry, name string) []lifecycle.Image {
	var digests []string
	var out []lifecycle.Image
	add := func(digest string, children []string, subject string) {
		if at := slices.Index(digests, digest); at >= 0 { // pushed again; as if it had not been
			rg.SetPushed(name, digest, out[at].Pushed)
			if out[at].Class == lifecycle.Archive {
				rg.Archive(name, digest, out[at].Archived)
			}
			return
		}
		digests = append(digests, digest)
		img := lifecycle.Image{Digest: ref.Digest(digest), Class: lifecycle.Standard, Subject: ref.Digest(subject), Pushed: d.time()}
		for _, c := range children {
			img.Children = append(img.Children, ref.Digest(c))
		}
		rg.SetPushed(name, digest, img.Pushed)
		if d.of(8) == 0 {
			img.Class, img.Archived = lifecycle.Archive, d.time()
			rg.Archive(name, digest, img.Archived)
		}
		out = append(out, img)
	}
	for i := range 1 + d.of(9) {
		add(rg.PushImage(name, sandbox.Image{Layers: []string{strconv.Itoa(i)}}), nil, "")
	}
	for range d.of(4) {
		pick := []string{digests[d.of(len(digests))], digests[d.of(len(digests))]}
		add(rg.PushIndex(name, slices.Compact(pick)...), slices.Compact(pick), "")
	}
	for i := range d.of(4) {
		subject := digests[d.of(len(digests))]
		add(rg.PushArtifact(name, sandbox.Artifact{Type: fmt.Sprint("x/", i), Subject: subject, MediaType: "x/y"}), nil, subject)
	}
	for _, tag := range []string{"v1", "v2", "v10", "prod", "prod-2", "dev", "dev-x-y", "latest"} {
		if at := d.of(2 * len(out)); at < len(out) {
			rg.Tag(name, tag, string(out[at].Digest), out[at].Pushed)
			out[at].Tags = append(out[at].Tags, tag)
		}
	}
	return out
}

// policy is a valid one.
func (d dice) policy() string {
	var rules []any
	lists := [][]string{{"v*"}, {"prod*"}, {"dev*", "*y"}, {"latest"}, {"*1*"}, {"p", "l"}}
	d.Shuffle(len(lists), func(i, j int) { lists[i], lists[j] = lists[j], lists[i] })
	for i := range d.of(4) {
		field := "tagPatternList"
		if lists[i][0] == "p" {
			field = "tagPrefixList"
		}
		rules = append(rules, d.rule(len(rules)+1, map[string]any{"tagStatus": "tagged", field: lists[i]}))
	}
	if d.of(2) == 0 {
		rules = append(rules, d.rule(len(rules)+1, map[string]any{"tagStatus": "untagged"}))
	}
	if d.of(2) == 0 || len(rules) == 0 {
		rules = append(rules, d.rule(len(rules)+1, map[string]any{"tagStatus": "any"}))
	}
	raw, err := json.MarshalIndent(map[string]any{"rules": rules}, "", "      ")
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func (d dice) rule(priority int, selection map[string]any) any {
	action := map[string]any{"type": "expire"}
	selection["countNumber"] = 1 + d.of(120)
	switch d.of(4) {
	case 0:
		selection["countType"], selection["countUnit"] = "sinceImagePulled", "days"
		action = map[string]any{"type": "transition", "targetStorageClass": "archive"}
	case 1:
		selection["countType"], selection["countUnit"] = "sinceImagePushed", "days"
	case 2:
		selection["countType"], selection["countNumber"] = "imageCountMoreThan", 1+d.of(4)
	default:
		selection["countType"], selection["countUnit"] = "sinceImageTransitioned", "days"
		selection["storageClass"], selection["countNumber"] = "archive", 90+d.of(60)
	}
	return map[string]any{
		"rulePriority": priority, "description": "a rule that was made at random", "selection": selection, "action": action,
	}
}

// A preview equals what happens: the account's own run, which shares nothing
// with the evaluator, takes exactly what the preview says.
func TestAPreviewEqualsTheRun(t *testing.T) {
	t.Parallel()
	taken := 0
	for seed := range uint64(1000) {
		d := dice{rand.New(rand.NewPCG(seed, 20))}
		rg := sandbox.New(sandbox.Options{Now: func() time.Time { return runAt }, Empty: true})
		images, text := d.repository(rg, "app"), d.policy()
		policy, violations := lifecycle.Parse(text)
		if len(violations) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, violations, text)
		}
		want := map[string]string{}
		e := lifecycle.Evaluate(policy, images, runAt, nil)
		for i, v := range e.Verdicts {
			want[string(images[i].Digest)] = v.Outcome.String()
		}
		rg.SetLifecycle("app", text)
		n, err := rg.RunLifecycle("app")
		if err != nil {
			t.Fatal(err)
		}
		taken += n
		if diff := cmp.Diff(want, happened(rg, images)); diff != "" {
			for i := range images {
				t.Logf("%s %v: %s", images[i].Digest.Short(), images[i].Tags, e.Reason(i))
			}
			t.Fatalf("seed %d: %s\n%s", seed, diff, text)
		}
		if err := rg.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if t.Logf("%d images were taken", taken); taken < 1000 {
		t.Error("hardly anything was")
	}
}

// happened is what became of images.
func happened(rg *sandbox.Registry, images []lifecycle.Image) map[string]string {
	out := map[string]string{}
	for _, img := range images {
		d := string(img.Digest)
		switch archived, there := rg.Archived("app", d); {
		case !there:
			out[d] = "expire"
		case archived && img.Class == lifecycle.Standard:
			out[d] = "transition"
		default:
			out[d] = "keep"
		}
	}
	return out
}

// Whatever text a client sends, the account's run ends; and what the model takes
// for a policy of ECR's, the account carries out as the model says.
func FuzzLifecycle(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(dice{rand.New(rand.NewPCG(seed, 20))}.policy(), seed)
	}
	f.Add(`{"rules": [null, {}, {"selection": {"tagPatternList": [1]}}]}`, uint64(0))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		rg := sandbox.New(sandbox.Options{Now: func() time.Time { return runAt }, Empty: true})
		defer func() { _ = rg.Close() }()
		images := dice{rand.New(rand.NewPCG(seed, 20))}.repository(rg, "app")
		rg.SetLifecycle("app", text)
		_, err := rg.RunLifecycle("app")
		policy, violations := lifecycle.Parse(text)
		if len(violations) > 0 {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		want := map[string]string{}
		for i, v := range lifecycle.Evaluate(policy, images, runAt, nil).Verdicts {
			want[string(images[i].Digest)] = v.Outcome.String()
		}
		if diff := cmp.Diff(want, happened(rg, images)); diff != "" {
			t.Fatalf("%s\n%s", diff, text)
		}
	})
}
