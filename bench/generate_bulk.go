package bench

import (
	"pcnledger/domain"
	"pcnledger/ledger"
)

// postsOf is how many people a network claims for: a claim of many lines, and in a year just within the network's sum.
const postsOf = 24

// claimLines is how many lines a network's claims of a year have.
var claimLines = postsOf * len(roleMonths)

// hire has as many networks engage people as their claims of a year take to make up so many lines. They claim in
// [generator.bulk].
func (g *generator) hire(lines int) []ledger.Command {
	var commands []ledger.Command
	for n := 0; n < lines; n += claimLines {
		s := g.systems[g.hired%len(g.systems)]
		turn := g.hired / len(g.systems)
		network := s.networks[turn%len(s.networks)]
		network.people = nil
		for range postsOf {
			commands = append(commands, g.engage(network))
		}
		g.hired++
		g.claiming = append(g.claiming, claiming{s, network, turn >= len(s.networks)})
	}
	return commands
}

// claiming is a network that has engaged people and not claimed for them yet. One that does so again has spent its sum
// for the year: its claims wait for ever.
type claiming struct {
	*system
	*network
	again bool
}

// bulk makes up commands of many lines that move no money, about half of them the year's claims of networks that have
// hired, half of them list sizes.
func (g *generator) bulk(each int) (commands []ledger.Command) {
	for n := 0; n < each && len(g.claiming) > 0; n += claimLines {
		c := g.claiming[0]
		g.claiming = g.claiming[1:]
		for _, m := range roleMonths {
			commands = append(commands, g.submit(c.network, m))
			if !c.again {
				g.waiting = append(g.waiting, waiting{c.system, m, g.at()})
			}
		}
	}
	for n := 0; n < each; n += g.practices() {
		commands = append(commands, g.list(domain.PopulationRegistered))
	}
	return commands
}

// waiting is a claim that was submitted and not decided.
type waiting struct {
	*system
	month  int
	number int64
}

// money makes up commands whose events have so many lines of money: what the year entitles the next system to, then half
// of them claims that are approved and the rest tranches of one system after another.
func (g *generator) money(lines int) (commands []ledger.Command) {
	before := g.lines
	if g.entitled < len(g.systems) {
		commands = g.entitlements(g.systems[g.entitled], 12)
		g.entitled++
	}
	for len(g.waiting) > 0 && g.lines-before < int64(lines/2) {
		c := g.waiting[0]
		g.waiting = g.waiting[1:]
		commands = append(commands, g.command(domain.ApproveClaim{Claim: c.number, Fund: c.roles}, month(c.month).Last()))
	}
	for g.lines-before < int64(lines) {
		s := g.systems[g.paid%len(g.systems)]
		g.paid++
		commands = append(commands, g.tranche(s)...)
	}
	return commands
}

// practices is how many practices there are.
func (g *generator) practices() int {
	return len(g.systems) * len(g.systems[0].networks) * len(g.systems[0].networks[0].practices)
}
