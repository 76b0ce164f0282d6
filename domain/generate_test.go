package domain

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"
)

// This file makes up what officers do in a history: mostly what the ledger allows, so that histories get deep, now and
// then a penny too much, and sometimes nonsense.

var (
	somePayees     = []Body{"local:P1", "local:P2", "local:P3"}
	someNetworks   = []Body{"local:N1", "local:N2", "local:N3", "local:N4"}
	somePractices  = []Body{"local:G1", "local:G2", "local:G3", "local:G4", "local:G5", "local:G6"}
	someFunds      = []FundCode{"F-1", "F-2", "F-3", "F-4", "F-5", "F-6"}
	someCategories = []Category{"leadership", "access", "training"}
)

// one draws one of the values.
func one[T any](h *history, label string, of []T) T { return of[h.below(label, len(of))] }

func (h *history) below(label string, n int) int { return rapid.IntRange(0, n-1).Draw(h.rapid, label) }

// chance is true in so many of a hundred cases.
func (h *history) chance(percent int, label string) bool {
	return rapid.IntRange(1, 100).Draw(h.rapid, label) > 100-percent
}

// upTo draws an amount: mostly what is there or less, now and then more than that or none.
func (h *history) upTo(most Pence) Pence {
	if most <= 0 {
		return Pence(rapid.Int64Range(1, 1000).Draw(h.rapid, "pence"))
	}
	switch rapid.IntRange(0, 19).Draw(h.rapid, "how much") {
	case 0, 1, 2:
		return 1
	case 3, 4, 5, 6:
		return most
	case 7:
		return most + 1
	case 8:
		return Pence(rapid.SampledFrom([]int64{0, -1, int64(MostPence) + 1}).Draw(h.rapid, "pence"))
	case 9, 10:
		return min(most, Pence(rapid.Int64Range(1, 100_00).Draw(h.rapid, "pence")))
	}
	return Pence(rapid.Int64Range(1, int64(most)).Draw(h.rapid, "pence"))
}

// begin creates the ledger with its bodies, memberships and a list, and two funds with money.
func (h *history) begin() {
	h.on("2018-04-02")
	h.attempt("", CreateLedger{Ledger: "test", Commissioner: "ods:10Q", Kind: KindDemo})
	for _, b := range somePayees {
		h.attempt("", RegisterBody{Body: b, Kind: KindFederation})
	}
	for _, b := range someNetworks {
		h.attempt("", RegisterBody{Body: b, Kind: KindNetwork})
	}
	for _, b := range somePractices {
		h.attempt("", RegisterBody{Body: b, Kind: KindPractice})
		h.attempt("", RecordMembership{Network: one(h, "network", someNetworks[:3]), Members: []Member{{Practice: b, From: "2018-04-01"}}, Source: letter})
	}
	h.recordList()
	for range 2 {
		h.openFund()
		h.confirm()
	}
}

// step lets some days pass and has an officer do something.
func (h *history) step() {
	days := rapid.SampledFrom([]int{0, 0, 1, 3, 7, 14, 30}).Draw(h.rapid, "days")
	h.now = h.now.AddDate(0, 0, days)
	one(h, "act", h.acts())()
}

// acts lists what an officer may do, more often what leads deep.
func (h *history) acts() []func() {
	var acts []func()
	for _, act := range []struct {
		weight int
		do     func()
	}{
		{2, h.openFund}, {3, h.confirm}, {5, h.allocate}, {3, h.move}, {8, h.release}, {8, h.settle}, {7, h.spendAdvance},
		{5, h.spendEvidence}, {5, h.callBack}, {3, h.receive}, {5, h.close}, {6, h.spendLate}, {2, h.recordList}, {2, h.register},
		{2, h.enrol}, {1, h.succeed}, {1, h.adopt}, {2, h.assess}, {1, h.aim}, {2, h.milestone}, {1, h.tell}, {2, h.repeat},
		{2, h.nonsense},
	} {
		for range act.weight {
			acts = append(acts, act.do)
		}
	}
	return acts
}

func (h *history) openFund() {
	t := Terms{
		Fund: one(h, "fund", someFunds), Title: "A fund", Year: YearOf(DateIn(h.now)), Recurrent: h.chance(50, "recurrent"),
		Cover: one(h, "cover", []Cover{CoverHard, CoverWarn}), Basis: one(h, "basis", []Basis{BasisAdvance, BasisAdvance, BasisEvidence}),
		Categories: someCategories[:rapid.IntRange(1, 3).Draw(h.rapid, "categories")], Source: letter,
	}
	if h.chance(20, "next year") {
		t.Year = YearOf(t.Year.Last().AddDays(1))
	}
	if h.chance(30, "part of the year") {
		t.From = t.Year.First().AddDays(rapid.IntRange(0, 200).Draw(h.rapid, "from"))
		t.To = t.From.AddDays(rapid.IntRange(0, 180).Draw(h.rapid, "to"))
	}
	h.attempt("", OpenFund{t})
}

func (h *history) confirm() {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && f.To >= DateIn(h.now) })
	if f == nil {
		return
	}
	pence := rapid.SampledFrom([]Pence{1, 99, 600_000_00, 12_345_67, 1_000_00, 2_500_000_000_00, MostPence}).Draw(h.rapid, "funding")
	dated := Date("")
	if h.chance(10, "earlier") {
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
	return one(h, "fund", funds)
}

// running says that a fund is not closed and has begun.
func (h *history) running(f *fundState) bool { return f.closed == "" && f.From <= DateIn(h.now) }

// day draws an effective date that the fund's dates allow, mostly.
func (h *history) day(f *fundState) Date {
	today := DateIn(h.now)
	last := min(today, f.To)
	switch n := rapid.IntRange(0, 9).Draw(h.rapid, "dated"); {
	case n == 0:
		return one(h, "day", []Date{today.AddDays(1), today.AddDays(40), f.To.AddDays(1), f.From.AddDays(-1)})
	case n < 6 && today <= f.To:
		return ""
	case n < 8:
		return last
	}
	return max(f.From, last.AddDays(-rapid.IntRange(0, 60).Draw(h.rapid, "days ago")))
}

func (h *history) service(f *fundState) Service {
	switch rapid.IntRange(0, 5).Draw(h.rapid, "service") {
	case 0, 1:
		return Service(fmt.Sprintf("%s/M%02d", f.Year, rapid.IntRange(1, 12).Draw(h.rapid, "month")))
	case 2:
		return f.service()
	}
	return ""
}

func (h *history) share() *Share {
	s := &Share{}
	if h.chance(30, "by number") {
		s.List = one(h, "list", h.ledger.lists).number
	}
	if h.chance(20, "memberships of another day") {
		s.At = DateIn(h.now).AddDays(-rapid.IntRange(0, 100).Draw(h.rapid, "days ago"))
	}
	if h.chance(30, "among some") {
		s.Among = []Body{one(h, "network", someNetworks), one(h, "network", someNetworks)}
	}
	return s
}

// openLine draws a line that may leave anything blank.
func (h *history) openLine(f *fundState, most Pence) Line {
	l := Line{Bucket: Bucket{For: h.service(f)}, Pence: h.upTo(most)}
	if h.chance(80, "payee") {
		l.Payee = one(h, "payee", somePayees)
	}
	if h.chance(70, "category") {
		l.Category = one(h, "category", f.Categories)
	}
	if h.chance(40, "shared") {
		l.Share = h.share()
	} else if h.chance(70, "beneficiary") {
		l.Beneficiary = one(h, "network", someNetworks)
	}
	return l
}

func (h *history) allocate() {
	f := h.aFund(func(f *fundState) bool { return h.running(f) && f.balances[unallocated(f.service())] > 0 })
	if f == nil {
		return
	}
	c, most := AllocateFund{Fund: f.Fund, Decision: Decision{"board", f.From, "1"}}, f.balances[unallocated(f.service())]
	for range rapid.IntRange(1, 3).Draw(h.rapid, "lines") {
		l := h.openLine(f, most/2+1)
		most -= min(most, l.Pence)
		c.Lines = append(c.Lines, l)
	}
	h.attempt(h.day(f), c)
}

// drawable draws a bucket of an account that holds something, and what it holds.
func (h *history) drawable(f *fundState, account Account) (Bucket, Pence, bool) {
	var sides []side
	for _, s := range f.standing(account) {
		if f.balances[s] > 0 {
			sides = append(sides, s)
		}
	}
	if len(sides) == 0 {
		return Bucket{}, 0, false
	}
	s := one(h, "bucket", sides)
	return s.bucket, f.balances[s], true
}

// fitting fills in some of what a bucket leaves open.
func (h *history) fitting(f *fundState, b Bucket) Bucket {
	if b.Payee == "" {
		b.Payee = one(h, "payee", somePayees)
	}
	if b.Beneficiary == "" && h.chance(50, "beneficiary") {
		b.Beneficiary = one(h, "network", someNetworks)
	}
	if b.Category == "" && h.chance(60, "category") {
		b.Category = one(h, "category", f.Categories)
	}
	if b.For == f.service() && h.chance(30, "month") {
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
	h.attempt(h.day(f), MoveAllocation{Fund: f.Fund, Decision: Decision{"board", f.From, "2"}, Reason: "plans changed", Lines: []MoveLine{{from, to, h.upTo(most)}}})
}

func (f *fundState) hasAny(account Account) bool {
	return slices.ContainsFunc(f.standing(account), func(s side) bool { return f.balances[s] > 0 })
}

func (h *history) release() {
	f := h.aFund(func(f *fundState) bool { return h.running(f) && f.Basis == BasisAdvance && f.hasAny(Allocated) })
	if f == nil {
		return
	}
	c := ReleaseFunds{Fund: f.Fund}
	for range rapid.IntRange(1, 2).Draw(h.rapid, "lines") {
		b, most, _ := h.drawable(f, Allocated)
		b = h.fitting(f, b)
		if sides := f.allocatedTo(b); h.chance(30, "all that fits") {
			most = sides
		}
		l := Line{Bucket: b, Pence: h.upTo(most)}
		if b.Beneficiary != "" && h.chance(15, "shared") {
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
	for range min(len(items), rapid.IntRange(1, 3).Draw(h.rapid, "items")) {
		item := one(h, "item", items)
		lines = append(lines, SettleLine{item.ID, h.upTo(item.left())})
		if h.chance(95, "another") {
			items = slices.DeleteFunc(items, func(i *itemState) bool { return i == item })
		}
	}
	return lines
}

func (h *history) settle() {
	if lines := h.settleLines(Payables); len(lines) > 0 {
		h.attempt("", SettlePayment{"BACS", lines})
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
	for range rapid.IntRange(1, 2).Draw(h.rapid, "lines") {
		b, most, _ := h.drawable(f, Released)
		b = h.fitting(f, b)
		if b.Category == "" || h.chance(30, "another category") {
			b.Category = one(h, "category", f.Categories)
		}
		l := Line{Bucket: b, Pence: h.upTo(most)}
		if b.Beneficiary != "" && h.chance(10, "shared") {
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
		b.Category = one(h, "category", f.Categories)
	}
	if h.chance(20, "beyond") {
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
	item := one(h, "item", items)
	f := h.ledger.funds[item.Fund]
	most := item.left()
	if h.chance(30, "with what is left of the advance") {
		most += f.balances[at(Released, Bucket{item.Payee, item.Beneficiary, f.Categories[0], f.service()})]
	}
	if h.chance(30, "with all items") {
		most *= 2
	}
	b := h.fitting(f, Bucket{Payee: item.Payee, Beneficiary: item.Beneficiary, For: item.Parts[0].For})
	b.Category = one(h, "category", f.Categories)
	h.attempt(h.day(f), RecordSpend{Fund: f.Fund, Reference: "late report", Lines: []Line{{Bucket: b, Pence: h.upTo(most)}}})
}

func (h *history) callBack() {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && f.hasAny(Released) })
	if f == nil {
		return
	}
	b, most, _ := h.drawable(f, Released)
	if h.chance(70, "any category") {
		b.Category = ""
	}
	if h.chance(70, "any service") {
		b.For = ""
	}
	if h.chance(50, "paid first") {
		h.payReleases(f)
	}
	dated := h.day(f)
	if today := DateIn(h.now); today > f.To && h.chance(50, "after the end") {
		dated = ""
	}
	l := Line{Bucket: b, Pence: h.upTo(most)}
	if b.Beneficiary != "" && h.chance(10, "shared") {
		l.Beneficiary, l.Share = "", h.share()
	}
	h.attempt(dated, ReturnAdvance{Fund: f.Fund, Reason: "not needed", Lines: []Line{l}})
}

// payReleases settles what a fund still has to pay in advance.
func (h *history) payReleases(f *fundState) {
	var lines []SettleLine
	for _, id := range f.items {
		if item := h.ledger.items[id]; item.Account == Payables && item.Advance && item.left() > 0 && item.left() <= MostPence {
			lines = append(lines, SettleLine{id, item.left()})
		}
	}
	if len(lines) > 0 {
		h.attempt("", SettlePayment{"BACS", lines})
	}
}

func (h *history) close() {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && f.To <= DateIn(h.now) })
	if f == nil {
		return
	}
	if h.chance(80, "paid first") {
		h.payReleases(f)
	}
	h.attempt(one(h, "dated", []Date{"", f.To}), CloseFund{Fund: f.Fund, Reason: "end"})
}

func (h *history) recordList() {
	c := RecordListSizes{Population: PopulationRegistered, At: DateIn(h.now), Source: Source{Title: "list"}}
	if h.chance(20, "average") {
		c.At, c.Average, c.StandsFor = "", YearOf(DateIn(h.now)), DateIn(h.now).AddDays(-30)
	}
	for _, p := range somePractices {
		if h.chance(90, "listed") {
			c.Lines = append(c.Lines, ListLine{Practice: p, Patients: rapid.SampledFrom([]int64{0, 1, 999, 8_123, 12_001, 60_000_000}).Draw(h.rapid, "patients")})
		}
	}
	h.attempt("", c)
}

func (h *history) register() {
	h.attempt("", RegisterBody{
		Body: one(h, "body", slices.Concat(somePayees, someNetworks, []Body{"ods:U62251", "companies:01234567"})),
		Kind: one(h, "kind", []Kind{KindFederation, KindNetwork, KindNetwork, KindArea}), Name: one(h, "name", []string{"", "Old name", "New name"}),
	})
}

func (h *history) enrol() {
	practice, network := one(h, "practice", somePractices), one(h, "network", someNetworks)
	today := DateIn(h.now)
	members := []Member{{Practice: practice, From: today}}
	if all := h.ledger.registry.enrolments[practice]; len(all) > 0 && h.chance(80, "leave first") {
		last := all[len(all)-1]
		if last.to == "" && last.from < today {
			h.attempt("", RecordMembership{Network: last.network, Members: []Member{{practice, last.from, today.AddDays(-1)}}, Source: letter})
		}
	}
	h.attempt("", RecordMembership{Network: network, Members: members, Source: letter})
}

func (h *history) succeed() {
	of, to := one(h, "network", someNetworks), one(h, "network", someNetworks)
	if h.chance(30, "payee") {
		of, to = one(h, "payee", somePayees), one(h, "payee", somePayees)
	}
	h.attempt("", SucceedBody{Body: of, Date: DateIn(h.now).AddDays(60), Successors: []Successor{{to, 1, 1}}, Reason: "merger"})
}

func (h *history) adopt() {
	c := matrix()
	c.Code = one(h, "framework", []string{"matrix-2018", "matrix-2019"})
	if h.chance(10, "otherwise") {
		c.Levels = append(c.Levels, "step 3")
	}
	h.attempt("", c)
}

func (h *history) levels() []AreaLevel {
	return []AreaLevel{{Area: "leadership", Level: one(h, "level", []string{"foundation", "step 1", "step 2"})}}
}

func (h *history) assess() {
	code := one(h, "framework", []string{"matrix-2018", "matrix-2019"})
	network := one(h, "network", someNetworks)
	_, has := h.ledger.progress.baselines[networkFramework{network, code}]
	h.attempt("", AssessMaturity{Assessment{
		Network: network, Framework: code, On: DateIn(h.now), Baseline: has == h.chance(10, "wrong"), Assessor: "CCG", Levels: h.levels(),
	}})
}

func (h *history) aim() {
	h.attempt("", SetTarget{Target{Network: one(h, "network", someNetworks), Framework: "matrix-2018", By: DateIn(h.now).AddDays(90), Levels: h.levels()}})
}

func (h *history) milestone() {
	m := Milestone{Network: one(h, "network", someNetworks), Code: one(h, "milestone", []string{"MS1", "MS2"}), Title: "a step", Due: "2018-12-31"}
	if h.chance(40, "achieved") {
		m.Achieved = DateIn(h.now)
	}
	h.attempt("", RecordMilestone{m})
}

func (h *history) tell() {
	h.attempt("", SubmitNarrative{Narrative{Fund: one(h, "fund", someFunds[:3]), Author: "CCG", Text: one(h, "text", []string{"We began.", "We finished."})}})
}

// repeat asks again for what a fact without money says.
func (h *history) repeat() {
	switch e := one(h, "event", h.log).Event.(type) {
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
	fund, payee := one(h, "fund", []FundCode{"F-1", "F-2", "F-3", "NONE", ""}), one(h, "payee", []Body{"", "local:P1", "local:N1", "local:G1", "ods:X1"})
	pence := rapid.SampledFrom([]Pence{-MostPence, -1, 0, 1, MostPence, MostPence + 1, 1<<63 - 1}).Draw(h.rapid, "pence")
	l := Line{Bucket: Bucket{payee, one(h, "beneficiary", []Body{"", "local:N1", "local:P1"}), one(h, "category", []Category{"", "access", "yachts"}), one(h, "service", []Service{"", "2017-18", "2018-19/M01", "2019-20"})}, Pence: pence}
	if h.chance(30, "shared") {
		l.Share = &Share{List: rapid.Int64Range(-1, 60).Draw(h.rapid, "list"), Among: []Body{payee}}
	}
	dated := one(h, "dated", []Date{"", "1900-01-01", "2018-12-31", "2999-12-31"})
	h.attempt(dated, one(h, "command", []Command{
		AllocateFund{Fund: fund, Decision: Decision{"board", "2018-04-01", "1"}, Lines: []Line{l, l}},
		MoveAllocation{Fund: fund, Decision: Decision{"board", "2018-04-01", "1"}, Reason: "r", Lines: []MoveLine{{l.Bucket, l.Bucket, pence}}},
		ReleaseFunds{Fund: fund, Lines: []Line{l}},
		RecordSpend{Fund: fund, Reference: "r", Lines: []Line{l}},
		ReturnAdvance{Fund: fund, Reason: "r", Lines: []Line{l}},
		SettlePayment{"r", []SettleLine{{ItemID(fmt.Sprintf("%d.1", h.below("item", 60))), pence}}},
		RecordReceipt{"r", []SettleLine{{ItemID(fmt.Sprintf("%d.1", h.below("item", 60))), pence}}},
		CloseFund{Fund: fund, Reason: "r"}, ConfirmFunding{Fund: fund, Pence: pence, Title: "t", Source: letter},
	}))
}
