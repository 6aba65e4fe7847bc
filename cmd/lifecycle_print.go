package cmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

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

// printOne prints what becomes of one repository.
func (p *preview) printOne(streams Streams, o previewOptions) error {
	doc := result{json: p.json(), text: p.write}
	if err := streams.print(o.output, doc); err != nil {
		return err
	}
	p.remark(streams.Err, "")
	return p.in.failed.report(streams.Err, "read", "images", len(p.in.images)+len(p.in.failed.list))
}

func (p *preview) json() previewJSON {
	in, e, sum := p.in, p.evaluation, p.sum
	order := newestImages(e.Images)
	doc := previewJSON{
		Repository: orNull(in.repository), EvaluatedAt: timeOrNull(e.At), Images: []previewImageJSON{},
		Summary: previewSummaryJSON{
			sum.Expire, sum.Transition, sum.Keep, sum.ReclaimedBytes, p.usedAndGone(), moneyOrNull(p.saves()),
		},
	}
	for _, i := range order {
		img, v := &e.Images[i], e.Verdicts[i]
		doc.Images = append(doc.Images, previewImageJSON{
			Digest: img.Digest, Tags: list(img.Tags), PushedAt: timeOrNull(img.Pushed), SizeBytes: sizeOrNull(img.Size),
			Outcome: v.Outcome.String(), RulePriority: orNull(v.Priority), Reason: e.Reason(i),
			UsedBy: list(in.usedBy(img.Digest)), AWSOutcome: p.awsOutcome(img.Digest),
		})
	}
	return doc
}

// awsOutcome is null where AWS was not asked, or did not say.
func (p *preview) awsOutcome(d ref.Digest) *string {
	if p.aws == nil || p.aws.err != nil {
		return nil
	}
	says := p.aws.says[d].Outcome.String()
	return &says
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

func (p *preview) write(w io.Writer) {
	in, e := p.in, p.evaluation
	g := grid{header: []string{"OUTCOME", "RULE", "TAGS", "DIGEST", "SIZE", "AGE", "REASON"}}
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
		if by := in.usedBy(img.Digest); len(by) > 0 {
			why += "; in use by " + by[0]
		}
		g.add(v.Outcome.String(), rule, tags, img.Digest.Short(), text.Bytes(img.Size), text.Age(img.Pushed, e.At), why)
	}
	g.write(w)
	fmt.Fprintf(w, "\n%s\n", p.totals())
	p.writeDifferences(w)
}

// totals are the summary as a line.
func (p *preview) totals() string {
	most := ""
	if p.in.estimated(p.sum) {
		most = "at most "
	}
	used := ""
	if n := p.usedAndGone(); n > 0 {
		used = fmt.Sprintf("; %s of those that expire in use", text.Plural(n, "is", "are"))
	}
	return fmt.Sprintf("expire %s, transition %s, keep %s; %s%s come back%s%s", text.Count(p.sum.Expire),
		text.Count(p.sum.Transition), text.Count(p.sum.Keep), most, text.Bytes(p.sum.ReclaimedBytes),
		saves(p.saves()), used)
}

func (p *preview) writeDifferences(w io.Writer) {
	if p.aws == nil || p.aws.err != nil {
		return
	}
	differs := p.differs()
	if len(differs) == 0 {
		fmt.Fprintln(w, "AWS says the same")
		return
	}
	fmt.Fprintf(w, "AWS differs on %s:\n", text.Plural(len(differs), "image", "images"))
	for _, i := range differs {
		img := &p.evaluation.Images[i]
		fmt.Fprintf(w, "  %s: AWS would %s, here it is %s\n", img.Digest.Short(), p.aws.says[img.Digest].Outcome,
			p.evaluation.Verdicts[i].Outcome)
	}
}

// estimated tells that the bytes are an upper bound.
func (in *previewInput) estimated(sum lifecycle.Summary) bool {
	return sum.Expire > 0 && (sum.Estimated || !in.untagged)
}

// remark says on what the result rests.
func (p *preview) remark(w io.Writer, about string) {
	if p.err != nil {
		return
	}
	for _, line := range p.in.remarks(p.sum) {
		fmt.Fprintln(w, about+line)
	}
	if p.aws != nil && p.aws.err != nil {
		fmt.Fprintf(w, "%s%s; what is shown is worked out on this machine alone\n", about, text.Clean(p.aws.err.Error()))
	}
}

func (in *previewInput) remarks(sum lifecycle.Summary) []string {
	out := slices.Clone(in.notes)
	if in.made > 0 {
		out = append(out, "the registry does not tell when images were pushed: "+
			text.Plural(in.made, "image counts", "images count")+" from when they were made")
	}
	timeless := 0
	for i := range in.images {
		if in.images[i].Pushed.IsZero() {
			timeless++
		}
	}
	if timeless > 0 {
		out = append(out, "no time is known of "+text.Plural(timeless, "image", "images")+": see the assumption no-time")
	}
	switch {
	case !in.estimated(sum):
	case in.weigh == nil:
		out = append(out, "the bytes that come back are at most so many: layers that images share are counted for each")
	case !in.untagged:
		out = append(out, "the bytes that come back are at most so many: "+
			"images without tags are not listed here, and one that shares layers keeps them")
	default:
		out = append(out, "the bytes that come back are an estimate: parts of the repository could not be read")
	}
	return out
}
