package bench

import (
	"fmt"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// purposes are what development money is for.
var purposes = []domain.Category{"network maturity", "organisational development", "population health management"}

// fund is one development fund of a system: a year's programme, paid in a tranche a month.
type fund struct {
	code     domain.FundCode
	tranches int
	released int64 // the number of the last release; its lines are those of uses
	uses     []use
}

// use is what one network is given for one purpose in a tranche.
type use struct {
	domain.Bucket
	pence domain.Pence
}

// monthsOf is how many tranches a programme has before the next begins.
const monthsOf = 12

// tranche confirms a month's money for every network of a system and sets it aside, pays it in advance, settles it and
// reports most of it spent: commands of as many lines as there are networks and purposes. Every twelve months a new
// programme begins.
func (g *generator) tranche(s *system) []ledger.Command {
	var commands []ledger.Command
	if s.fund == nil || s.fund.tranches == monthsOf {
		s.fund = g.newFund()
		commands = append(commands, g.openFund(s, s.fund))
	}
	f := s.fund
	commands = append(commands, g.release(s, f, 15_000_00, 45_000_00)...)
	day := f.day()
	settled := domain.SettlePayment{Reference: fmt.Sprintf("BACS %06d", g.number)}
	spent := domain.RecordSpend{Fund: f.code, Reference: fmt.Sprintf("return of month %d", f.tranches)}
	for i, u := range f.uses {
		settled.Lines = append(settled.Lines, domain.SettleLine{Item: f.item(i), Pence: u.pence})
		kept := g.between(0, u.pence/20)
		spent.Lines = append(spent.Lines, domain.Line{Bucket: u.Bucket, Pence: u.pence - kept})
	}
	return append(commands, g.command(settled, day), g.command(spent, day))
}

// newFund gives a programme its code.
func (g *generator) newFund() *fund {
	g.funds++
	return &fund{code: domain.FundCode(fmt.Sprintf("NR-%05d", g.funds))}
}

// openFund opens a programme of a system.
func (g *generator) openFund(s *system, f *fund) ledger.Command {
	return g.command(domain.OpenFund{Terms: domain.Terms{
		Fund: f.code, Title: "Network development " + s.code.Bare(), Year: year, Cover: domain.CoverHard, Basis: domain.BasisAdvance,
		Categories: purposes, Coding: domain.Coding{CostCentre: "613021", Subjective: "52161020"}, Source: source("allocation letter"),
	}}, "")
}

// release confirms the next tranche, sets it aside and pays it in advance, each network and purpose an amount between
// least and most.
func (g *generator) release(s *system, f *fund, least, most domain.Pence) []ledger.Command {
	f.tranches++
	f.uses = f.uses[:0]
	var lines []domain.Line
	var sum domain.Pence
	for _, n := range s.networks {
		for _, purpose := range purposes {
			u := use{Bucket: domain.Bucket{Payee: n.payee, Beneficiary: n.code, Category: purpose}, pence: g.between(least, most)}
			f.uses = append(f.uses, u)
			lines = append(lines, domain.Line{Bucket: u.Bucket, Pence: u.pence})
			sum += u.pence
		}
	}
	paper := fmt.Sprintf("19/%03d", f.tranches)
	day := f.day()
	commands := []ledger.Command{
		g.command(domain.ConfirmFunding{Fund: f.code, Pence: sum, Title: "tranche " + paper, Source: source("allocation letter")}, day),
		g.command(domain.AllocateFund{Fund: f.code, Decision: domain.Decision{Body: "Primary Care Committee", Date: day, Paper: paper}, Lines: lines}, day),
		g.command(domain.ReleaseFunds{Fund: f.code, Reason: "tranche " + paper, Lines: lines}, day),
	}
	f.released = g.at()
	return commands
}

// day is the first of the month of the last tranche.
func (f *fund) day() domain.Date { return month((f.tranches-1)%12 + 1).First() }

// item names the payable that line i of the last release opened.
func (f *fund) item(i int) domain.ItemID {
	return domain.ItemID(fmt.Sprintf("%d.%d", f.released, i+1))
}
