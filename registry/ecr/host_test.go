package ecr_test

import (
	"testing"

	"regatta/registry/ecr"
)

func TestParseHost(t *testing.T) {
	t.Parallel()
	const account = "111122223333"
	tests := map[string]ecr.Host{
		account + ".dkr.ecr.eu-central-1.amazonaws.com": {Account: account, Region: "eu-central-1", Partition: "aws"},
		account + ".dkr.ecr.ap-southeast-2.amazonaws.com": {
			Account: account, Region: "ap-southeast-2", Partition: "aws",
		},
		account + ".dkr.ecr-fips.us-east-1.amazonaws.com": {
			Account: account, Region: "us-east-1", Partition: "aws", FIPS: true,
		},
		account + ".dkr-ecr.us-west-2.on.aws": {Account: account, Region: "us-west-2", Partition: "aws", DualStack: true},
		account + ".dkr-ecr-fips.us-west-2.on.aws": {
			Account: account, Region: "us-west-2", Partition: "aws", DualStack: true, FIPS: true,
		},
		account + ".dkr.ecr.cn-north-1.amazonaws.com.cn": {Account: account, Region: "cn-north-1", Partition: "aws-cn"},
		account + ".dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn": {
			Account: account, Region: "cn-northwest-1", Partition: "aws-cn", DualStack: true,
		},
		account + ".dkr.ecr.us-gov-west-1.amazonaws.com": {
			Account: account, Region: "us-gov-west-1", Partition: "aws-us-gov",
		},
		"public.ecr.aws": {Partition: "aws", Public: true},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := ecr.ParseHost(name)
			if !ok || got != want || got.String() != name {
				t.Errorf("%+v, %v, and back %s", got, ok, got)
			}
		})
	}
}

func TestParseOtherHosts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "docker.io", "127.0.0.1:5000", "api.ecr.eu-central-1.amazonaws.com",
		"1111.dkr.ecr.eu-central-1.amazonaws.com",
		"111122223333.dkr.ecr.eu-central-1.amazonaws.com.example.com",
		"111122223333.dkr.ecr.eu-central-1.amazonaws.com.cn",
		"111122223333.dkr.ecr.cn-north-1.amazonaws.com",
		"111122223333.dkr.ecr.eu-central-1.on.aws",
		"111122223333.dkr-ecr.eu-central-1.amazonaws.com",
		"x.111122223333.dkr.ecr.eu-central-1.amazonaws.com",
		"111122223333.dkr.ecr.eu-central-1.amazonaws.com:443",
		"public.ecr.aws.example.com",
	} {
		if got, ok := ecr.ParseHost(name); ok {
			t.Errorf("%q is %+v", name, got)
		}
	}
}
