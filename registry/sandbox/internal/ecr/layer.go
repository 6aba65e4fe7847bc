package ecr

import (
	"net/url"
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/oci"
)

func (a *API) layerOperations() map[string]aws.Operation {
	return map[string]aws.Operation{
		"BatchCheckLayerAvailability": aws.Op(a.batchCheckLayerAvailability),
		"GetDownloadUrlForLayer":      aws.Op(a.getDownloadURLForLayer),
		"InitiateLayerUpload":         aws.Op(a.initiateLayerUpload),
		"UploadLayerPart":             aws.Op(a.uploadLayerPart),
		"CompleteLayerUpload":         aws.Op(a.completeLayerUpload),
	}
}

type layersIn struct {
	named

	Digests []string `json:"layerDigests"`
}

// layer is a layer on the wire (API reference, Layer). The size is in bytes.
type layer struct {
	Digest       string `json:"layerDigest"`
	Availability string `json:"layerAvailability"`
	Size         int64  `json:"layerSize,omitempty"`
	MediaType    string `json:"mediaType,omitempty"`
}

type layerFailure struct {
	Digest string `json:"layerDigest"`
	Code   string `json:"failureCode"`
	Reason string `json:"failureReason"`
}

type layersOut struct {
	Layers   []layer        `json:"layers"`
	Failures []layerFailure `json:"failures"`
}

func (a *API) batchCheckLayerAvailability(c *aws.Call, in layersIn) (layersOut, error) {
	out := layersOut{Layers: []layer{}, Failures: []layerFailure{}}
	repo, err := a.repository(c, in.named)
	switch {
	case err != nil:
		return out, err
	case len(in.Digests) == 0:
		return out, aws.Invalid("layerDigests", "Member must have length greater than or equal to 1")
	case len(in.Digests) > 100:
		return out, aws.Invalid("layerDigests", "Member must have length less than or equal to 100")
	}
	for _, digest := range in.Digests {
		blob, ok := repo.Blob(digest)
		switch {
		case !oci.IsDigest(digest):
			out.Failures = append(out.Failures, layerFailure{
				digest, "InvalidLayerDigest",
				"Invalid request parameters: layer digest should satisfy the regex '" + digestPattern + "'",
			})
		case ok:
			out.Layers = append(out.Layers, layer{digest, "AVAILABLE", blob.Size(), oci.MediaDockerLayer})
		default:
			out.Layers = append(out.Layers, layer{Digest: digest, Availability: "UNAVAILABLE"})
		}
	}
	return out, nil
}

type downloadIn struct {
	named

	Digest string `json:"layerDigest"`
}

type downloadOut struct {
	URL    string `json:"downloadUrl"`
	Digest string `json:"layerDigest"`
}

// urlTime is how long the URL of a layer is good.
const urlTime = time.Hour

// Signature is the query parameter of a layer's URL that stands for
// credentials.
const Signature = "X-Amz-Signature"

func (a *API) getDownloadURLForLayer(c *aws.Call, in downloadIn) (downloadOut, error) {
	repo, err := a.repository(c, in.named)
	if err != nil {
		return downloadOut{}, err
	}
	if _, ok := repo.Blob(in.Digest); !ok {
		return downloadOut{}, aws.Errorf("LayersNotFoundException", "The layer with digest '%s' does not exist in the "+
			"repository with name '%s' in the registry with id '%s'", in.Digest, repo.Name, c.Account)
	}
	secret, _ := a.tokens.give(c.Role, c.Now, urlTime)
	return downloadOut{
		endpoint(c) + "/v2/" + repo.Name + "/blobs/" + in.Digest + "?" + Signature + "=" + url.QueryEscape(secret), in.Digest,
	}, nil
}
