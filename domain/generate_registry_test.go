package domain

import (
	"fmt"
	"slices"
)

// This file makes up what officers do with bodies, lists and progress, and nonsense.

func (h *history) recordList() {
	c := RecordListSizes{Population: PopulationRegistered, At: DateIn(h.now), Source: Source{Title: "list"}}
	if h.chance(20) {
		c.At, c.Average, c.StandsFor = "", YearOf(DateIn(h.now)), DateIn(h.now).AddDays(-30)
	}
	for _, p := range somePractices {
		if h.chance(90) {
			c.Lines = append(c.Lines, lineOf(p, one(h, []int64{0, 1, 999, 8_123, 12_001, 60_000_000})))
		}
	}
	h.attempt("", c)
}

func (h *history) register() {
	h.attempt("", RegisterBody{
		Body: one(h, slices.Concat(somePayees, someNetworks, []Body{"ods:U62251", "companies:01234567"})),
		Kind: one(h, []Kind{KindFederation, KindNetwork, KindNetwork, KindArea}), Name: one(h, []string{"", "Old name", "New name"}),
	})
}

func (h *history) enrol() {
	practice, network := one(h, somePractices), one(h, someNetworks)
	today := DateIn(h.now)
	members := []Member{{Practice: practice, From: today}}
	if all := h.ledger.registry.enrolments[practice]; len(all) > 0 && h.chance(80) {
		last := all[len(all)-1]
		if last.to == "" && last.from < today {
			h.attempt("", RecordMembership{Network: last.network, Members: []Member{{practice, last.from, today.AddDays(-1)}}, Source: letter})
		}
	}
	h.attempt("", RecordMembership{Network: network, Members: members, Source: letter})
}

func (h *history) succeed() {
	of, to := someNetworks[3], one(h, someNetworks)
	if h.chance(40) {
		of, to = somePayees[2], one(h, somePayees)
	}
	h.attempt("", SucceedBody{Body: of, Date: DateIn(h.now).AddDays(60), Successors: []Successor{{to, 1, 1}}, Reason: "merger"})
}

func (h *history) adopt() {
	c := matrix()
	c.Code = one(h, []string{"matrix-2018", "matrix-2019"})
	if h.chance(10) {
		c.Levels = append(c.Levels, "step 3")
	}
	h.attempt("", c)
}

func (h *history) levels() []AreaLevel {
	return []AreaLevel{{Area: "leadership", Level: one(h, []string{"foundation", "step 1", "step 2"})}}
}

func (h *history) assess() {
	code := one(h, []string{"matrix-2018", "matrix-2018", "matrix-2019"})
	network := one(h, someNetworks)
	_, has := h.ledger.progress.baselines[networkFramework{network, code}]
	h.attempt("", AssessMaturity{Assessment{
		Network: network, Framework: code, On: DateIn(h.now), Baseline: has == h.chance(10), Assessor: "CCG", Levels: h.levels(),
	}})
}

func (h *history) aim() {
	h.attempt("", SetTarget{Target{Network: one(h, someNetworks), Framework: "matrix-2018", By: DateIn(h.now).AddDays(90), Levels: h.levels()}})
}

func (h *history) milestone() {
	m := Milestone{Network: one(h, someNetworks), Code: one(h, []string{"MS1", "MS2"}), Title: "a step", Due: "2018-12-31"}
	if h.chance(40) {
		m.Achieved = DateIn(h.now)
	}
	h.attempt("", RecordMilestone{m})
}

func (h *history) tell() {
	h.attempt("", SubmitNarrative{Narrative{Fund: one(h, someFunds[:3]), Author: "CCG", Text: one(h, []string{"We began.", "We finished."})}})
}

// repeat asks again for what a fact without money says.
func (h *history) repeat() {
	switch e := one(h, h.log).Event.(type) {
	case BodyRegistered:
		h.attempt("", RegisterBody(e))
	case ListSizesRecorded:
		h.attempt("", RecordListSizes(e))
	case MembershipRecorded:
		h.attempt("", RecordMembership(e))
	case MaturityAssessed:
		h.attempt("", AssessMaturity(e))
	case FrameworkAdopted:
		h.attempt("", AdoptFramework(e))
	case LedgerCreated:
		h.attempt("", CreateLedger(e))
	}
}

// nonsense asks for what no rule was made for.
func (h *history) nonsense() {
	fund, payee := one(h, []FundCode{"F-1", "F-2", "F-3", "NONE", ""}), one(h, []Body{"", "local:P1", "local:N1", "local:G1", "ods:X1"})
	pence := one(h, []Pence{-MostPence, -1, 0, 1, MostPence, MostPence + 1, 1<<63 - 1})
	l := Line{Bucket: Bucket{payee, one(h, []Body{"", "local:N1", "local:P1"}), one(h, []Category{"", "access", "yachts"}), one(h, []Service{"", "2017-18", "2018-19/M01", "2019-20"})}, Pence: pence}
	if h.chance(30) {
		l.Share = &Share{List: h.dice.Int64N(60) - 1, Among: []Body{payee}}
	}
	dated := one(h, []Date{"", "1900-04-01", "2018-12-31", "2999-12-31"})
	h.attempt(dated, one(h, []Command{
		AllocateFund{Fund: fund, Decision: Decision{Body: "board", Date: "2018-04-01", Paper: "1"}, Lines: []Line{l, l}},
		MoveAllocation{Fund: fund, Decision: Decision{Body: "board", Date: "2018-04-01", Paper: "1"}, Reason: "r", Lines: []MoveLine{{l.Bucket, l.Bucket, pence}}},
		ReleaseFunds{Fund: fund, Lines: []Line{l}},
		RecordSpend{Fund: fund, Reference: "r", Lines: []Line{l}},
		ReturnAdvance{Fund: fund, Reason: "r", Lines: []Line{l}},
		SettlePayment{Reference: "r", Lines: []SettleLine{{Item: ItemID(fmt.Sprintf("%d.1", h.dice.IntN(60))), Pence: pence}}},
		RecordReceipt{"r", []SettleLine{{Item: ItemID(fmt.Sprintf("%d.1", h.dice.IntN(60))), Pence: pence}}},
		CloseFund{Fund: fund, Reason: "r"}, ConfirmFunding{Fund: fund, Pence: pence, Title: "t", Source: letter},
	}))
}

// lineOf is a line of a list; a practice without patients has the 0 that was printed.
func lineOf(practice Body, patients int64) ListLine {
	line := ListLine{Practice: practice, Patients: patients}
	if patients == 0 {
		line.Published = "0"
	}
	return line
}
