package domain

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// This file makes up what officers do in a history: mostly what the ledger allows, so that histories get deep, now and
// then a penny too much, and sometimes nonsense.

var (
	somePayees     = []Body{"local:P1", "local:P2", "local:P3"}
	someNetworks   = []Body{"local:N1", "local:N2", "local:N3", "local:N4"}
	somePractices  = []Body{"local:G1", "local:G2", "local:G3", "local:G4", "local:G5", "local:G6"}
	someFunds      = []FundCode{"F-1", "F-2", "F-3", "F-4", "F-5", "F-6", "F-7", "F-8"}
	someCategories = []Category{"leadership", "access", "training"}
)

// step lets some days pass and has an officer do something: what, depends on the seeds and on the ledger alone.
func (h *history) step(seed uint64) {
	h.dice = rand.New(rand.NewPCG(seed, h.seed))
	days := []int{0, 0, 0, 0, 1, 2, 3, 7, 20}
	if h.in != "" {
		days = []int{0, 0, 0, 0, 0, 1, 1, 2, 6}
	}
	h.now = h.now.AddDate(0, 0, one(h, days))
	one(h, h.acts())()
}

// one draws one of the values.
func one[T any](h *history, of []T) T { return of[h.dice.IntN(len(of))] }

// chance is true in so many of a hundred cases.
func (h *history) chance(percent int) bool { return h.dice.IntN(100) < percent }

// upTo draws an amount: mostly what is there or less, now and then more than that or none.
func (h *history) upTo(most Pence) Pence {
	if most <= 0 {
		return 1 + Pence(h.dice.Int64N(1000))
	}
	switch n := h.dice.IntN(20); {
	case n < 3:
		return 1
	case n < 7:
		return most
	case n < 8:
		return most + 1
	case n < 9 && h.chance(30):
		return one(h, []Pence{0, -1, MostPence + 1})
	case n < 12:
		return min(most, 1+Pence(h.dice.Int64N(100_00)))
	}
	return 1 + Pence(h.dice.Int64N(int64(most)))
}

// begin creates the ledger with its bodies, memberships and a list, and two funds with money.
func (h *history) begin() {
	h.on("2018-04-02")
	h.dice = rand.New(rand.NewPCG(0, h.seed))
	h.attempt("", CreateLedger{Ledger: "test", Commissioner: "ods:10Q", Kind: KindDemo})
	h.attempt("", RotateKey{Key: one(h, []VerifierKey{firstKey, secondKey})})
	for _, b := range somePayees {
		h.attempt("", RegisterBody{Body: b, Kind: KindFederation})
	}
	for _, b := range someNetworks {
		h.attempt("", RegisterBody{Body: b, Kind: KindNetwork})
	}
	for _, b := range somePractices {
		h.attempt("", RegisterBody{Body: b, Kind: KindPractice})
		h.attempt("", RecordMembership{Network: one(h, someNetworks[:3]), Members: []Member{{Practice: b, From: "2018-04-01"}}, Source: letter})
	}
	h.recordList()
	h.attempt("", matrix())
	for range 3 {
		h.openFund()
		h.confirm()
	}
	switch h.in {
	case "2019-20":
		h.beginYear()
	case "2026-27":
		h.beginLater()
	}
}

// acts lists what an officer may do, more often what leads deep.
func (h *history) acts() []func() {
	var acts []func()
	every := []act{
		{3, h.openFund}, {4, h.confirm}, {8, h.allocate}, {4, h.move}, {10, h.release}, {8, h.settle}, {8, h.spendAdvance},
		{6, h.spendEvidence}, {9, h.callBack}, {2, h.receive}, {3, h.close}, {10, h.spendLate}, {1, h.recordList}, {1, h.register},
		{1, h.enrol}, {1, h.succeed}, {1, h.adopt}, {1, h.assess}, {1, h.aim}, {1, h.milestone}, {1, h.tell}, {2, h.repeat},
		{2, h.nonsense},
	}
	switch h.in {
	case "2019-20":
		every = append(every, h.yearActs()...)
	case "2026-27":
		every = append(every, h.laterActs()...)
	}
	if h.governed {
		every = append(every, h.controlActs()...)
	}
	for _, act := range every {
		for range act.weight {
			acts = append(acts, act.do)
		}
	}
	return acts
}

func (h *history) openFund() {
	code := one(h, someFunds)
	for range 3 {
		if h.ledger.funds[code] != nil {
			code = one(h, someFunds)
		}
	}
	t := Terms{
		Fund: code, Title: "A fund", Year: YearOf(DateIn(h.now)), Recurrent: h.chance(50),
		Cover: one(h, []Cover{CoverHard, CoverWarn}), Basis: one(h, []Basis{BasisAdvance, BasisAdvance, BasisAdvance, BasisEvidence, BasisEvidence}),
		Categories: someCategories[:1+h.dice.IntN(3)], Source: letter,
	}
	if h.in != "" && h.chance(70) {
		t.Year, t.Basis, t.Categories, t.Cover = h.in, BasisEvidence, desCategories, one(h, []Cover{CoverWarn, CoverWarn, CoverHard})
		h.attempt("", OpenFund{t})
		return
	}
	if h.chance(20) {
		t.Year = YearOf(t.Year.Last().AddDays(1))
	}
	if h.chance(30) {
		t.From = t.Year.First().AddDays(h.dice.IntN(201))
		t.To = t.From.AddDays(h.dice.IntN(181))
	}
	h.attempt("", OpenFund{t})
}

func (h *history) confirm() {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && f.To >= DateIn(h.now) })
	if f == nil {
		return
	}
	pence := one(h, []Pence{1, 99, 600_000_00, 12_345_67, 1_000_00, 2_500_000_000_00, MostPence})
	dated := Date("")
	if h.chance(10) {
		dated = f.From.AddDays(-10)
	}
	h.attempt(dated, ConfirmFunding{Fund: f.Fund, Pence: pence, Title: "tranche", Source: letter})
}

// aFund draws one of the funds that fit, or nil.
func (h *history) aFund(fits func(*fundState) bool) *fundState {
	var funds []*fundState
	for _, code := range sortedKeys(h.ledger.funds) {
		if f := h.ledger.funds[code]; fits(f) {
			funds = append(funds, f)
		}
	}
	if len(funds) == 0 {
		return nil
	}
	return one(h, funds)
}

// running says that a fund is not closed and has begun.
func (h *history) running(f *fundState) bool { return f.closed == "" && f.From <= DateIn(h.now) }

// day draws an effective date that the fund's dates allow, mostly.
func (h *history) day(f *fundState) Date {
	today := DateIn(h.now)
	last := min(today, f.To)
	switch n := h.dice.IntN(10); {
	case n == 0:
		return one(h, []Date{today.AddDays(1), today.AddDays(40), f.To.AddDays(1), f.From.AddDays(-1)})
	case n < 6 && today <= f.To:
		return ""
	case n < 8:
		return last
	}
	return max(f.From, last.AddDays(-h.dice.IntN(61)))
}

func (h *history) service(f *fundState) Service {
	switch h.dice.IntN(6) {
	case 0, 1:
		return Service(fmt.Sprintf("%s/M%02d", f.Year, 1+h.dice.IntN(12)))
	case 2:
		return f.service()
	}
	return ""
}

func (h *history) share() *Share {
	s := &Share{}
	if h.chance(30) {
		s.List = one(h, h.ledger.lists).number
	}
	if h.chance(20) {
		s.At = DateIn(h.now).AddDays(-h.dice.IntN(101))
	}
	if h.chance(30) {
		s.Among = []Body{one(h, someNetworks), one(h, someNetworks)}
	}
	return s
}

// openLine draws a line that may leave anything blank.
func (h *history) openLine(f *fundState, most Pence) Line {
	l := Line{Bucket: Bucket{For: h.service(f)}, Pence: h.upTo(most)}
	if h.chance(80) {
		l.Payee = one(h, somePayees)
	}
	if h.chance(70) {
		l.Category = one(h, f.Categories)
	}
	if h.chance(40) {
		l.Share = h.share()
	} else if h.chance(70) {
		l.Beneficiary = one(h, someNetworks)
	}
	return l
}

func (h *history) allocate() {
	f := h.aFund(func(f *fundState) bool { return h.running(f) && f.balances[unallocated(f.service())] > 0 })
	if f == nil {
		return
	}
	c, most := AllocateFund{Fund: f.Fund, Decision: Decision{Body: "board", Date: f.From, Paper: "1"}}, f.balances[unallocated(f.service())]
	for range 1 + h.dice.IntN(3) {
		l := h.openLine(f, most/2+1)
		most -= min(most, l.Pence)
		c.Lines = append(c.Lines, l)
	}
	h.attempt(h.day(f), c)
}

// drawable draws a bucket of an account that holds something, and what it holds.
func (h *history) drawable(f *fundState, account Account) (Bucket, Pence, bool) {
	sides := f.holding(account)
	if len(sides) == 0 {
		return Bucket{}, 0, false
	}
	s := one(h, sides)
	return s.bucket, f.balances[s], true
}

// fitting fills in some of what a bucket leaves open.
func (h *history) fitting(f *fundState, b Bucket) Bucket {
	if b.Payee == "" {
		b.Payee = one(h, somePayees)
	}
	if b.Beneficiary == "" && h.chance(50) {
		b.Beneficiary = one(h, someNetworks)
	}
	if b.Category == "" && h.chance(60) {
		b.Category = one(h, f.Categories)
	}
	if b.For == f.service() && h.chance(30) {
		b.For = h.service(f)
	}
	return b
}

func (h *history) move() {
	f := h.aFund(func(f *fundState) bool { return h.running(f) && f.hasAny(Allocated) })
	if f == nil {
		return
	}
	from, most, _ := h.drawable(f, Allocated)
	to := h.openLine(f, 1).Bucket
	h.attempt(h.day(f), MoveAllocation{Fund: f.Fund, Decision: Decision{Body: "board", Date: f.From, Paper: "2"}, Reason: "plans changed", Lines: []MoveLine{{from, to, h.upTo(most)}}})
}

func (f *fundState) hasAny(account Account) bool { return len(f.holding(account)) > 0 }

// holding lists the sides of any account that hold something, in order.
func (f *fundState) holding(account Account) (sides []side) {
	for s, pence := range f.balances {
		if s.account == account && pence > 0 {
			sides = append(sides, s)
		}
	}
	slices.SortFunc(sides, func(a, b side) int { return compareBuckets(a.bucket, b.bucket) })
	return sides
}

func (h *history) release() {
	f := h.aFund(func(f *fundState) bool { return h.running(f) && f.Basis == BasisAdvance && f.hasAny(Allocated) })
	if f == nil {
		return
	}
	c := ReleaseFunds{Fund: f.Fund}
	for range 1 + h.dice.IntN(2) {
		b, most, _ := h.drawable(f, Allocated)
		b = h.fitting(f, b)
		if sides := f.allocatedTo(b); h.chance(30) {
			most = sides
		}
		l := Line{Bucket: b, Pence: h.upTo(most)}
		if b.Beneficiary != "" && h.chance(15) {
			l.Beneficiary, l.Share = "", h.share()
		}
		c.Lines = append(c.Lines, l)
	}
	h.attempt(h.day(f), c)
}

// allocatedTo adds up what a release for a use could draw on.
func (f *fundState) allocatedTo(b Bucket) (sum Pence) {
	if b.For == "" {
		b.For = f.service()
	}
	for _, s := range allocatedFor(b) {
		sum += max(0, f.balances[s])
	}
	return sum
}

// openItems lists the open items of an account, oldest first.
func (h *history) openItems(account Account) []*itemState {
	var items []*itemState
	for _, code := range sortedKeys(h.ledger.funds) {
		for _, id := range h.ledger.funds[code].items {
			if item := h.ledger.items[id]; item.Account == account && item.left() > 0 {
				items = append(items, item)
			}
		}
	}
	return items
}

// settleLines draws open items and how much of each was paid.
func (h *history) settleLines(account Account) (lines []SettleLine) {
	items := h.openItems(account)
	for range min(len(items), 1+h.dice.IntN(3)) {
		item := one(h, items)
		lines = append(lines, SettleLine{Item: item.ID, Pence: h.upTo(item.left())})
		if h.chance(95) {
			items = slices.DeleteFunc(items, func(i *itemState) bool { return i == item })
		}
	}
	return lines
}

func (h *history) settle() {
	if lines := h.settleLines(Payables); len(lines) > 0 {
		h.attempt("", SettlePayment{Reference: "BACS", Lines: lines})
	}
}

func (h *history) receive() {
	if lines := h.settleLines(Receivables); len(lines) > 0 {
		h.attempt("", RecordReceipt{"receipt", lines})
	}
}

func (h *history) spendAdvance() {
	f := h.aFund(func(f *fundState) bool { return f.hasAny(Released) })
	if f == nil {
		return
	}
	c := RecordSpend{Fund: f.Fund, Reference: "report"}
	for range 1 + h.dice.IntN(2) {
		b, most, _ := h.drawable(f, Released)
		b = h.fitting(f, b)
		if b.Category == "" || h.chance(30) {
			b.Category = one(h, f.Categories)
		}
		l := Line{Bucket: b, Pence: h.upTo(most)}
		if b.Beneficiary != "" && h.chance(10) {
			l.Beneficiary, l.Share = "", h.share()
		}
		c.Lines = append(c.Lines, l)
	}
	h.attempt(h.day(f), c)
}

func (h *history) spendEvidence() {
	f := h.aFund(func(f *fundState) bool {
		return f.Basis == BasisEvidence && f.From <= DateIn(h.now) && (f.hasAny(Allocated) || f.hasAny(Lapsed))
	})
	if f == nil {
		return
	}
	account := Allocated
	if !f.hasAny(Allocated) {
		account = Lapsed
	}
	b, most, _ := h.drawable(f, account)
	b = h.fitting(f, b)
	if b.Category == "" {
		b.Category = one(h, f.Categories)
	}
	if h.chance(50) {
		most *= 2
	}
	h.attempt(h.day(f), RecordSpend{Fund: f.Fund, Reference: "invoice", Lines: []Line{{Bucket: b, Pence: h.upTo(most)}}})
}

// spendLate reports spend out of advances that were called back.
func (h *history) spendLate() {
	items := h.openItems(Receivables)
	if len(items) == 0 {
		h.spendAdvance()
		return
	}
	item := one(h, items)
	f := h.ledger.funds[item.Fund]
	most := item.left()
	if h.chance(30) {
		most += f.balances[at(Released, Bucket{item.Payee, item.Beneficiary, f.Categories[0], f.service()})]
	}
	if h.chance(30) {
		most *= 2
	}
	b := h.fitting(f, Bucket{Payee: item.Payee, Beneficiary: item.Beneficiary, For: item.Parts[0].For})
	b.Category = one(h, f.Categories)
	h.attempt(h.day(f), RecordSpend{Fund: f.Fund, Reference: "late report", Lines: []Line{{Bucket: b, Pence: h.upTo(most)}}})
}

func (h *history) callBack() {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && f.hasAny(Released) })
	if f == nil {
		return
	}
	b, most, _ := h.drawable(f, Released)
	if h.chance(70) {
		b.Category = ""
	}
	if h.chance(70) {
		b.For = ""
	}
	if h.chance(50) {
		most = 0
		for _, s := range f.standing(Released) {
			if s.bucket.Payee == b.Payee && s.bucket.Beneficiary == b.Beneficiary {
				most += f.balances[s]
			}
		}
		b.Category, b.For = "", ""
	}
	if h.chance(50) {
		h.payReleases(f)
	}
	dated := h.day(f)
	if today := DateIn(h.now); today > f.To && h.chance(50) {
		dated = ""
	}
	l := Line{Bucket: b, Pence: h.upTo(most)}
	if b.Beneficiary != "" && h.chance(10) {
		l.Beneficiary, l.Share = "", h.share()
	}
	h.attempt(dated, ReturnAdvance{Fund: f.Fund, Reason: "not needed", Lines: []Line{l}})
}

// payReleases settles what a fund still has to pay in advance.
func (h *history) payReleases(f *fundState) {
	var lines []SettleLine
	for _, id := range f.items {
		if item := h.ledger.items[id]; item.Account == Payables && item.Advance && item.left() > 0 && item.left() <= MostPence {
			lines = append(lines, SettleLine{Item: id, Pence: item.left()})
		}
	}
	if len(lines) > 0 {
		h.attempt("", SettlePayment{Reference: "BACS", Lines: lines})
	}
}

func (h *history) close() {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && f.To <= DateIn(h.now) })
	if f == nil {
		return
	}
	if h.chance(80) {
		h.payReleases(f)
	}
	h.attempt(one(h, []Date{"", f.To}), CloseFund{Fund: f.Fund, Reason: "end"})
}
