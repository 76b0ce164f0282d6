package bench

import (
	"pcnledger/domain"
	"pcnledger/ledger"
)

// person is somebody in a reimbursed role, by token.
type person struct {
	token domain.Person
	cost  domain.Costs // a month
}

// The roles of the year, and the categories that they are paid under.
var (
	roleCodes      = []domain.RateCode{"ARRS_CP", "ARRS_SPLW"}
	roleCategories = []domain.Category{"clinical pharmacist", "social prescribing link worker"}
)

// rolesFrom is the first day on which roles are reimbursed: 1 July 2019.
const rolesFrom domain.Date = "2019-07-01"

// roleMonths are the months for which roles are claimed: July to March.
var roleMonths = []int{4, 5, 6, 7, 8, 9, 10, 11, 12}

// openRoles opens a fund for every system's roles and sets aside each network's share of it.
func (g *generator) openRoles() []ledger.Command {
	const share domain.Pence = 60_000_00
	var commands []ledger.Command
	for _, s := range g.systems {
		s.roles = domain.FundCode("ARRS-" + s.code[len("local:"):])
		allocate := domain.AllocateFund{Fund: s.roles, Decision: domain.Decision{Body: "Primary Care Committee", Date: rolesFrom, Paper: "19/061"}}
		for _, n := range s.networks {
			for _, category := range roleCategories {
				allocate.Lines = append(allocate.Lines, domain.Line{Bucket: domain.Bucket{Beneficiary: n.code, Category: category}, Pence: share})
			}
		}
		commands = append(commands,
			g.command(domain.OpenFund{Terms: domain.Terms{
				Fund: s.roles, Title: "Reimbursed roles " + s.code.Bare(), Year: year, Cover: domain.CoverWarn, Basis: domain.BasisEvidence,
				Categories: roleCategories, Source: source("Network Contract DES"),
			}}, ""),
			g.command(domain.ConfirmFunding{Fund: s.roles, Pence: share * domain.Pence(len(allocate.Lines)), Title: "year", Source: source("allocation letter")}, rolesFrom),
			g.command(allocate, rolesFrom))
	}
	return commands
}

// engage has a network engage one more person, a few hours a week, so that even many stay within the network's sum.
func (g *generator) engage(n *network) ledger.Command {
	p := person{domain.Person(g.token()), domain.Costs{
		Salary: g.between(170_00, 190_00), NI: g.between(10_00, 16_00), Pension: g.between(20_00, 26_00)}}
	n.people = append(n.people, p)
	return g.command(domain.EngageRole{Person: p.token, Network: n.code, Role: roleCodes[len(n.people)%len(roleCodes)], From: rolesFrom,
		Post: domain.Post{Hours: "3"}, Source: source("contract seen by the commissioner")}, "")
}
