package bench

import (
	"fmt"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// registry registers every body, records who belongs to whom and who is paid, the lists that money is shared by, and the
// year's rates.
func (g *generator) registry() []ledger.Command {
	var commands []ledger.Command
	add := func(c domain.Command) { commands = append(commands, g.command(c, "")) }
	for _, s := range g.systems {
		add(domain.RegisterBody{Body: s.code, Kind: domain.KindArea, Name: "System " + s.code.Bare()})
		add(domain.RegisterBody{Body: s.federation, Kind: domain.KindFederation, Name: "Federation " + s.federation.Bare()})
	}
	g.networks(func(s *system, n *network) {
		add(domain.RegisterBody{Body: n.code, Kind: domain.KindNetwork, Name: "Network " + n.code.Bare()})
		for _, p := range n.practices {
			add(domain.RegisterBody{Body: p.code, Kind: domain.KindPractice, Name: "Practice " + p.code.Bare()})
		}
		add(membership(n))
		if g.dice.IntN(3) == 0 {
			n.payee = s.federation
		}
		add(domain.NominatePayee{Network: n.code, Payee: n.payee, From: year.First(), Source: source("network agreement, schedule 1")})
	})
	commands = append(commands, g.list(domain.PopulationRegistered), g.list(domain.PopulationWeighted))
	add(domain.AdoptRateCard{Year: year})
	return commands
}

func membership(n *network) domain.RecordMembership {
	c := domain.RecordMembership{Network: n.code, Source: source("network agreement")}
	for _, p := range n.practices {
		c.Members = append(c.Members, domain.Member{Practice: p.code, From: year.First()})
	}
	return c
}

// list counts every practice's patients once more: each list is a day later than the one before and a little different.
func (g *generator) list(population domain.Population) ledger.Command {
	day := domain.Date("2019-01-01").AddDays(g.listed)
	c := domain.RecordListSizes{Population: population, At: day, Source: source(fmt.Sprintf("patients at practices, %s", day))}
	for _, s := range g.systems {
		for _, n := range s.networks {
			for i := range n.practices {
				c.Lines = append(c.Lines, g.listLine(&n.practices[i], population))
			}
		}
	}
	g.listed++
	return g.command(c, "")
}

func (g *generator) listLine(p *practice, population domain.Population) domain.ListLine {
	patients := &p.registered
	if population == domain.PopulationWeighted {
		patients = &p.weighted
	}
	*patients += g.dice.Int64N(21) - 8
	return domain.ListLine{Practice: p.code, Patients: max(*patients, 1)}
}
