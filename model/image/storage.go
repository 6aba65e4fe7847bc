package image

// Storage says where an image's content is, and so whether it can be pulled
// (ECR API reference, ImageDetail, imageStatus).
type Storage uint8

// Where content may be. All but Standard cannot be pulled.
const (
	Standard  Storage = iota
	Archived          // it has to be restored before it can be pulled
	Restoring         // it is on its way back, which takes up to twenty minutes
)

// String is the storage in a word.
func (s Storage) String() string { return [...]string{"standard", "archived", "restoring"}[s] }
