package layer

import (
	"encoding/binary"
	"io"
)

// The frame of a gzip stream with stored deflate blocks (RFC 1951 section
// 3.2.4, RFC 1952). Lengths are in bytes.
const (
	headLength  = 10
	blockHead   = 5
	blockLength = 1<<16 - 1
	tailLength  = 8
)

func gzipHead() [headLength]byte { return [headLength]byte{0x1f, 0x8b, 8, 9: 0xff} }

// gzipSize is the compressed size of a tar stream; no tar stream is empty.
func gzipSize(tarSize int64) int64 {
	blocks := (tarSize + blockLength - 1) / blockLength
	return headLength + blocks*blockHead + tarSize + tailLength
}

func gzipBlockHead(length int, last bool) [blockHead]byte {
	var head [blockHead]byte
	if last {
		head[0] = 1
	}
	binary.LittleEndian.PutUint16(head[1:], uint16(length))  //nolint:gosec // at most 65535
	binary.LittleEndian.PutUint16(head[3:], ^uint16(length)) //nolint:gosec // at most 65535
	return head
}

func gzipTail(crc uint32, tarSize int64) [tailLength]byte {
	var tail [tailLength]byte
	binary.LittleEndian.PutUint32(tail[:], crc)
	binary.LittleEndian.PutUint32(tail[4:], uint32(tarSize)) //nolint:gosec // modulo 2^32 is the format
	return tail
}

// gzipReader frames a tar stream as it is read.
type gzipReader struct {
	tar  tarReader
	sums Sums
	at   int64 // in the compressed stream
}

// Read makes the next bytes.
func (g *gzipReader) Read(p []byte) (int, error) {
	if g.at >= g.sums.Size {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && g.at < g.sums.Size {
		k := g.piece(p[n:])
		n += k
		g.at += int64(k)
	}
	return n, nil
}

// piece makes bytes up to the end of the frame's part that the offset is in.
func (g *gzipReader) piece(p []byte) int {
	if g.at < headLength {
		head := gzipHead()
		return copy(p, head[g.at:])
	}
	if tail := g.at - (g.sums.Size - tailLength); tail >= 0 {
		bytes := gzipTail(g.sums.CRC, g.sums.TarSize)
		return copy(p, bytes[tail:])
	}
	block, within := (g.at-headLength)/(blockHead+blockLength), (g.at-headLength)%(blockHead+blockLength)
	start := block * blockLength
	length := min(blockLength, g.sums.TarSize-start)
	if within < blockHead {
		head := gzipBlockHead(int(length), start+length == g.sums.TarSize)
		return copy(p, head[within:])
	}
	within -= blockHead
	p = p[:min(int64(len(p)), length-within)]
	g.tar.fill(p, start+within)
	return len(p)
}
