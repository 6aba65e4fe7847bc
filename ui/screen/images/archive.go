package images

import (
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui/kit"
)

func (s *Screen) noArchive() string {
	if why := s.noChange(); why != "" {
		return why
	}
	if s.wire.Change.Archive == nil {
		return "this registry has no archive"
	}
	return ""
}

// archived tells what cannot be pulled, and so neither tagged nor copied.
func (*Screen) archived(img *image.Image) bool { return img.Storage != image.Standard }

func cannotBePulled(img *image.Image) kit.Intent {
	if img.Storage == image.Restoring {
		return kit.Toast{
			Level: kit.Warning, Text: img.Name() + " is on its way back from the archive, for up to 20 minutes; r looks again",
		}
	}
	return kit.Toast{Level: kit.Warning, Text: img.Name() + " is archived and cannot be pulled: A restores it"}
}

// archive moves the chosen images to the archive, or back where that is where
// they are.
func (s *Screen) archive() kit.Intent {
	images, unread := s.chosen()
	if unread > 0 {
		return notRead(unread)
	}
	digests := make([]ref.Digest, 0, len(images))
	away := 0
	for _, i := range images {
		digests = append(digests, i.Digest)
		if s.archived(i) {
			away++
		}
	}
	slices.Sort(digests)
	digests = slices.Compact(digests)
	switch away {
	case 0:
		return kit.Go{Screen: s.wire.Change.Archive(digests, "archive "+s.of(images))}
	case len(images):
		return kit.Go{Screen: s.wire.Change.Restore(digests, "restore "+s.of(images))}
	}
	return kit.Toast{Level: kit.Warning, Text: "some of them are archived and some are not: mark either"}
}
