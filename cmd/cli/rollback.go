package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/output"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

// rollbackOptions are what a rollback is asked for with.
type rollbackOptions struct {
	to   string // a digest, a tag, or previous
	keep string // begins the tags that keep what is left behind; "": none
	note string

	deploy  bool // what follows the tags
	wait    bool // until that runs it
	timeout time.Duration
}

// patience is how long what follows the tags is waited for.
func (o rollbackOptions) patience() time.Duration { return cmp.Or(o.timeout, rollbacks.WatchAtMost) }

func rollbackVerb(a *program) *cobra.Command {
	var o changeOptions
	var r rollbackOptions
	cmd := &cobra.Command{
		Use:   "rollback HOST/REPOSITORY:TAG...",
		Short: "Point tags back at former images, after checking that these are whole",
		Long: "Point tags back at former images. What a tag pointed to is known from the journal of this machine, from\n" +
			"what it saw at the registry, from what runs, and from version tags. Before anything is changed, the image\n" +
			"to go back to is checked: every manifest and blob, platforms, signature, storage, lifecycle policy, and\n" +
			"what runs it. The image that is left behind keeps a tag. Several tags go back together.",
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				if !cmd.Flags().Changed("keep") {
					r.keep = rollbacks.KeepPrefix(s)
				}
				return runRollback(cmd.Context(), &changing{app: s, streams: a.streams, o: o}, args, r)
			})
		},
	}
	changeFlags(cmd, &o)
	f := cmd.Flags()
	f.StringVar(&r.to, "to", rollbacks.Previous, "go back to `DIGEST|TAG|previous`")
	f.StringVar(&r.keep, "keep", rollbacks.DefaultKeep,
		"begin of the tag that the image left behind gets, unless the config says another; empty: none")
	f.StringVar(&r.note, "note", "", "why, for the journal")
	f.BoolVar(&r.deploy, "deploy", false, "start new deployments of the services of ECS that follow the tags")
	f.BoolVar(&r.wait, "wait", false, "wait until whatever follows the tags runs what they point to")
	f.DurationVar(&r.timeout, "timeout", rollbacks.WatchAtMost, "wait no longer than `DURATION`")
	return cmd
}

func runRollback(ctx context.Context, c *changing, args []string, o rollbackOptions) error {
	refs, err := c.rollbackTags(args, o)
	if err != nil {
		return err
	}
	if err := c.may(ctx, refs[0].Host); err != nil {
		return err
	}
	all := make([]*rollbacks.Case, len(refs))
	err = app.Each(ctx, app.Indexes(refs), func(ctx context.Context, i int) (err error) {
		all[i], err = rollbacks.Read(ctx, c.app, refs[i], o.to, o.keep)
		return err
	})
	if err != nil {
		return err
	}
	differ := c.compare(ctx, all)
	p, err := rollbacks.Plan(ctx, c.app, all, o.keep)
	if err != nil {
		return err
	}
	if o.deploy {
		if p, err = rollbacks.WithDeploys(ctx, c.app, all, p); err != nil {
			return err
		}
	}
	if c.o.dryRun {
		return errors.Join(c.printRollback(all, differ, p), rollbacks.Barred(all))
	}
	if err := rollbacks.Barred(all); err != nil {
		return errors.Join(c.printRollback(all, differ, p), err)
	}
	c.title, c.want = rollbackTitle(all, o.note), rollbacks.Typed(refs)
	c.preview = writeLapses(all, differ, p, c.app.Now())
	c.remarks = rollbacks.CheckRemarks(all, o.note)
	c.after = func(ctx context.Context, r plan.Result) (output.Result, error) { return c.conclude(ctx, all, o, r) }
	return c.do(ctx, p)
}

// rollbackTags are tags of one registry.
func (c *changing) rollbackTags(args []string, o rollbackOptions) ([]ref.Reference, error) {
	if o.keep != "" {
		if err := ref.CheckTag(rollback.KeepTag(o.keep, c.app.Now())); err != nil {
			return nil, app.Mistakef("--keep %q begins no tag: %v", text.Clean(o.keep), err)
		}
	}
	var out []ref.Reference
	for _, arg := range args {
		refs, err := targets(c.app, []string{arg})
		if err != nil {
			return nil, err
		}
		r := refs[0]
		switch {
		case r.Tag == "" || r.Digest != "":
			return nil, app.Mistakef("%q: want a tag, and no digest", text.Clean(arg))
		case len(out) > 0 && r.Host != out[0].Host:
			return nil, app.Mistakef("%q is in another registry than %s", text.Clean(arg), out[0])
		}
		out = append(out, r)
	}
	return out, nil
}

func rollbackTitle(all []*rollbacks.Case, note string) string {
	names := make([]string, len(all))
	for i, l := range all {
		names[i] = fmt.Sprintf("%s from %s to %s", l.Facts.Tag, l.Facts.Current.Short(), l.Target.Digest.Short())
	}
	title := "roll back " + strings.Join(names, ", ")
	if note != "" {
		title += ": " + text.Clean(note)
	}
	return title
}
