package ecr

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/finding"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// Findings are what the scans of an image have found, basic and enhanced alike
// (API reference, DescribeImageScanFindings). An image that was not scanned is
// no error.
func (c *Client) Findings(ctx context.Context, repo string, d ref.Digest) (finding.Report, error) {
	o := sdk.Doing("read the findings of", c.name(repo)+"@"+string(d))
	in := &ecr.DescribeImageScanFindingsInput{
		RegistryId: c.registry(), RepositoryName: &repo, ImageId: &types.ImageIdentifier{ImageDigest: aws.String(string(d))},
		MaxResults: aws.Int32(pageSize),
	}
	var report finding.Report
	err := o.Pages(func(token *string) (*string, error) {
		in.NextToken = token
		out, err := ask(ctx, c, o, (*ecr.Client).DescribeImageScanFindings, in)
		if err != nil {
			return nil, err
		}
		addFindings(&report, out)
		return out.NextToken, nil
	})
	if sdk.CodeOf(err) == "ScanNotFoundException" {
		return finding.Report{State: finding.NotScanned}, nil
	}
	return report, err
}

func addFindings(report *finding.Report, out *ecr.DescribeImageScanFindingsOutput) {
	report.State = finding.Unavailable
	if s := out.ImageScanStatus; s != nil {
		report.State, report.Reason = scanState(s.Status), sdk.Clean(aws.ToString(s.Description))
	}
	found := out.ImageScanFindings
	if found == nil {
		return
	}
	if out.ImageScanStatus == nil {
		report.State = finding.Complete
	}
	report.Completed = instant(found.ImageScanCompletedAt)
	report.Counts = *severityCounts(found.FindingSeverityCounts)
	for _, f := range found.Findings {
		report.Findings = append(report.Findings, basic(f))
	}
	for _, f := range found.EnhancedFindings {
		report.Findings = append(report.Findings, enhanced(f))
	}
}

func severityCounts(in map[string]int32) *finding.Counts {
	out := new(finding.Counts)
	for name, n := range in {
		out[finding.ParseSeverity(name)] += int(max(0, n))
	}
	return out
}

func scanState(s types.ScanStatus) finding.State {
	switch s {
	case types.ScanStatusInProgress, types.ScanStatusPending:
		return finding.Pending
	case types.ScanStatusComplete:
		return finding.Complete
	case types.ScanStatusActive:
		return finding.Continuous
	case types.ScanStatusFailed:
		return finding.Failed
	case types.ScanStatusUnsupportedImage:
		return finding.Unsupported
	case types.ScanStatusScanEligibilityExpired:
		return finding.Expired
	case types.ScanStatusFindingsUnavailable:
		return finding.Unavailable
	case types.ScanStatusLimitExceeded:
		return finding.Limited
	case types.ScanStatusImageArchived:
		return finding.Archived
	}
	return finding.State(sdk.Clean(string(s)))
}

func basic(f types.ImageScanFinding) finding.Finding {
	out := finding.Finding{
		Name: sdk.Clean(aws.ToString(f.Name)), Severity: finding.ParseSeverity(string(f.Severity)),
		Description: sdk.Clean(aws.ToString(f.Description)), URI: sdk.Clean(aws.ToString(f.Uri)),
	}
	var p finding.Package
	var newest string // the score of the newest CVSS that there is
	for _, a := range f.Attributes {
		value := sdk.Clean(aws.ToString(a.Value))
		switch key := aws.ToString(a.Key); key {
		case "package_name":
			p.Name = value
		case "package_version":
			p.Version = value
		case "fixed_in_version", "fixed_version":
			p.Fixed = value
		case "CVSS2_SCORE", "CVSS3_SCORE", "CVSS4_SCORE":
			if score, err := strconv.ParseFloat(value, 64); err == nil && key > newest {
				newest, out.Score = key, score
			}
		}
	}
	if p != (finding.Package{}) {
		out.Packages = []finding.Package{p}
	}
	return out
}

func enhanced(f types.EnhancedImageScanFinding) finding.Finding {
	out := finding.Finding{
		Name: sdk.Clean(aws.ToString(f.Title)), Severity: finding.ParseSeverity(aws.ToString(f.Severity)), Score: f.Score,
		Description: sdk.Clean(aws.ToString(f.Description)),
	}
	v := f.PackageVulnerabilityDetails
	if v == nil {
		return out
	}
	if id := sdk.Clean(aws.ToString(v.VulnerabilityId)); id != "" {
		out.Name = id
	}
	out.URI = sdk.Clean(aws.ToString(v.SourceUrl))
	for _, p := range v.VulnerablePackages {
		pkg := finding.Package{
			Name: sdk.Clean(aws.ToString(p.Name)), Version: sdk.Clean(aws.ToString(p.Version)),
			Fixed: sdk.Clean(aws.ToString(p.FixedInVersion)), Path: sdk.Clean(aws.ToString(p.FilePath)),
		}
		if pkg.Fixed == "NotAvailable" {
			pkg.Fixed = ""
		}
		if release := sdk.Clean(aws.ToString(p.Release)); release != "" {
			pkg.Version += "-" + release
		}
		out.Packages = append(out.Packages, pkg)
	}
	return out
}
