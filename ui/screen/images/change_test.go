package images_test

import (
	"errors"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/ui/screen/images"
	"regatta/ui/uitest"
)

func TestDelete(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("x").See("opened delete a: delete v2.0 of team/app.").Press("h")
		drv.ClickOn("v1.0").Press("space", "x").See("opened delete b: delete v1.0 of team/app.").Press("h") // the marked one, not the one under the cursor
	})
}

// A marked image that is not read is said, never left out silently.
func TestUnreadAmongTheMarked(t *testing.T) {
	t.Parallel()
	for _, k := range []string{"x", "d", "A", "m", "P", "="} {
		s := small()
		s.failing["v1.0"] = errors.New("not now")
		perform(t, s, 108, 24, func(drv *uitest.Driver) {
			drv.Advance(settle).Press("a").See("3 marked").Press("esc").ClickOn("v1.0").CursorOn("v1.0").Press("space").CursorOn("edge")
			drv.Press("g", "space", "G").CursorOn("edge").See("2 marked")
			drv.Press(k).See("! 1 image is not read yet; wait, or press r").SeeNot("opened", "where?")
		})
	}
	s := small()
	s.failing["v1.0"] = errors.New("not now")
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).ClickOn("v1.0").Press("t").See("! 1 image is not read yet")
		drv.Press("x").See("! 1 image is not read yet")
	})
	// Read once and failing since, it is not to be trusted either.
	s = small()
	s.known = []image.Image{{Digest: d("b"), Tags: []string{"v1.0"}, State: image.Cached, Size: 1}}
	s.failing["v1.0"], s.slow = errors.New("not now"), time.Second
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`v1\.0 +bbbbbbbbbbbb +!`).ClickOn("v1.0").Press("t").See("! 1 image is not read yet").Press("x").See("! 1 image is not read yet")
	})
}

func TestUntag(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).ClickOn("v1.0").Press("d").See("opened untag v1.0: untag v1.0 of team/app.").Press("h")
		drv.Press("g", "d").See("remove which tags of v2.0?", "v2.0 latest").Press("enter").SeeNot("opened").Type("edge").Press("enter")
		drv.See("the image has no tag edge")
		for range 4 {
			drv.Press("backspace")
		}
		drv.Type("a b/").Press("enter").SeeNot("opened")
		for range 4 {
			drv.Press("backspace")
		}
		drv.Type("latest").Press("enter").See("opened untag latest: untag latest of team/app.").Press("h").CursorOn("v2.0")
		drv.Press("d").Type("latest v2.0").Press("enter").See("opened untag latest,v2.0: untag 2 tags of team/app.").Press("h")
		drv.Press("d", "esc").SeeNot("remove which", "opened")
		drv.Press("a", "d").See("opened untag v1.0,v2.0,latest,edge: untag 4 tags of team/app.")
	})
}

func TestRetag(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("t").See("point which tags at v2.0?", "one or more, such as prod; aaaaaaaaaaaa").Press("enter").SeeNot("opened")
		drv.Type("-x").Press("enter").SeeNot("opened")
		drv.Press("backspace", "backspace").Type("prod stage").Press("enter").See("opened retag a prod,stage: point prod stage at v2.0.")
	})
}

func TestRollback(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).ClickOn("v1.0").Press("b").See("opened rollback v1.0.").Press("h")
		drv.Press("g", "b").See("roll back which tag?").SeeLine(`▌ latest`).Press("enter").See("opened rollback latest.").Press("h")
		drv.Press("b", "j", "enter").See("opened rollback v2.0.").Press("h").Press("b", "esc").SeeNot("which tag", "opened")
		drv.Press("a", "b").See("opened rollback v1.0,latest,edge.")
	})
	// One marked image is the one that is meant, wherever the cursor is.
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).ClickOn("v1.0").Press("space").CursorOn("edge").Press("b").See("opened rollback v1.0.")
	})
	s := small()
	s.pages = map[string]image.Page{"": {Images: append(tagged("v2.0", "latest", "prod", "kept-x", "v1.0", "kept-v0"), image.Image{Digest: d("e"), State: image.Read})}}
	s.details["prod"], s.details["kept-x"], s.details["kept-v0"] = s.details["v2.0"], s.details["v2.0"], s.details["v1.0"]
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("a", "b").SeeLine(`opened rollback (latest,prod|prod,latest),v1\.0\.`).Press("h", "esc")
		drv.Press("U").Press("/").Type("is:untagged").Press("enter", "a", "b").See("! the image has no tag that could go back")
	})
}

func TestArchive(t *testing.T) {
	t.Parallel()
	s := small()
	s.pages = map[string]image.Page{"": {Images: []image.Image{
		{Digest: d("a"), Tags: []string{"v2.0"}, State: image.Read, Storage: image.Archived, Size: 1},
		{Digest: d("b"), Tags: []string{"v1.0"}, State: image.Read, Size: 2},
		{Digest: d("c"), Tags: []string{"back"}, State: image.Read, Storage: image.Restoring},
	}}}
	s.details = map[string]image.Image{}
	for _, i := range s.pages[""].Images {
		s.details[i.Tags[0]] = i
	}
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`v2\.0 .* archived`).SeeLine(`back .* restoring`).CursorOn("v2.0").Press("A")
		drv.See("opened restore a: restore v2.0 of team/app.").Press("h")
		for _, k := range []string{"t", "m", "P"} {
			drv.Press(k).See("! v2.0 is archived and cannot be pulled: A restores it")
		}
		drv.ClickOn("back").Press("P").See("back is on its way back from the archive")
		drv.ClickOn("v1.0").Press("A").See("opened archive b: archive v1.0 of team/app.").Press("h")
		drv.Press("a", "A").See("! some of them are archived and some are not: mark either").Press("m").See("cannot be pulled").Press("P").See("cannot be pulled")
	})
	perTag := small()
	perform(t, perTag, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("E").Advance(settle).Press("a", "A").See("opened archive abc: archive 4 images of team/app.") // each digest once
	})
	s.wire = func(w *images.Wiring) { w.Change.Archive, w.Change.Restore = nil, nil }
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("A").See("! archive, or bring back from the archive: this registry has")
	})
}

func TestCompare(t *testing.T) {
	t.Parallel()
	const v1, v2 = "registry.example/team/app:v1.0@sha256:b", "registry.example/team/app:v2.0@sha256:a"
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("space", "=").See("opened compare\n" + v1 + "\n" + v2 + ".").Press("h") // the older one first
		drv.Press("space", "g", "=").See("opened compare\n" + v1 + "\n" + v2 + ".").Press("h")
		drv.Press("a", "=").See("! mark two images to compare them").Press("esc")
		drv.Press("space", "k").CursorOn("v2.0").Press("=").See("compare v2.0 with").Press("enter").SeeNot("opened")
		drv.Type("other.example/x:v3").Press("enter").See("opened compare\nother.example/x:v3\n" + v2 + ".")
	})
}

func TestCopyElsewhere(t *testing.T) {
	t.Parallel()
	perform(t, small(), 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("m").See("copy v2.0 of team/app where?").Press("enter").SeeNot("opened").Type("other.example/there").Press("enter")
		drv.See("opened copy: copy v2.0 of team/app to other.example/there", "team/app@sha256:a > other.example/there:v2.0", "team/app@sha256:a > other.example/there:latest").Press("h")
		drv.Press("m").Type("there:v9").Press("enter").See("to registry.example/there:v9", "team/app@sha256:a > registry.example/there:v9").SeeNot("latest")
		drv.Press("h")
		drv.Press("m").Type("localhost/x").Press("enter").See("> localhost/x:v2.0").Press("h")
		drv.Press("m").Type("UPPER").Press("enter").SeeNot("opened").Press("esc")
		drv.Press("a", "m").See("copy 3 images of team/app where?").Type("there:v9").Press("enter")
		drv.See("@sha256:b > registry.example/there:v1.0", "@sha256:c > registry.example/there:edge").SeeNot("> registry.example/there:v9")
	})
	s := small()
	s.pages = map[string]image.Page{"": {Images: []image.Image{{Digest: d("e"), State: image.Read}}}}
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("U").Press("m").Type("there").Press("enter").See("team/app@sha256:e > registry.example/there").Press("h")
		drv.Press("P").Type("x.tar").Press("enter").See("team/app@sha256:e.")
	})
}

func TestPull(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("P").See("pull v2.0 of team/app where?").Press("enter").See("name a directory, a FILE.tar, or daemon").Type("out.tar")
		drv.Press("enter")
		drv.See("opened pull: pull v2.0 of team/app to out.tar to out.tar\nregistry.example/team/app:v2.0@sha256:a.").Press("h")
		drv.Press("a", "P").Type("daemon").Press("enter")
		drv.See("pull 3 images of team/app to daemon", "app:v2.0@sha256:a\n", "app:v1.0@sha256:b\n", "app:edge@sha256:c.")
	})
}
