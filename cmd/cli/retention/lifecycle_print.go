package retention

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/model/cost"
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
	UsedBy       []string   `json:"usedBy"`
	AWSOutcome   *string    `json:"awsOutcome"`
}

type previewSummaryJSON struct {
	Expire         int   `json:"expire"`
	Transition     int   `json:"transition"`
	Keep           int   `json:"keep"`
	ReclaimedBytes int64 `json:"reclaimedBytes"`
	InUse          int   `json:"inUse"` // of those that expire

	SavesPerMonth *cost.Money `json:"savesPerMonth"`
}

// preview is what a policy does to a repository, to be printed.
type preview struct{ of *retention.Preview }

// print prints what becomes of one repository.
func (p preview) print(streams output.Streams, o PreviewOptions) error {
	doc := output.Result{JSON: p.json(), Text: p.write}
	if err := streams.Print(o.Output, doc); err != nil {
		return err
	}
	p.remark(streams.Err, "")
	failed := output.Failures{List: p.of.Input.Unread}
	return failed.Report(streams.Err, "read", "images", len(p.of.Input.Images)+len(failed.List))
}

func (p preview) json() previewJSON {
	in, e, sum := p.of.Input, p.of.Evaluation, p.of.Summary
	order := newestImages(e.Images)
	doc := previewJSON{
		Repository: null.Of(in.Repository), EvaluatedAt: null.Time(e.At), Images: []previewImageJSON{},
		Summary: previewSummaryJSON{
			sum.Expire, sum.Transition, sum.Keep, sum.ReclaimedBytes, p.of.InUse(), null.Money(p.of.Saves()),
		},
	}
	for _, i := range order {
		img, v := &e.Images[i], e.Verdicts[i]
		doc.Images = append(doc.Images, previewImageJSON{
			Digest: img.Digest, Tags: output.List(img.Tags), PushedAt: null.Time(img.Pushed), SizeBytes: null.Size(img.Size),
			Outcome: v.Outcome.String(), RulePriority: null.Of(v.Priority), Reason: e.Reason(i),
			UsedBy: output.List(in.UsedBy(img.Digest)), AWSOutcome: p.awsOutcome(img.Digest),
		})
	}
	return doc
}

// awsOutcome is null where AWS was not asked, or did not say.
func (p preview) awsOutcome(d ref.Digest) *string {
	says, said := p.of.AWSOutcome(d)
	if !said {
		return nil
	}
	name := says.String()
	return &name
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

func (p preview) write(w io.Writer) {
	in, e := p.of.Input, p.of.Evaluation
	g := output.Grid{Header: []string{"OUTCOME", "RULE", "TAGS", "DIGEST", "SIZE", "AGE", "REASON"}}
	for _, i := range newestImages(e.Images) {
		img, v := &e.Images[i], e.Verdicts[i]
		tags, rule := strings.Join(img.Tags, ", "), "—"
		if tags == "" {
			tags = "<untagged>"
		}
		if v.Priority > 0 {
			rule = strconv.Itoa(v.Priority)
		}
		why := e.Reason(i)
		if by := in.UsedBy(img.Digest); len(by) > 0 {
			why += "; in use by " + by[0]
		}
		g.Add(v.Outcome.String(), rule, tags, img.Digest.Short(), text.Bytes(img.Size), text.Age(img.Pushed, e.At), why)
	}
	g.Write(w)
	fmt.Fprintf(w, "\n%s\n", p.totals())
	p.writeDifferences(w)
}

// totals are the summary as a line.
func (p preview) totals() string {
	most := ""
	if p.of.Estimated() {
		most = "at most "
	}
	used := ""
	if n := p.of.InUse(); n > 0 {
		used = fmt.Sprintf("; %s of those that expire in use", text.Plural(n, "is", "are"))
	}
	return fmt.Sprintf("expire %s, transition %s, keep %s; %s%s come back%s%s", text.Count(p.of.Summary.Expire),
		text.Count(p.of.Summary.Transition), text.Count(p.of.Summary.Keep), most, text.Bytes(p.of.Summary.ReclaimedBytes),
		output.Saves(p.of.Saves()), used)
}

func (p preview) writeDifferences(w io.Writer) {
	if p.of.AWS == nil || p.of.AWS.Err != nil {
		return
	}
	differs := p.of.Differs()
	if len(differs) == 0 {
		fmt.Fprintln(w, "AWS says the same")
		return
	}
	fmt.Fprintf(w, "AWS differs on %s:\n", text.Plural(len(differs), "image", "images"))
	for _, i := range differs {
		img := &p.of.Evaluation.Images[i]
		fmt.Fprintf(w, "  %s: AWS would %s, here it is %s\n", img.Digest.Short(), p.of.AWS.Says[img.Digest].Outcome,
			p.of.Evaluation.Verdicts[i].Outcome)
	}
}

// remark says on what the result rests.
func (p preview) remark(w io.Writer, about string) {
	for _, line := range p.of.Remarks() {
		fmt.Fprintln(w, about+line)
	}
}
