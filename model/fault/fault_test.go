package fault

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	cause := errors.New("dial tcp: refused")
	tests := map[string]struct {
		err  Error
		want string
	}{
		"in full": {
			Error{Op: "list tags of", Object: "a/b", Kind: Denied, Detail: "no pull", Err: cause},
			"list tags of a/b: denied: no pull",
		},
		"cause for detail": {
			Error{Op: "list tags of", Object: "a/b", Kind: Unreachable, Err: cause},
			"list tags of a/b: unreachable: dial tcp: refused",
		},
		"unknown kind":   {Error{Op: "read", Object: "a", Err: cause}, "read a: dial tcp: refused"},
		"no object":      {Error{Op: "sign in", Kind: Auth}, "sign in: not signed in"},
		"kind alone":     {Error{Kind: NotFound}, "not found"},
		"nothing at all": {Error{}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.err.Error(); got != tt.want {
				t.Fatalf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	denied := &Error{Kind: Denied}
	tests := map[string]struct {
		err  error
		want Kind
	}{
		"nil":            {nil, Unknown},
		"plain":          {errors.New("x"), Unknown},
		"direct":         {denied, Denied},
		"wrapped":        {fmt.Errorf("open: %w", denied), Denied},
		"outermost wins": {&Error{Kind: RateLimited, Err: denied}, RateLimited},
		"cancelled":      {fmt.Errorf("get: %w", context.Canceled), Cancelled},
		"deadline":       {fmt.Errorf("get: %w", context.DeadlineExceeded), Timeout},
		"kind before context": {
			&Error{Kind: Unreachable, Err: context.DeadlineExceeded}, Unreachable,
		},
		"context inside an unknown": {&Error{Err: context.Canceled}, Cancelled},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := KindOf(tt.err); got != tt.want {
				t.Fatalf("%v, want %v", got, tt.want)
			}
			if Is(tt.err, tt.want) != (tt.err != nil) {
				t.Fatal("Is and KindOf disagree")
			}
		})
	}
}

func TestEveryKindHasAName(t *testing.T) {
	t.Parallel()
	seen := map[string]Kind{}
	for k := Unknown; k <= Stale; k++ {
		if other, ok := seen[k.String()]; ok || k.String() == "" {
			t.Errorf("kinds %d and %d are both %q", k, other, k)
		}
		seen[k.String()] = k
	}
	if got := (Stale + 1).String(); got != Unknown.String() {
		t.Errorf("a kind beyond the last is %q; is the list of names complete?", got)
	}
}

func TestUnwrap(t *testing.T) {
	t.Parallel()
	cause := errors.New("x")
	if !errors.Is(&Error{Err: cause}, cause) {
		t.Fatal("the cause is lost")
	}
}
