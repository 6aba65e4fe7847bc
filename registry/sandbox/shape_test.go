package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// listener keeps the last answer that went through it.
type listener struct {
	http.RoundTripper

	last []byte
}

func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	l.last, err = io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(l.last))
	return res, err
}

// wantShape checks that an answer has no member that the service model does not
// have: the SDK would ignore it, and the sandbox would say less than it means.
func wantShape(t *testing.T, raw []byte, out any) {
	t.Helper()
	var got any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	fits(t, "", got, reflect.TypeOf(out))
}

func fits(t *testing.T, path string, got any, shape reflect.Type) {
	t.Helper()
	for shape.Kind() == reflect.Pointer {
		shape = shape.Elem()
	}
	switch value := got.(type) {
	case []any:
		if shape.Kind() != reflect.Slice {
			t.Errorf("%s is a list, the model has %s", path, shape)
			return
		}
		for _, one := range value {
			fits(t, path+"[]", one, shape.Elem())
		}
	case map[string]any:
		fitsMembers(t, path, value, shape)
	}
}

func fitsMembers(t *testing.T, path string, members map[string]any, shape reflect.Type) {
	t.Helper()
	for name, value := range members {
		switch {
		case shape.Kind() == reflect.Map:
			fits(t, path+"."+name, value, shape.Elem())
		case shape.Kind() == reflect.Struct:
			field, ok := shape.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
			if !ok {
				t.Errorf("%s.%s is not in the model", path, name)
				continue
			}
			fits(t, path+"."+name, value, field.Type)
		default:
			t.Errorf("%s is an object, the model has %s", path, shape)
		}
	}
}
