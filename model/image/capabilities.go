package image

// Capabilities say what a registry can tell and what asking it costs.
type Capabilities struct {
	CountsReads bool // reading a manifest counts as a pull against a limit
	CheapReads  bool // the registry is on this machine
	Untagged    bool // it lists images without tags
	PushTimes   bool // it tells when an image was pushed
}
