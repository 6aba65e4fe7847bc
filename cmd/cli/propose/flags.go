package propose

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"regatta/cmd/app/change"
	"regatta/model/plan"
)

// SlowListFlag lets a delete go by a list of tags of any age.
func SlowListFlag(f *pflag.FlagSet, to *change.Asked) {
	f.BoolFunc("slow-list", "also by a list of tags that takes longer than a delete is sure for (refused otherwise)",
		func(string) error {
			to.SlowList = plan.AnyAge
			return nil
		})
}

// InUseFlag lets a verb touch what is in use.
func InUseFlag(cmd *cobra.Command, to *bool, verb string) {
	cmd.Flags().BoolVar(to, "in-use", false, verb+" also images in use, or that may be (refused otherwise)")
}

// NotWholeFlag lets a verb point tags at what cannot be pulled whole.
func NotWholeFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "not-whole", false,
		"also point tags at images that cannot be pulled whole (refused otherwise)")
}
