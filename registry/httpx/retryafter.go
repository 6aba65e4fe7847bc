package httpx

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter is how long an answer asks to be left alone: Retry-After in
// seconds or as a date (RFC 9110, section 10.2.3), or Docker Hub's
// X-Retry-After, a Unix time.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	if v := strings.TrimSpace(h.Get("Retry-After")); v != "" {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return seconds(n), n >= 0
		}
		if at, err := http.ParseTime(v); err == nil {
			return max(0, at.Sub(now)), true
		}
	}
	if v := strings.TrimSpace(h.Get("X-Retry-After")); v != "" {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n > 0 {
			return max(0, time.Unix(n, 0).Sub(now)), true
		}
	}
	return 0, false
}

func seconds(n int64) time.Duration {
	if n > int64(math.MaxInt64/time.Second) {
		return math.MaxInt64
	}
	return time.Duration(max(0, n)) * time.Second
}
