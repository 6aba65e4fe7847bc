package images

import (
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/overlay/against"
)

// compare compares the two marked images, the marked one with the one under the
// cursor, or that one with an image that is asked for. The older one is the
// first.
func (s *Screen) compare() kit.Intent {
	here := s.current()
	marked := s.List.Table.Marked()
	var pair []*image.Image
	unread := 0
	for _, row := range marked {
		switch img := s.set.At(s.set.Live(row)); {
		case img == nil:
		case img.Digest == "":
			unread++
		default:
			pair = append(pair, img)
		}
	}
	if len(pair) == 1 && pair[0].Digest != here.Digest {
		pair = append(pair, here)
	}
	switch {
	case len(marked) > 2:
		return kit.Toast{Level: kit.Warning, Text: "mark two images to compare them"}
	case unread > 0:
		return notRead(unread)
	case len(pair) < 2:
		return against.New(s.com.Look, s.exactly(here), func(here, other ref.Reference) kit.Screen {
			return s.wire.Compare(other, here)
		})
	case pair[1].Time().Before(pair[0].Time()):
		pair[0], pair[1] = pair[1], pair[0]
	}
	return kit.Go{Screen: s.wire.Compare(s.exactly(pair[0]), s.exactly(pair[1]))}
}

// exactly names an image by its digest, and by a tag for people.
func (s *Screen) exactly(img *image.Image) ref.Reference {
	r := s.reference(img)
	r.Digest = img.Digest
	return r
}
