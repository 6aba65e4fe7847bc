package deploy

import (
	"context"
	"errors"
	"slices"
	"strings"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"

	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/ecr"
)

// container is one of a task definition, a task or a revision.
type container struct{ name, image, digest string }

// follows reports whether an image is written as the tag alone: with a digest the
// tag beside it is not looked up.
func (l *look) follows(image string) bool {
	r, err := ref.Parse(strings.TrimSpace(image))
	return err == nil && r.Repository == l.image.Repository && r.Tag == l.image.Tag && r.Digest == "" && l.sameHost(r.Host)
}

// sameHost reports whether a host is that of the image, under whichever of its
// names.
func (l *look) sameHost(host string) bool {
	if l.image.Host == "" || host == l.image.Host {
		return true
	}
	name, ok := ecr.ParseHost(l.image.Host)
	return ok && slices.Contains(name.Names(), host)
}

// followers are the names of the containers of a task definition that follow the
// tag. It reports false where that may not be asked, or is not there any more.
func (l *look) followers(ctx context.Context, definition string) (names []string, known bool, err error) {
	if definition == "" {
		return nil, false, nil
	}
	all, err := l.definition(ctx, definition)
	if err != nil {
		if gone(err) || fault.Is(sdk.Fault("describe", definition, err), fault.Denied) {
			return nil, false, nil
		}
		return nil, false, err
	}
	for _, c := range all {
		if l.follows(c.image) {
			names = append(names, c.name)
		}
	}
	return names, true, nil
}

// gone reports whether a task definition was deleted (API reference,
// DescribeTaskDefinition).
func gone(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == "ClientException"
}

// definition is the containers of a task definition, which is read once: it never
// changes.
func (l *look) definition(ctx context.Context, arn string) ([]container, error) {
	l.ecs.mu.Lock()
	known, ok := l.ecs.definitions[arn]
	l.ecs.mu.Unlock()
	if ok {
		return known, nil
	}
	out, err := l.api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
	if err != nil {
		return nil, err
	}
	var all []container
	if out.TaskDefinition != nil {
		for _, c := range out.TaskDefinition.ContainerDefinitions {
			all = append(all, container{name: aws.ToString(c.Name), image: aws.ToString(c.Image)})
		}
	}
	l.ecs.mu.Lock()
	defer l.ecs.mu.Unlock()
	if l.ecs.definitions == nil {
		l.ecs.definitions = map[string][]container{}
	}
	l.ecs.definitions[arn] = all
	return all, nil
}

// pulled is the digest that the containers which follow the tag have pulled: empty
// where it is not known of each, or is not the same of all. Which these are is told
// by the task definition, however the containers name their image; where that is
// not known, by the image that they name.
func (l *look) pulled(ctx context.Context, definition string, all []container) (ref.Digest, error) {
	names, known, err := l.followers(ctx, definition)
	if err != nil {
		return "", err
	}
	if known && len(names) == 0 {
		// A former revision may have named another tag, or a digest, for what follows
		// the tag now.
		names = l.current
	}
	var out []ref.Digest
	for _, c := range all {
		if known && slices.Contains(names, c.name) || !known && l.follows(c.image) {
			out = append(out, digest(c.digest))
		}
	}
	if out = slices.Compact(out); len(out) != 1 {
		return "", nil
	}
	return out[0], nil
}

func digest(s string) ref.Digest {
	d, err := ref.ParseDigest(s)
	if err != nil {
		return ""
	}
	return d
}
