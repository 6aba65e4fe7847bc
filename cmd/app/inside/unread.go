package inside

import (
	"errors"
	"strconv"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/text"
)

// layerName is a layer as people speak of it: the lowest is 1.
func layerName(i int, d image.Descriptor) string {
	return "layer " + strconv.Itoa(i+1) + " (" + d.Digest.Short() + ")"
}

// layerError says which layer of an image an error is about. It unwraps to why the
// layer could not be read.
func layerError(i int, d image.Descriptor, err error) error {
	if err == nil {
		return nil
	}
	why := &fault.Error{Kind: fault.KindOf(err), Detail: cause(err), Advice: fault.AdviceOf(err), Err: err}
	return &fault.Error{
		Op: "read", Object: layerName(i, d), Kind: why.Kind, Detail: why.Detail, Advice: why.Advice, Err: why,
	}
}

// cause is what an error says beside its kind and what was being done.
func cause(err error) string {
	e, ok := errors.AsType[*fault.Error](err)
	switch {
	case !ok:
		return err.Error()
	case e.Detail != "" || e.Err == nil:
		return e.Detail
	}
	return e.Err.Error()
}

// unread is the error of the highest layer that could not be read, as the reason
// why something is unknown; nil where all were read.
func (in *Image) unread(doing, to, unknown string) error {
	if in.Files.Complete() {
		return nil
	}
	i := in.Files.Unread[len(in.Files.Unread)-1]
	why := in.LayerErrs[i]
	detail := layerName(i, in.Layers[i].Layer) + " cannot be read, so " + unknown + " is unknown"
	if said := cause(why); said != "" {
		detail += ": " + said
	}
	return &fault.Error{
		Op: doing + " " + text.Clean(to) + " of", Object: in.Ref.Name(), Kind: fault.KindOf(why), Detail: detail,
		Advice: fault.AdviceOf(why), Err: why,
	}
}

// At is the file or directory at a path, through links. What depends on a layer
// that could not be read is an error that names the layer.
func (in *Image) At(p string) (*file.Node, error) {
	n, known := in.Files.At(p)
	switch {
	case !known:
		return nil, in.unread("read", p, "what is there")
	case n != nil:
		return n, nil
	}
	return nil, &fault.Error{
		Op: "find " + text.Clean(p) + " in", Object: in.Ref.Name(), Kind: fault.NotFound,
		Detail: "the image has no such file", Advice: "`regatta files " + in.Ref.String() + "` lists what there is",
	}
}

// whole refuses to take a part of a file or directory for all of it.
func (in *Image) whole(n *file.Node) error {
	if in.Files.Whole(n) {
		return nil
	}
	return in.unread("save", "/"+n.Path(), "what is in it")
}
