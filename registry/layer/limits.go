package layer

// What a layer may take at most. Nobody has such a layer in earnest, and whoever
// makes one wants this machine to be busy or full: so what is counted is what comes
// out, not what a header says. None of them can be raised; the image can be pulled
// as it is.
const (
	// maxPlain is how many bytes a layer may expand to, holes of sparse files
	// included. Amazon ECR takes layers of 52 GB, compressed.
	maxPlain = 256 << 30
	// maxRatio is how many times its size a layer may expand to, from ratioFrom
	// bytes on: files of zeros are honest, and gzip makes a thousandth of them.
	maxRatio  = 400
	ratioFrom = 1 << 30
	// maxUnsized is how many bytes are read of a layer whose size no descriptor
	// says: only manifests of schema 1 have such, of times when images were small.
	maxUnsized = 16 << 30
	// maxWindow is how many bytes zstd may look back, all of which are kept. The
	// specification wants 8 MB; zstd --ultra takes more.
	maxWindow = 32 << 20

	// maxMembers is how many files a layer may have. A million take 0.5 GB, laid
	// above each other and with the changes of each layer.
	maxMembers = 1_200_000
	// maxName is the length of a path, and of where a link leads: Linux opens 4 KiB.
	maxName = 16 << 10
	// maxNames is how many bytes all of them may have, as they are kept.
	maxNames = 512 << 20
	// maxParts is how many directories all paths may name: each takes memory once
	// the layers are laid above each other.
	maxParts = 20_000_000

	// maxDeep is how many directories below each other are saved: each file takes a
	// look at all of those that it lies in. Linux opens no path with more than 2048.
	maxDeep = 256
	// longestName is the length of a name that file systems take, in bytes.
	longestName = 255
	// maxLink is the length of a target that Linux makes a link with, and maxSteps how
	// many names on the way of a link are looked at.
	maxLink  = 4095
	maxSteps = 1000

	// maxTable is the size of a table of contents that is read, packed or not: that
	// of a million files has as much.
	maxTable = 256 << 20
	// maxList is the size of a list of files that was kept, expanded.
	maxList = 1 << 30
	// maxWord is the length of a path or link in it, of which some is shared with the
	// path before.
	maxWord = 64 << 10
)
