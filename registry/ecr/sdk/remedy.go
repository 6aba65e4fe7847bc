package sdk

// remedy is what to do about an error code of AWS, where its kind alone does not
// tell (API reference, common errors).
func remedy(code string) string {
	switch code {
	case "ExpiredTokenException", "ExpiredToken":
		return "these credentials are over: get new ones, as with `aws sso login`"
	case "UnrecognizedClientException", "InvalidClientTokenId", "MissingAuthenticationTokenException",
		"MissingAuthenticationToken":
		return "`aws sts get-caller-identity` says whether AWS knows the key; `aws configure` sets another"
	case "IncompleteSignatureException", "IncompleteSignature", "InvalidSignatureException", "SignatureDoesNotMatch",
		"RequestExpired", "RequestTimeTooSkewed":
		return "compare this machine's clock with the time (`date -u`), and the secret key with the one that AWS gave"
	case "OptInRequired":
		return "turn the region on for the account: `aws account enable-region --region-name REGION`"
	case "RepositoryNotFoundException":
		return "check the name and the region, which is a part of the host: `regatta repos HOST` lists what there is"
	}
	return ""
}

// The remedies of what is no answer of AWS.
const (
	signInHelp  = "`aws configure` or `aws sso login`; AWS_PROFILE chooses, `aws configure list-profiles` lists"
	besideProxy = "something answers in AWS's place: check HTTPS_PROXY and NO_PROXY"
)
