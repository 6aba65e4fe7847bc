package layer

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
)

// Sum makes all of a layer and takes its sums, in one pass and little memory.
func Sum(spec Spec) Sums {
	plan := newPlan(spec)
	tar := tarReader{plan: plan}
	digest, diffID, crc := sha256.New(), sha256.New(), crc32.NewIEEE()
	head := gzipHead()
	digest.Write(head[:])
	buffer := make([]byte, blockLength)
	for at := int64(0); at < plan.size; at += blockLength {
		block := buffer[:min(blockLength, plan.size-at)]
		tar.fill(block, at)
		frame := gzipBlockHead(len(block), at+int64(len(block)) == plan.size)
		digest.Write(frame[:])
		digest.Write(block)
		diffID.Write(block)
		_, _ = crc.Write(block)
	}
	tail := gzipTail(crc.Sum32(), plan.size)
	digest.Write(tail[:])
	return Sums{
		Size: gzipSize(plan.size), TarSize: plan.size, CRC: crc.Sum32(),
		Digest: "sha256:" + hex.EncodeToString(digest.Sum(nil)),
		DiffID: "sha256:" + hex.EncodeToString(diffID.Sum(nil)),
	}
}
