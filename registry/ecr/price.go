package ecr

import "regatta/model/cost"

// Price is what AWS publishes for the storage of private registries, of
// us-east-1: both classes cost the same up to 150 TB in the archive (price list
// as it was read between March and September 2026). Other regions may differ,
// and the config says what really is paid.
func (*Client) Price() cost.Price {
	const standard, archive = 0.10, 0.10
	return cost.Price{
		Standard: standard, Archive: archive, Currency: "USD", From: "AWS's price list, us-east-1, September 2026",
	}
}
