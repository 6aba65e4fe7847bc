package ecr

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// pageSize is how many repositories or images come at once: all that the API
// gives (API reference, DescribeRepositories and DescribeImages).
const pageSize = 1000

// Repositories is one page of the account's repositories. The cursor is "" for
// the first page, else a page's Next. The pinned ones are in the first page,
// beside the error if there is one.
func (c *Client) Repositories(ctx context.Context, cursor string) (image.RepositoryPage, error) {
	page := image.RepositoryPage{Repositories: c.pinned(cursor == "")}
	o, at := sdk.Doing("list repositories of", c.Host()), cursorOf(cursor)
	in := &ecr.DescribeRepositoriesInput{
		RegistryId: c.registry(), MaxResults: aws.Int32(pageSize), NextToken: at.token,
	}
	out, err := ask(ctx, c, o, (*ecr.Client).DescribeRepositories, in)
	if err != nil {
		return page, err
	}
	names := make([]string, len(out.Repositories))
	for i, r := range out.Repositories {
		names[i] = aws.ToString(r.RepositoryName)
		if ref.CheckRepository(names[i]) == nil && !slices.Contains(c.o.OCI.Pins, names[i]) {
			page.Repositories = append(page.Repositories, image.NewRepository(names[i]))
		}
	}
	page.Next, err = at.next(o, c.listed, names, out.NextToken)
	return page, err
}

func (c *Client) pinned(first bool) []image.Repository {
	rows := []image.Repository{}
	for _, pin := range c.o.OCI.Pins {
		if first && ref.CheckRepository(pin) == nil {
			rows = append(rows, c.row(pin))
		}
	}
	return rows
}

// name is a repository as errors name it.
func (c *Client) name(repo string) string {
	return ref.Reference{Host: c.Host(), Repository: repo}.String()
}
