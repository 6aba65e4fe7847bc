package propose

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/plan"
)

// writePlan writes a plan into a file. A plan that is there is replaced; whatever else
// stands under the name stays, as nothing brings it back.
func writePlan(ctx context.Context, path string, p plan.Plan) error {
	raw, err := plan.Encode(p)
	if err != nil {
		return &fault.Error{Op: "write the plan to", Object: path, Err: err}
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		err = app.WriteNew(filepath.Clean(path), raw)
		return planNotWritten(path, err)
	case err == nil && info.Mode().IsRegular() && info.Size() > 0:
		if !HoldsPlan(ctx, path) {
			return &fault.Error{
				Op: "write the plan to", Object: path, Kind: fault.Occupied, Detail: "it is there, is no plan, and stays as it is",
			}
		}
	}
	return planNotWritten(path, os.WriteFile(filepath.Clean(path), raw, 0o600))
}

// HoldsPlan reports whether a file is a plan that apply would read.
func HoldsPlan(ctx context.Context, path string) bool {
	raw, err := app.ReadFile(ctx, path)
	if err != nil {
		return false
	}
	_, err = plan.Decode(raw)
	return err == nil
}

func planNotWritten(path string, err error) error {
	if err == nil {
		return nil
	}
	return &fault.Error{Op: "write the plan to", Object: path, Err: err}
}
