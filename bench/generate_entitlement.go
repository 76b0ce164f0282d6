package bench

import (
	"pcnledger/domain"
	"pcnledger/ledger"
)

// coreFunding is the rate of £1.50 a patient, and the category that it is paid under.
const (
	coreRate     domain.RateCode = "CORE_PCN"
	coreCategory domain.Category = "core PCN funding"
)

// entitlements opens a fund for one system's £1.50 a patient, sets it aside network by network, and runs the year up to a
// month.
func (g *generator) entitlements(s *system, through int) []ledger.Command {
	code := domain.FundCode("CORE-" + s.code[len("local:"):])
	allocate := domain.AllocateFund{Fund: code, Decision: domain.Decision{Body: "Primary Care Committee", Date: year.First(), Paper: "19/040"}}
	run := domain.RunEntitlement{Fund: code, Rate: coreRate, Through: month(through)}
	var sum domain.Pence
	for _, n := range s.networks {
		pence := n.registered() * 150
		allocate.Lines = append(allocate.Lines, domain.Line{Bucket: domain.Bucket{Beneficiary: n.code, Category: coreCategory}, Pence: pence})
		run.Networks = append(run.Networks, n.code)
		sum += pence
	}
	return []ledger.Command{
		g.command(domain.OpenFund{Terms: domain.Terms{
			Fund: code, Title: "Core funding " + s.code.Bare(), Year: year, Cover: domain.CoverWarn, Basis: domain.BasisEvidence,
			Categories: []domain.Category{coreCategory}, Source: source("Network Contract DES"),
		}}, ""),
		g.command(domain.ConfirmFunding{Fund: code, Pence: sum, Title: "year", Source: source("allocation letter")}, year.First()),
		g.command(allocate, year.First()),
		g.command(run, month(through).Last()),
	}
}

// registered is the sum of a network's lists, in patients.
func (n *network) registered() (sum domain.Pence) {
	for _, p := range n.practices {
		sum += domain.Pence(p.registered)
	}
	return sum
}
