package ecr

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/registry/ecr/sdk"
)

// byIdentifier are the failures of a batch, which comes with HTTP 200, by what
// was asked for: "digest", "tag" or "digest tag".
func byIdentifier(failures []types.ImageFailure) map[string]types.ImageFailure {
	found := map[string]types.ImageFailure{}
	for _, f := range failures {
		if f.ImageId != nil {
			found[words(*f.ImageId)] = f
		}
	}
	return found
}

// words is an identifier as a key.
func words(id types.ImageIdentifier) string {
	digest, tag := aws.ToString(id.ImageDigest), aws.ToString(id.ImageTag)
	switch {
	case tag == "":
		return digest
	case digest == "":
		return tag
	}
	return digest + " " + tag
}

// refused is what the API says of one image of a batch. Nothing at all means
// that the image is not there.
func refused(o sdk.Op, f types.ImageFailure) *fault.Error {
	detail := sdk.Clean(aws.ToString(f.FailureReason))
	if detail == "" {
		detail = sdk.Clean(string(f.FailureCode))
	}
	return o.Failure(kindOfFailure(f.FailureCode), detail)
}

func kindOfFailure(code types.ImageFailureCode) fault.Kind {
	switch code {
	case types.ImageFailureCodeImageNotFound, "":
		return fault.NotFound
	case types.ImageFailureCodeImageTagDoesNotMatchDigest:
		return fault.Drift
	case types.ImageFailureCodeInvalidImageDigest, types.ImageFailureCodeInvalidImageTag,
		types.ImageFailureCodeMissingDigestAndTag:
		return fault.Invalid
	case types.ImageFailureCodeUpstreamAccessDenied:
		return fault.Denied
	case types.ImageFailureCodeUpstreamTooManyRequests:
		return fault.RateLimited
	case types.ImageFailureCodeKmsError, types.ImageFailureCodeUpstreamUnavailable,
		types.ImageFailureCodeImageInaccessible:
		return fault.Unavailable
	case types.ImageFailureCodeImageReferencedByManifestList:
	}
	return fault.Unknown
}
