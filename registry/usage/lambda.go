package usage

import (
	"context"
	"net/http"
	"strings"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"regatta/model/usage"
)

// Lambda asks the functions of one region, all versions of those that are made
// of images (API reference, ListFunctions and GetFunction).
type Lambda struct {
	Region    string
	Config    sdk.Config
	Profile   string // that Config was loaded for, to name it in advice
	Transport http.RoundTripper
}

// Ask implements Source.
func (s Lambda) Ask(ctx context.Context) usage.Answer {
	f := &finds{answer: usage.Answer{Source: usage.Lambda, Scope: s.Region}}
	config, err := s.Config.For(ctx, s.Region, s.Profile, s.Transport)
	if err != nil {
		f.fail(sdk.Fault("ask", "Lambda in "+s.Region, err))
		return f.done()
	}
	api := lambda.NewFromConfig(config)
	var made []types.FunctionConfiguration
	pages := lambda.NewListFunctionsPaginator(api, &lambda.ListFunctionsInput{
		FunctionVersion: types.FunctionVersionAll,
	})
	err = sdk.EachPage(ctx, pages, func(page *lambda.ListFunctionsOutput) error {
		for _, one := range page.Functions {
			if one.PackageType == types.PackageTypeImage {
				made = append(made, one)
			}
		}
		return nil
	})
	if err != nil {
		f.fail(sdk.Fault("list functions of", s.Region, err))
	}
	each(made, func(one types.FunctionConfiguration) { f.function(ctx, api, one) })
	return f.done()
}

// function notes the image of a version, and what its tag was when it was made.
func (f *finds) function(ctx context.Context, api *lambda.Client, one types.FunctionConfiguration) {
	where := aws.ToString(one.FunctionName)
	in := &lambda.GetFunctionInput{FunctionName: one.FunctionName}
	if v := aws.ToString(one.Version); v != "" && v != "$LATEST" {
		in.Qualifier, where = one.Version, where+":"+v
	}
	out, err := api.GetFunction(ctx, in)
	switch {
	case err != nil && strings.Contains(err.Error(), "ResourceNotFoundException"): // deleted since it was listed
	case err != nil:
		f.fail(sdk.Fault("describe function", where, err))
	case out.Code != nil:
		u := usage.Use{Place: where, How: usage.Function}
		f.add(u, aws.ToString(out.Code.ImageUri), aws.ToString(out.Code.ResolvedImageUri))
	}
}
