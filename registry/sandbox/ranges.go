package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// span is a piece of a blob, in bytes.
type span struct {
	offset, length int64
}

func (s span) header(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.offset, s.offset+s.length-1, size)
}

// parseRange reads a Range header of one range (RFC 9110 section 14). What it
// cannot read, and lists of ranges, count as no header, as the RFC allows.
func parseRange(header string, size int64) (span, int) {
	whole := span{length: size}
	spec, ok := strings.CutPrefix(header, "bytes=")
	from, to, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok || !dash || strings.Contains(spec, ",") {
		return whole, http.StatusOK
	}
	if from == "" {
		return parseSuffix(to, size)
	}
	first, err := strconv.ParseInt(from, 10, 64)
	if err != nil || first < 0 {
		return whole, http.StatusOK
	}
	last := size - 1
	if to != "" {
		if last, err = strconv.ParseInt(to, 10, 64); err != nil || last < first {
			return whole, http.StatusOK
		}
	}
	if first >= size {
		return span{}, http.StatusRequestedRangeNotSatisfiable
	}
	return span{offset: first, length: min(last, size-1) - first + 1}, http.StatusPartialContent
}

func parseSuffix(text string, size int64) (span, int) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return span{length: size}, http.StatusOK
	}
	if n == 0 || size == 0 {
		return span{}, http.StatusRequestedRangeNotSatisfiable
	}
	n = min(n, size)
	return span{offset: size - n, length: n}, http.StatusPartialContent
}
