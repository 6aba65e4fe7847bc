package image

// Stored is how many bytes a repository holds, by class of storage: each config
// and layer once. The zero Stored is not known.
type Stored struct {
	Known              bool
	Standard, Archived int64
	AtMost             bool // it is not known what images share: an upper bound
}
