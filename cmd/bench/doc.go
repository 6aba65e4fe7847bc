// Package bench measures the program side by side with others, in one run of
//
//	go test ./cmd/bench -run '^$' -bench . -benchtime 1x -timeout 30m [-args -markdown FILE]
//
// and prints one table of ratios. It asserts no times: the machine may be
// shared. All load stays on loopback and ends with the run. It is made of tests
// only and is no part of the product.
package bench
