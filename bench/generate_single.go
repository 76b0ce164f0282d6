package bench

import (
	"fmt"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// openBook has every system release one large tranche, on which single commands can draw for ever.
func (g *generator) openBook() []ledger.Command {
	var commands []ledger.Command
	for _, s := range g.systems {
		s.book = g.newFund()
		commands = append(commands, g.openFund(s, s.book))
		commands = append(commands, g.release(s, s.book, 20_000_000_00, 30_000_000_00)...)
	}
	return commands
}

// single makes up what an officer records in the course of a day, in one command of one event: of ten commands four
// report spend, two settle part of an advance, two engage somebody and two note that a milestone was reached. They may be
// put to the ledger in any order once the book is open; see [generator.openBook].
func (g *generator) single() ledger.Command {
	s := g.systems[g.dice.IntN(len(g.systems))]
	f := s.book
	i := g.dice.IntN(len(f.uses))
	u := f.uses[i]
	day := f.day().AddDays(g.dice.IntN(300))
	switch g.dice.IntN(10) {
	case 0, 1, 2, 3:
		return g.command(domain.RecordSpend{Fund: f.code, Reference: fmt.Sprintf("invoice %d", g.number),
			Lines: []domain.Line{{Bucket: u.Bucket, Pence: g.between(1_00, 50_00)}}}, day)
	case 4, 5:
		return g.command(domain.SettlePayment{Reference: fmt.Sprintf("BACS %06d", g.number),
			Lines: []domain.SettleLine{{Item: f.item(i), Pence: g.between(1_00, 50_00)}}}, day)
	case 6, 7:
		return g.engage(s.networks[g.dice.IntN(len(s.networks))])
	}
	g.steps++
	return g.command(domain.RecordMilestone{Milestone: domain.Milestone{Network: u.Beneficiary, Code: fmt.Sprintf("MS%d", g.steps),
		Title: "Shared records agreed by all practices", Fund: f.code, Due: "2020-03-31", Achieved: day}}, "")
}

// singles makes up n of them.
func (g *generator) singles(n int) []ledger.Command {
	commands := make([]ledger.Command, n)
	for i := range commands {
		commands[i] = g.single()
	}
	return commands
}
