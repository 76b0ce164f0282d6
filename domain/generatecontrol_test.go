package domain

import (
	"maps"
	"slices"
)

// This file makes up what officers do in histories in which officers are appointed: who acts, and what needs two people.

// someOfficers are the officers of a governed history, by role; some have two roles, some stand in for another.
var someOfficers = []struct {
	officer  OfficerID
	role     Role
	limit    Pence
	deputyOf OfficerID
}{
	{"recorder-1", RoleRecorder, pounds(1_000_000), ""},
	{"recorder-2", RoleRecorder, pounds(50), ""},
	{"recorder-3", RoleRecorder, pounds(5_000), ""},
	{"recorder-3", RoleApprover, pounds(20_000), ""},
	{"verifier-1", RoleVerifier, 0, ""},
	{"verifier-2", RoleVerifier, 0, ""},
	{"verifier-2", RoleApprover, pounds(15_000_000), ""},
	{"approver-1", RoleApprover, MostPence, ""},
	{"approver-2", RoleApprover, pounds(100), ""},
	{"releaser-1", RoleReleaser, MostPence, ""},
	{"releaser-1", RoleApprover, pounds(50_000), ""},
	{"recorder-2", RoleApprover, pounds(1_000_000), "approver-1"},
	{"approver-2", RoleRecorder, pounds(500), "recorder-3"},
	{"auditor-1", RoleAuditor, 0, ""},
}

// govern appoints the officers: two administrators, and what the two of them appoint.
func (h *history) govern() {
	h.governed = true
	h.as("admin-1")
	h.attemptAs("", appoint("admin-1", RoleAdministrator, "", 0))
	h.attemptAs("", appoint("admin-2", RoleAdministrator, "", 0))
	p := ShippedPolicy()
	p.Title, p.Grades = "as shipped, but for the last grade", slices.Concat(p.Grades[:3], []Grade{{"chief officer", MostPence}})
	h.attemptAs("", AdoptPolicy{p})
	h.approveAs("admin-2", h.number-1)
	for _, o := range someOfficers {
		c := appoint(o.officer, o.role, "", o.limit)
		if o.limit > 0 {
			c.Grade = "chief officer"
		}
		c.DeputyOf = o.deputyOf
		h.as("admin-1")
		h.attemptAs("", c)
		h.approveAs("admin-2", h.number-1)
	}
}

// actor draws who asks for a command: mostly one who may, with a limit that lets things happen.
func (h *history) actor(c Command) string {
	kind := KindOf(c)
	if h.chance(7) {
		return string(one(h, someOfficers).officer)
	}
	if slices.Contains(kind.Roles, RoleAdministrator) {
		return one(h, []string{"admin-1", "admin-2"})
	}
	if slices.Contains(kind.Roles, RoleRecorder) && h.chance(75) {
		return "recorder-1"
	}
	var may []string
	for _, o := range someOfficers {
		if slices.Contains(kind.Roles, o.role) {
			may = append(may, string(o.officer))
		}
	}
	if len(may) == 0 {
		return string(one(h, someOfficers).officer)
	}
	return one(h, may)
}

// controlActs lists what officers do besides, once they are appointed.
func (h *history) controlActs() []act {
	return []act{
		{70, h.approveHeld}, {14, h.refuseHeld}, {6, h.withdraw}, {4, h.declare}, {10, h.appointOfficer}, {12, h.endAppointment}, {2, h.adoptPolicy},
		{14, h.closePeriod}, {9, h.reopen}, {16, h.accrue}, {8, h.journal}, {3, h.open}, {20, h.propose}, {30, h.releaseRun}, {30, h.settleRun},
		{24, h.failPayment}, {10, h.writeOff}, {24, h.verify}, {20, h.query}, {10, h.verifySpend}, {14, h.reverseEntry}, {12, h.replaceEntry}, {14, h.reverseAnew},
	}
}

// approveAs approves a request as an officer, with the digest of what would happen now.
func (h *history) approveAs(login string, number int64) bool {
	r, ok := h.ledger.requests[number]
	if !ok {
		return false
	}
	h.as(login)
	digest := r.digest
	if h.chance(5) {
		digest = "another"
	}
	return h.attemptAs("", Approve{number, digest})
}

// approveHeld approves one of the requests that wait.
func (h *history) approveHeld() {
	if len(h.ledger.waiting) == 0 {
		return
	}
	number := one(h, h.ledger.waiting)
	if h.chance(60) {
		number = h.ledger.waiting[len(h.ledger.waiting)-1]
	}
	h.decideOn(number)
}

// decideOn has somebody who may, mostly, approve a request.
func (h *history) decideOn(number int64) {
	approvers := []string{"approver-1", "approver-1", "approver-1", "approver-1", "verifier-2", "recorder-3", "releaser-1", "recorder-2", "approver-2"}
	if slices.Contains(KindOf(h.ledger.requests[number].command().Command).Roles, RoleAdministrator) {
		approvers = []string{"admin-1", "admin-2"}
	}
	if h.approveAs(one(h, approvers), number) || h.ledger.requests[number].ended {
		return
	}
	// What it would do may have changed: look at it again, and approve what it would do now.
	facts, err := h.ledger.reconsider(number, h.ledger.requests[number], moment{Stamp: h.stamp(), look: h.look})
	if err == nil && h.chance(50) {
		h.attemptAs("", Approve{number, digestOf(facts, effectOf(facts, h.number+1))})
	}
}

func (h *history) refuseHeld() {
	if len(h.ledger.waiting) > 0 {
		h.as(one(h, []string{"approver-1", "admin-1", "verifier-2"}))
		h.attemptAs("", Refuse{one(h, h.ledger.waiting), "not agreed"})
	}
}

func (h *history) withdraw() {
	if len(h.ledger.waiting) > 0 {
		number := one(h, h.ledger.waiting)
		h.as(string(h.ledger.requests[number].hands[0].Officer))
		h.attemptAs("", Withdraw{number, "a mistake"})
	}
}

func (h *history) declare() {
	officer := one(h, someOfficers).officer
	h.attempt("", DeclareInterest{Interest{
		Officer: officer, Body: one(h, slices.Concat(somePayees, someNetworks)), Nature: "partner", Outcome: one(h, Outcomes()),
		From: DateIn(h.now), To: DateIn(h.now).AddDays(h.dice.IntN(20)), Decision: Decision{Body: "chair", Date: "2018-04-01", Paper: "register"},
	}})
}

func (h *history) appointOfficer() {
	o := one(h, someOfficers)
	c := appoint(o.officer, o.role, "other director", min(pounds(1_000_000), o.limit))
	c.From = DateIn(h.now)
	if !o.role.standsAlone() {
		c.To = c.From.AddDays(5 + h.dice.IntN(300))
		c.Scope.Networks = one(h, [][]Body{nil, nil, someNetworks[:2]})
	}
	if h.chance(10) {
		c.Role = one(h, Roles())
	}
	if h.attempt("", c) {
		h.decideOn(h.number - 1)
	}
}

func (h *history) endAppointment() {
	all := h.ledger.officers.appointments
	a := all[len(all)-1-h.dice.IntN(min(6, len(all)))]
	if a.From == "2018-04-01" && h.chance(90) {
		return // the first appointments keep the ledger going
	}
	h.attempt("", EndAppointment{a.number, max(a.From, DateIn(h.now)), "left"})
}

func (h *history) adoptPolicy() {
	p := ShippedPolicy()
	p.Title, p.Expiry = one(h, []string{"strict", "lenient"}), 1+h.dice.IntN(40)
	p.Grades = slices.Concat(p.Grades[:3], []Grade{{"chief officer", MostPence}})
	p.TwoPeople = one(h, [][]string{{"AllocateFund"}, {"AllocateFund", "RecordSpend", "RunEntitlement"}, nil})
	h.attempt("", AdoptPolicy{p})
}

func (h *history) closePeriod() {
	through := h.ledger.periods.through
	next := PeriodOf(DateIn(h.now).AddDays(-31 * (1 + h.dice.IntN(3))))
	if through != "" {
		if next = through.next(); next.IsAdjustment() {
			if h.chance(20) {
				h.attempt("", ClosePeriod{Period: next})
			}
			next = next.next()
		}
	}
	h.attempt("", ClosePeriod{Period: next, Soft: h.chance(30)})
}

func (h *history) reopen() {
	period := one(h, []Period{h.ledger.periods.through, h.ledger.periods.soft, "2018-19/M13", "2019-20/M02"})
	if h.attempt("", ReopenPeriod{period, "a late statement"}) {
		h.decideOn(h.number - 1)
	}
}

func (h *history) accrue() {
	f := h.aFund(func(f *fundState) bool { return h.running(f) && f.Basis == BasisEvidence && f.hasAny(Allocated) })
	if f == nil {
		return
	}
	last := min(DateIn(h.now), f.To)
	c := PostAccrual{Period: PeriodOf(max(f.From, last.AddDays(-h.dice.IntN(40)))), Reason: "not claimed yet"}
	if h.chance(40) {
		rate := cardRate(one(h, []RateCode{"CORE_PCN", "CD", "NPP"}))
		c.Due = []AccrualDue{{Fund: h.fundOf(rate.Category), Rate: rate.Rate}}
	} else {
		b, most, _ := h.drawable(f, Allocated)
		b = h.fitting(f, b)
		if b.Category == "" {
			b.Category = one(h, f.Categories)
		}
		c.Lines = []AccrualLine{{f.Fund, b, h.upTo(most)}}
	}
	h.attempt("", c)
}

func (h *history) journal() {
	f := h.aFund(func(f *fundState) bool { return f.hasAny(Charged) })
	if f == nil {
		return
	}
	from, most, _ := h.drawable(f, Charged)
	to := from
	to.Category = one(h, f.Categories)
	to.Beneficiary = one(h, []Body{from.Beneficiary, one(h, someNetworks)})
	pence := h.upTo(most)
	c := PostJournal{Reason: "coded to the wrong purpose", Lines: []JournalLine{
		{Account: Expenditure, Fund: f.Fund, Bucket: to, Debit: pence}, {Account: Expenditure, Fund: f.Fund, Bucket: from, Credit: pence},
		{Account: Charged, Fund: f.Fund, Bucket: to, Debit: pence}, {Account: Charged, Fund: f.Fund, Bucket: from, Credit: pence},
	}}
	if h.chance(30) {
		c.Period = PeriodOf(DateIn(h.now).AddDays(-h.dice.IntN(60)))
	}
	if h.chance(10) {
		c.Lines[0].Debit++
	}
	h.attempt("", c)
}

// open begins a fund that has no money with what it stood at elsewhere.
func (h *history) open() {
	f := h.aFund(func(f *fundState) bool { return len(f.balances) == 0 && f.closed == "" })
	if f == nil {
		return
	}
	year, pence := f.service(), 1+Pence(h.dice.Int64N(100_000_00))
	spent := Bucket{one(h, somePayees), one(h, someNetworks), one(h, f.Categories), year}
	h.attempt("", OpenBalances{Source: letter, Lines: []JournalLine{
		{Account: Limit, Fund: f.Fund, Bucket: Bucket{For: year}, Credit: 3 * pence},
		{Account: Unallocated, Fund: f.Fund, Bucket: Bucket{For: year}, Debit: 2 * pence},
		{Account: Charged, Fund: f.Fund, Bucket: spent, Debit: pence},
		{Account: Expenditure, Fund: f.Fund, Bucket: spent, Debit: pence},
		{Account: Payables, Fund: f.Fund, Bucket: Bucket{Payee: spent.Payee, Beneficiary: spent.Beneficiary, For: year}, Credit: pence},
	}})
}

func (h *history) propose() {
	today := DateIn(h.now)
	c := ProposePaymentRun{Reference: "run", PayOn: today.AddDays(h.dice.IntN(5))}
	if h.chance(90) {
		c.Reference += string(rune('A'+h.dice.IntN(26))) + string(rune('A'+h.dice.IntN(26))) + string(rune('A'+h.dice.IntN(26)))
	}
	if h.chance(20) {
		c.DueBy = today.AddDays(60)
	} else {
		c.Lines = h.settleLines(Payables)
		for _, receivable := range h.openItems(Receivables) {
			if h.chance(50) && slices.ContainsFunc(c.Lines, func(l SettleLine) bool { return h.ledger.items[l.Item].Payee == receivable.Payee }) {
				c.Netted = append(c.Netted, SettleLine{Item: receivable.ID, Pence: h.upTo(receivable.left())})
			}
		}
	}
	if (len(c.Lines) > 0 || c.DueBy != "") && h.attempt("", c) && h.chance(70) {
		h.decideOn(h.number - 1)
	}
}

// aRun draws a payment run; the number of no run if there is none.
func (h *history) aRun(fits func(*runState) bool) int64 {
	var numbers []int64
	for _, n := range slices.Sorted(maps.Keys(h.ledger.runs)) {
		if fits(h.ledger.runs[n]) || h.chance(3) {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) == 0 {
		return 0
	}
	return one(h, numbers)
}

func (h *history) releaseRun() {
	if n := h.aRun(func(r *runState) bool { return !r.released && !r.reversed }); n != 0 {
		h.attempt("", ReleasePaymentRun{n})
	}
}

// inTransit lists what a run put in transit and is neither settled nor failed.
func (h *history) inTransit(run int64) (lines []SettleLine) {
	for _, id := range sortedKeys(h.ledger.items) {
		for _, t := range h.ledger.items[id].transit {
			if t.run == run {
				lines = append(lines, SettleLine{Item: id, Pence: sumParts(t.parts)})
			}
		}
	}
	return lines
}

// transitLines draws payments of a run that are on their way.
func (h *history) transitLines(run int64) (lines []SettleLine) {
	for _, line := range h.inTransit(run) {
		if h.chance(70) {
			line.Pence = one(h, []Pence{line.Pence, line.Pence, line.Pence, h.upTo(line.Pence)})
			lines = append(lines, line)
		}
	}
	return lines
}

// aRunOnItsWay draws a run of which something is in transit.
func (h *history) aRunOnItsWay() int64 {
	on := map[*runState]bool{}
	for n, r := range h.ledger.runs {
		on[r] = len(h.inTransit(n)) > 0
	}
	return h.aRun(func(r *runState) bool { return on[r] })
}

func (h *history) settleRun() {
	n := h.aRunOnItsWay()
	if n == 0 {
		return
	}
	lines := h.transitLines(n)
	for i := range lines {
		lines[i].Run = n
	}
	if len(lines) > 0 {
		h.attempt("", SettlePayment{Reference: "statement", Lines: lines})
	}
}

func (h *history) failPayment() {
	if n := h.aRunOnItsWay(); n != 0 {
		if lines := h.transitLines(n); len(lines) > 0 {
			h.attempt("", FailPayment{Run: n, Reason: "account closed", Lines: lines[:1]})
		}
	}
}

func (h *history) writeOff() {
	if owed := h.openItems(Receivables); len(owed) > 0 {
		item := one(h, owed)
		h.attempt("", WriteOff{Item: item.ID, Pence: h.upTo(item.left()), Loss: one(h, []Loss{LossBadDebt, LossOverpayment}), Reason: "insolvent",
			Decision: Decision{Body: "audit committee", Date: "2018-04-01", Paper: "7"}})
	}
}

func (h *history) verify() {
	if len(h.ledger.claims) > 0 {
		h.attempt("", VerifyClaim{Claim: h.aClaim(), Evidence: "payslips"})
	}
}

func (h *history) query() {
	if len(h.ledger.claims) > 0 {
		h.attempt("", QueryClaim{Claim: h.aClaim(), Question: one(h, []string{"which month?", "which post?"})})
	}
}

func (h *history) verifySpend() {
	var numbers []int64
	for _, n := range slices.Sorted(maps.Keys(h.ledger.spends)) {
		if !h.ledger.spends[n].verified || h.chance(3) {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) > 0 {
		h.attempt("", VerifySpend{Spend: one(h, numbers), Evidence: "invoices"})
	}
}

// reverseEntry reverses one of the last entries, or any.
func (h *history) reverseEntry() {
	r := one(h, h.log[max(0, len(h.log)-25):])
	for range 4 {
		if len(Postings(r)) == 0 {
			r = one(h, h.log)
		}
	}
	if len(Postings(r)) == 0 && h.chance(90) {
		return
	}
	if h.attempt(one(h, []Date{"", "", r.Effective}), ReverseEntry{r.Number, "a mistake"}) && h.chance(60) {
		h.decideOn(h.number - 1)
	}
}

// reverseAnew reverses the last adjustment or approval of an uplift, which are few among the entries.
func (h *history) reverseAnew() {
	for _, r := range slices.Backward(h.log) {
		approved, claim := r.Event.(ClaimApproved)
		_, adjustment := r.Event.(EntitlementAdjusted)
		if h.ledger.reversed[r.Number] == 0 && (adjustment || claim && h.ledger.claims[approved.Claim].uplift) {
			if h.attempt("", ReverseEntry{r.Number, "a mistake"}) {
				h.decideOn(h.number - 1)
			}
			return
		}
	}
}

// replaceEntry replaces an entry that was reversed by confirming funding, or whatever was asked for before.
func (h *history) replaceEntry() {
	numbers := slices.Sorted(maps.Keys(h.ledger.reversed))
	if len(numbers) == 0 {
		return
	}
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && f.To >= DateIn(h.now) })
	if f == nil {
		return
	}
	with := Asked{Command: ConfirmFunding{Fund: f.Fund, Pence: 1 + Pence(h.dice.Int64N(100_000)), Title: "put right", Source: letter}}
	if h.chance(30) {
		with = Asked{Command: one(h, h.asked).command}
	}
	if h.attempt("", ReplaceEntry{one(h, numbers), with}) && h.chance(60) {
		h.decideOn(h.number - 1)
	}
}
