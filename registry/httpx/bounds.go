package httpx

import (
	"errors"
	"time"

	"regatta/model/text"
)

// How slow an answer may be as a whole. A connection by satellite or by an old
// modem is faster; one byte now and then, which no timeout for a stalled answer
// notices, is not.
const (
	// slowGrace is how long an answer may take however little it brings.
	slowGrace = time.Minute
	// slowest is what it has to bring after that, in bytes a second of waiting.
	slowest = 1 << 10
)

// maxHeaders are the headers of an answer, in bytes: the longest known, with
// links of signed addresses, have some 20 kB.
const maxHeaders = 1 << 20

// ErrTooSlow is in the chain of the error of an answer that was given up because
// it came too slowly. To ask for the rest of it would not help.
var ErrTooSlow = errors.New("the answer comes too slowly: less than " + text.Bytes(slowest) + " a second, for " +
	slowGrace.String() + " or longer")

// allowed is how long n bytes may be waited for.
func allowed(n int64) time.Duration { return slowGrace + time.Duration(n)*time.Second/slowest }
