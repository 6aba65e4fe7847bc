package cmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
)

type previewJSON struct {
	Repository  *string            `json:"repository"`
	EvaluatedAt *string            `json:"evaluatedAt"`
	Images      []previewImageJSON `json:"images"`
	Summary     previewSummaryJSON `json:"summary"`
}

type previewImageJSON struct {
	Digest       ref.Digest `json:"digest"`
	Tags         []string   `json:"tags"`
	PushedAt     *string    `json:"pushedAt"`
	SizeBytes    *int64     `json:"sizeBytes"`
	Outcome      string     `json:"outcome"`
	RulePriority *int       `json:"rulePriority"`
	Reason       string     `json:"reason"`
}

type previewSummaryJSON struct {
	Expire         int   `json:"expire"`
	Transition     int   `json:"transition"`
	Keep           int   `json:"keep"`
	ReclaimedBytes int64 `json:"reclaimedBytes"`
}

func previewResult(in *previewInput, e *lifecycle.Evaluation, sum lifecycle.Summary) result {
	order := newestImages(e.Images)
	doc := previewJSON{
		Repository: orNull(in.repository), EvaluatedAt: timeOrNull(e.At), Images: []previewImageJSON{},
		Summary: previewSummaryJSON{sum.Expire, sum.Transition, sum.Keep, sum.ReclaimedBytes},
	}
	for _, i := range order {
		img, v := &e.Images[i], e.Verdicts[i]
		doc.Images = append(doc.Images, previewImageJSON{
			Digest: img.Digest, Tags: list(img.Tags), PushedAt: timeOrNull(img.Pushed), SizeBytes: sizeOrNull(img.Size),
			Outcome: v.Outcome.String(), RulePriority: orNull(v.Priority), Reason: e.Reason(i),
		})
	}
	return result{json: doc, text: func(w io.Writer) { writePreview(w, in, e, order, sum) }}
}

// newestImages is the order in which to print; images without a time are last.
func newestImages(images []lifecycle.Image) []int {
	order := make([]int, len(images))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := &images[a], &images[b]
		return cmp.Or(y.Pushed.Compare(x.Pushed), cmp.Compare(x.Digest, y.Digest))
	})
	return order
}

func writePreview(
	w io.Writer, in *previewInput, e *lifecycle.Evaluation, order []int, sum lifecycle.Summary,
) {
	g := grid{header: []string{"OUTCOME", "RULE", "TAGS", "DIGEST", "SIZE", "AGE", "REASON"}}
	for _, i := range order {
		img, v := &e.Images[i], e.Verdicts[i]
		tags, rule := strings.Join(img.Tags, ", "), "—"
		if tags == "" {
			tags = "<untagged>"
		}
		if v.Priority > 0 {
			rule = strconv.Itoa(v.Priority)
		}
		g.add(v.Outcome.String(), rule, tags, img.Digest.Short(), text.Bytes(img.Size), text.Age(img.Pushed, e.At),
			e.Reason(i))
	}
	g.write(w)
	most := ""
	if in.estimated(sum) {
		most = "at most "
	}
	fmt.Fprintf(w, "\nexpire %s, transition %s, keep %s; %s%s come back\n", text.Count(sum.Expire),
		text.Count(sum.Transition), text.Count(sum.Keep), most, text.Bytes(sum.ReclaimedBytes))
}

// estimated tells that the bytes are an upper bound.
func (in *previewInput) estimated(sum lifecycle.Summary) bool {
	return sum.Expire > 0 && (sum.Estimated || !in.untagged)
}

// remark says on what the result rests.
func (in *previewInput) remark(w io.Writer, sum lifecycle.Summary) {
	if in.made > 0 {
		fmt.Fprintf(w, "the registry does not tell when images were pushed: %s from when they were made\n",
			text.Plural(in.made, "image counts", "images count"))
	}
	timeless := 0
	for i := range in.images {
		if in.images[i].Pushed.IsZero() {
			timeless++
		}
	}
	if timeless > 0 {
		fmt.Fprintf(w, "no time is known of %s: see the assumption no-time\n", text.Plural(timeless, "image", "images"))
	}
	switch {
	case !in.estimated(sum):
	case in.weigh == nil:
		fmt.Fprintln(w, "the bytes that come back are at most so many: layers that images share are counted for each")
	case !in.untagged:
		fmt.Fprintln(w, "the bytes that come back are at most so many: "+
			"images without tags are not listed here, and one that shares layers keeps them")
	default:
		fmt.Fprintln(w, "the bytes that come back are an estimate: parts of the repository could not be read")
	}
}
