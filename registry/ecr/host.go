package ecr

import (
	"regexp"
	"strings"
)

// Host is what the name of a registry of Amazon's says of it (user guide,
// private registries; general reference, ECR endpoints).
type Host struct {
	Account   string // twelve digits, "" for the public registry
	Region    string // "eu-central-1", "" for the public registry
	Partition string // "aws", "aws-cn" or "aws-us-gov"
	FIPS      bool   // the endpoint is validated to FIPS 140
	DualStack bool   // it has IPv6 addresses too
	Public    bool   // Amazon ECR Public
}

// PublicHost is the registry that is the same for all accounts.
const PublicHost = "public.ecr.aws"

var private = regexp.MustCompile(
	`^([0-9]{12})\.dkr([.-])ecr(-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2})\.([a-z.]+)$`)

// ParseHost reads the name of a registry. It reports false for what is not
// Amazon's, or not in the form that Amazon uses.
func ParseHost(name string) (Host, bool) {
	if name == PublicHost {
		return Host{Partition: "aws", Public: true}, true
	}
	m := private.FindStringSubmatch(name)
	if m == nil {
		return Host{}, false
	}
	h := Host{Account: m[1], Region: m[4], Partition: partitionOf(m[4]), FIPS: m[3] != "", DualStack: m[2] == "-"}
	return h, m[5] == h.domain()
}

// Names are all names of the registry, the plain one first: one may write any of
// them to mean the same images.
func (h Host) Names() []string {
	if h.Public {
		return []string{PublicHost}
	}
	var names []string
	for _, h.DualStack = range []bool{false, true} {
		for _, h.FIPS = range []bool{false, true} {
			names = append(names, h.String())
		}
	}
	return names
}

// IsEndpoint reports whether a host is one of AWS: those that AWS_CA_BUNDLE is
// about.
func IsEndpoint(host string) bool {
	for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// domain is what a host name of the partition ends with.
func (h Host) domain() string {
	switch china := h.Partition == "aws-cn"; {
	case h.DualStack && china:
		return "on.amazonwebservices.com.cn"
	case h.DualStack:
		return "on.aws"
	case china:
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// String is the name that ParseHost reads.
func (h Host) String() string {
	if h.Public {
		return PublicHost
	}
	service := "dkr.ecr"
	if h.DualStack {
		service = "dkr-ecr"
	}
	if h.FIPS {
		service += "-fips"
	}
	return h.Account + "." + service + "." + h.Region + "." + h.domain()
}

// HostOf is the private registry of an account in a region.
func HostOf(account, region string) string {
	return Host{Account: account, Region: region, Partition: partitionOf(region)}.String()
}
