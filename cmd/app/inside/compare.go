package inside

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/diff"
	"regatta/model/fault"
)

// Comparison is how two images differ, in everything that could be read.
type Comparison struct {
	Pair     Pair
	Index    diff.Index
	Findings map[string]diff.Findings  // by platform; none where one side is not scanned
	Packages map[string]*diff.Packages // by platform; none where one side has no SBOM
	Files    map[string]*diff.Files    // by platform; none until AddFiles
	Failed   []app.Failure             // the parts that could not be read
	Parts    int                       // how much was tried
	Notes    []string                  // what is not compared, and why
}

// Compare compares all of two images but their files.
func Compare(ctx context.Context, p Pair) (*Comparison, error) {
	index, err := p.Index(ctx)
	if err != nil {
		return nil, err
	}
	c := &Comparison{
		Pair: p, Index: index, Parts: 2, Findings: map[string]diff.Findings{},
		Packages: map[string]*diff.Packages{}, Files: map[string]*diff.Files{},
	}
	if err := c.addPackages(ctx); err != nil {
		c.fail("packages", err)
	}
	if p.Scanned() {
		c.addFindings(ctx)
	}
	return c, context.Cause(ctx)
}

// fail notes a part that could not be read.
func (c *Comparison) fail(name string, err error) {
	c.Failed = append(c.Failed, app.Failure{Name: name, Err: err})
}

func (c *Comparison) addFindings(ctx context.Context) {
	for _, i := range c.Index.Images {
		f, err := c.Pair.Findings(ctx, i)
		if err != nil {
			c.fail("findings of "+i.Platform, err)
			continue
		}
		c.Parts++
		c.Findings[i.Platform] = f
	}
}

// addPackages compares the packages of every platform. Where there is no SBOM
// there is nothing to say; of one in a format that is not read only that.
func (c *Comparison) addPackages(ctx context.Context) error {
	bills, err := c.Pair.bills(ctx)
	if err != nil {
		return err
	}
	for _, i := range c.Index.Images {
		if i.From == i.To {
			continue
		}
		p, err := bills.packages(ctx, i)
		switch {
		case err == nil:
			c.Packages[i.Platform] = &p
		case fault.Is(err, fault.Unsupported):
			c.Notes = append(c.Notes, "packages are not compared: "+err.Error())
		case !fault.Is(err, fault.NotFound):
			return err
		}
	}
	return nil
}

// AddFiles compares the files of every platform.
func (c *Comparison) AddFiles(ctx context.Context, a *app.App, progress Progress) {
	c.Parts++
	for _, i := range c.Index.Images {
		if i.From == i.To {
			continue
		}
		f, err := c.Pair.Files(ctx, a, i, progress)
		if err != nil {
			c.fail("files", err)
			return
		}
		c.Files[i.Platform] = &f
	}
}
