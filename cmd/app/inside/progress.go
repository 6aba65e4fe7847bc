package inside

import "sync"

// Progress is told in bytes how much there is to do, and how much of it is done, added to
// what was said before.
type Progress = func(total, done int64)

// Kilobytes turns a progress in bytes into one in kB: its numbers are read by
// people.
func Kilobytes(add func(total, done int)) Progress {
	const kilo = 1000
	var mu sync.Mutex
	var all, read int64
	return func(total, done int64) {
		mu.Lock()
		defer mu.Unlock()
		add(int((all+total)/kilo-all/kilo), int((read+done)/kilo-read/kilo))
		all, read = all+total, read+done
	}
}
