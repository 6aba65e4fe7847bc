package journal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/model/journal"
	"regatta/model/plan"
)

// That a list was slow is in the result of its run and in its record, said once for each
// repository, and is not taken for something that was verified.
func TestASlowListIsPartOfTheResult(t *testing.T) {
	t.Parallel()
	said := journal.SlowRemark("team/app", 4200, 1800*time.Millisecond)
	const want = "the tags of team/app took up to 1.8s to list (4,200 tags): a tag that was set in that time may have gone along unseen"
	if said.Text != want || said.Level != "warn" {
		t.Errorf("%+v", said)
	}
	r := journal.Run{Remarks: []journal.Remark{said, {About: journal.Verified, Level: "ok", Text: "it is there"}}}
	got := r.Result().SlowLists
	if !slices.Equal(got, []string{want}) || len(r.About(journal.Verified)) != 1 {
		t.Errorf("the result says %q", got)
	}
	if !journal.SaidSlow(got, "team/app") || journal.SaidSlow(got, "team") || journal.SaidSlow(got, "team/app/x") || journal.SaidSlow(nil, "team/app") {
		t.Error("it is said of another repository")
	}
	if record := journal.Markdown(r, plan.Possible); strings.Count(record, want) != 1 || !strings.Contains(record, "Listed too slowly") {
		t.Error(record)
	}
}
