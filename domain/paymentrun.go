package domain

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// The rules of payment runs.
const (
	RulePaymentRunLines       Rule = "payment-run-lines"
	RulePaymentRunPast        Rule = "payment-run-past"
	RulePaymentRunReference   Rule = "payment-run-reference"
	RulePaymentRunEmpty       Rule = "payment-run-empty"
	RulePaymentRunUnknown     Rule = "payment-run-unknown"
	RulePaymentRunDone        Rule = "payment-run-done"
	RulePaymentRunNotReleased Rule = "payment-run-not-released"
	RulePaymentRunEarlier     Rule = "payment-run-earlier"
	RuleTransitOver           Rule = "transit-over"
	RuleTransitTwice          Rule = "transit-in-two-runs"
	RuleSettlementMixed       Rule = "settlement-mixed"
	RuleItemReserved          Rule = "item-reserved"
)

// ProposePaymentRun asks that items be paid together on a day. It always needs two people: approving it is approving the
// run. What payees owe may be netted: they are paid so much less.
type ProposePaymentRun struct {
	Reference string       `json:"reference"`
	PayOn     Date         `json:"payon"`
	DueBy     Date         `json:"dueby,omitzero"` // every payable that is due by then; or lines
	Funds     []FundCode   `json:"funds,omitzero"` // with dueby: only of these funds
	Lines     []SettleLine `json:"lines,omitzero"`
	Netted    []SettleLine `json:"netted,omitzero"` // receivables of the same payees
}

// PaymentRunProposed says what is to be paid together. The run goes by the number of this event. Its items are in no other
// run, and settled in no other way, until it is released and settled or failed, or reversed.
type PaymentRunProposed struct {
	Reference string        `json:"reference"`
	PayOn     Date          `json:"payon"`
	Lines     []SettledLine `json:"lines,omitzero"`  // paid in money
	SetOff    []SettledLine `json:"setoff,omitzero"` // payables, or parts of them, that are paid by what is netted
	Netted    []SettledLine `json:"netted,omitzero"` // receivables
}

// ReleasePaymentRun asks that a run that was approved go to the bank or to PCSE.
type ReleasePaymentRun struct {
	Run int64 `json:"run"`
}

// PaymentRunReleased says that a run is on its way: its lines are in transit until each is settled or failed. What is
// netted is settled by it.
type PaymentRunReleased struct {
	Run       int64         `json:"run"`
	Reference string        `json:"reference"`
	Lines     []SettledLine `json:"lines,omitzero"`
	SetOff    []SettledLine `json:"setoff,omitzero"`
	Netted    []SettledLine `json:"netted,omitzero"`
}

// FailPayment asks to record that payments of a run did not arrive: their items are to be paid again.
type FailPayment struct {
	Run    int64        `json:"run"`
	Reason string       `json:"reason"`
	Lines  []SettleLine `json:"lines"`
}

// PaymentFailed says which payments of a run did not arrive.
type PaymentFailed struct {
	Run    int64         `json:"run"`
	Reason string        `json:"reason"`
	Lines  []SettledLine `json:"lines"`
}

// released is the run as its release records it.
func (e PaymentRunProposed) released(run int64) PaymentRunReleased {
	return PaymentRunReleased{Run: run, Reference: e.Reference, Lines: e.Lines, SetOff: e.SetOff, Netted: e.Netted}
}

// ofRuns says that every payment was released in a run.
func (e PaymentSettled) ofRuns() bool {
	for _, line := range e.Lines {
		if line.Run == 0 {
			return false
		}
	}
	return len(e.Lines) > 0 && len(e.Netted) == 0
}

// runState is a payment run and what became of it. What of it is in transit stands with its items.
type runState struct {
	PaymentRunProposed
	approved   Date   // the day on which it was
	by         []Hand // who proposed and approved it
	released   bool
	releasedOn Date // with effect from
	reversed   bool
}

func (c ProposePaymentRun) decide(l *Ledger, m moment) (Event, error) {
	if err := c.check(l, m); err != nil {
		return nil, err
	}
	e := PaymentRunProposed{Reference: c.Reference, PayOn: c.PayOn}
	asked, err := c.chosen(l, m)
	if err != nil {
		return nil, err
	}
	reserve := func(account Account) func(SettleLine, moment) (SettledLine, error) {
		return func(line SettleLine, m moment) (SettledLine, error) { return l.settleable(line, account, c.PayOn, m) }
	}
	if e.Lines, err = l.settle(c.Reference, asked, m, reserve(Payables)); err != nil {
		return nil, err
	}
	if len(c.Netted) == 0 {
		return e, nil
	}
	if e.Netted, err = l.settle(c.Reference, c.Netted, m, reserve(Receivables)); err != nil {
		return nil, netted(err)
	}
	if err := checkNetting(e.Lines, e.Netted); err != nil {
		return nil, err
	}
	return l.setOff(e), nil
}

// check refuses a run without reference or day, one in the past, and one whose reference another has.
func (c ProposePaymentRun) check(l *Ledger, m moment) error {
	if err := checkText(c.Reference, "the reference", `"BACS 0141"`); err != nil {
		return err
	}
	if err := checkText(string(c.PayOn), "the day of payment", `"payon": "2019-07-31"`); err != nil {
		return err
	}
	if c.PayOn < m.today() {
		return refuse(RulePaymentRunPast, "give today or a later day", "the run is to be paid on %s, which is past on %s", c.PayOn, m.today())
	}
	for number, run := range l.runs {
		if run.Reference == c.Reference && !run.reversed {
			return refuse(RulePaymentRunReference, "give the run a reference of its own", "payment run %d has the reference %q", number, c.Reference)
		}
	}
	for _, number := range l.waiting {
		r := l.requests[number]
		if number != m.approving && r.waits(m.today()) && r.act == "PaymentRunProposed" && r.about == (PaymentRunProposed{Reference: c.Reference}).Subject() {
			return refuse(RulePaymentRunReference, "give the run a reference of its own, or have that request decided", "request %d proposes a run with the reference %q", number, c.Reference)
		}
	}
	return nil
}

// chosen lists the payables of a run: those that are named, or every one that is due by a day.
func (c ProposePaymentRun) chosen(l *Ledger, m moment) ([]SettleLine, error) {
	remedy := "name the items (lines), or the day by which they are due (dueby) and, if not all of them, the funds"
	switch {
	case c.DueBy == "" && len(c.Lines) == 0:
		return nil, refuse(RulePaymentRunLines, remedy, "the run does not say what it pays")
	case len(c.Lines) > 0 && (c.DueBy != "" || len(c.Funds) > 0):
		return nil, refuse(RulePaymentRunLines, remedy, "the run names lines, and a day by which items are due or funds as well")
	case len(c.Lines) > 0:
		return c.Lines, nil
	}
	due, err := c.due(l, m)
	if err != nil {
		return nil, err
	}
	var lines []SettleLine
	for _, item := range due {
		lines = append(lines, SettleLine{Item: item.ID, Pence: sumParts(m.leftOf(item))})
	}
	return lines, nil
}

// due lists the payables of which anything is left that are due by the run's day, the first due first.
func (c ProposePaymentRun) due(l *Ledger, m moment) ([]*itemState, error) {
	codes := c.Funds
	if len(codes) == 0 {
		codes = sortedKeys(l.funds)
	}
	var due []*itemState
	for _, code := range codes {
		f, err := l.fund(code)
		if err != nil {
			return nil, err
		}
		for _, id := range f.items {
			if item := l.items[id]; item.Account == Payables && item.Due <= c.DueBy && sumParts(m.leftOf(item)) > 0 {
				due = append(due, item)
			}
		}
	}
	if len(due) == 0 {
		return nil, refuse(RulePaymentRunEmpty, "give a later day, other funds, or lines: pcnledger show items --open", "nothing is due by %s that is not paid or in a payment run", c.DueBy)
	}
	slices.SortFunc(due, compareDue)
	return due, nil
}

// compareDue orders items by the day on which they are due, and then as they arose.
func compareDue(a, b *itemState) int {
	numberA, lineA := a.ID.split()
	numberB, lineB := b.ID.split()
	return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(numberA, numberB), cmp.Compare(lineA, lineB))
}

// setOff splits the lines of a run: what is netted pays the payee's payables first due, money the rest.
func (l *Ledger) setOff(e PaymentRunProposed) PaymentRunProposed {
	owed, order := byPayee(e.Netted), slices.Clone(e.Lines)
	slices.SortFunc(order, func(a, b SettledLine) int { return compareDue(l.items[a.Item], l.items[b.Item]) })
	off := map[ItemID]Pence{}
	for _, line := range order {
		pence := min(line.Pence, owed[line.Payee])
		owed[line.Payee] -= pence
		off[line.Item] = pence
		if pence > 0 {
			line.Pence, line.Parts = pence, firstParts(line.Parts, pence)
			e.SetOff = append(e.SetOff, line)
		}
	}
	var paid []SettledLine
	for _, line := range e.Lines {
		if line.Pence > off[line.Item] {
			line.Pence -= off[line.Item]
			line.Parts = lessParts(line.Parts, firstParts(line.Parts, off[line.Item]))
			paid = append(paid, line)
		}
	}
	e.Lines = paid
	return e
}

// paymentRun returns a run, or refuses a number that none has.
func (l *Ledger) paymentRun(number int64) (*runState, error) {
	run, ok := l.runs[number]
	if !ok {
		return nil, refuse(RulePaymentRunUnknown, "look for it: pcnledger show payment-runs", "event %d is no payment run that was approved", number)
	}
	return run, nil
}

func (c ReleasePaymentRun) decide(l *Ledger, m moment) (Event, error) {
	run, err := l.paymentRun(c.Run)
	if err != nil {
		return nil, err
	}
	switch {
	case run.reversed:
		return nil, refuse(RulePaymentRunDone, "propose a new run (ProposePaymentRun)", "payment run %d, %s, was reversed", c.Run, run.Reference)
	case run.released:
		return nil, refuse(RulePaymentRunDone, "record what became of it (SettlePayment, FailPayment)", "payment run %d, %s, was released on %s", c.Run, run.Reference, run.releasedOn)
	case m.effective < run.approved:
		return nil, refuse(RulePaymentRunEarlier, "give that day or a later one", "payment run %d was approved on %s; it cannot be released on %s, before that", c.Run, run.approved, m.effective)
	}
	for _, line := range run.all() {
		if item := l.items[line.Item]; m.effective < item.Effective {
			return nil, refuse(RuleItemEarlier, "give that day or a later one", "item %s arose on %s; it cannot be released on %s, before that", item.ID, item.Effective, m.effective)
		}
	}
	return run.PaymentRunProposed.released(c.Run), nil
}

// arrived returns the line of a payment that arrived of what a run put in transit. Without the run it is the only one that
// the item is in transit in.
func (l *Ledger) arrived(item *itemState, line SettleLine, m moment) (SettledLine, error) {
	if line.Run == 0 && len(item.transit) > 1 {
		return SettledLine{}, refuse(RuleTransitTwice, "name the run in the line", "item %s is in transit in payment runs %s", item.ID, item.transitText())
	}
	if line.Run == 0 {
		line.Run = item.transit[0].run
	}
	settled, err := l.ofRun(item, line, m)
	settled.Run = line.Run
	return settled, err
}

// ofRun returns the line that takes pence from what a run put in transit of an item, or refuses it.
func (l *Ledger) ofRun(item *itemState, line SettleLine, m moment) (SettledLine, error) {
	run, err := l.paymentRun(line.Run)
	if err != nil {
		return SettledLine{}, err
	}
	if !run.released || run.reversed {
		return SettledLine{}, refuse(RulePaymentRunNotReleased, "have it released first (ReleasePaymentRun)", "payment run %d, %s, is not released", line.Run, run.Reference)
	}
	if m.effective < run.releasedOn {
		return SettledLine{}, refuse(RulePaymentRunEarlier, "give that day or a later one", "payment run %d was released on %s; what became of it cannot be dated %s, before that",
			line.Run, run.releasedOn, m.effective)
	}
	parts := item.transitIn(line.Run)
	if transit := sumParts(parts); line.Pence > transit {
		return SettledLine{}, refuse(RuleTransitOver, "give at most that; what is not in transit is paid in another run, or once nothing of the item is in transit",
			"payment run %d has %s of item %s in transit; %s was asked", line.Run, transit, item.ID, line.Pence).
			figure("in transit", transit).figure("asked", line.Pence)
	}
	return item.settled(line.Pence, parts), nil
}

// checkUnmixed refuses a payment that settles what a run released together with what none did, or nets against it: the
// one needs two people, and what a run nets is settled when it is released.
func (e PaymentSettled) checkUnmixed() error {
	ofRun := 0
	for _, line := range e.Lines {
		if line.Run != 0 {
			ofRun++
		}
	}
	switch {
	case ofRun > 0 && ofRun < len(e.Lines):
		return refuse(RuleSettlementMixed, "record them as two payments", "%d of %d lines settle what a payment run released, the others what none did", ofRun, len(e.Lines))
	case ofRun > 0 && len(e.Netted) > 0:
		return refuse(RuleSettlementMixed, "leave out what is netted; what a run is to net is proposed with it (ProposePaymentRun)",
			"what a payment run released is settled in money; %d lines are to be netted against it", len(e.Netted))
	}
	return nil
}

func (c FailPayment) decide(l *Ledger, m moment) (Event, error) {
	if _, err := l.paymentRun(c.Run); err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"the account was closed"`); err != nil {
		return nil, err
	}
	lines, err := l.settle(c.Reason, c.Lines, m, func(line SettleLine, m moment) (SettledLine, error) { return l.failed(c.Run, line, m) })
	if err != nil {
		return nil, err
	}
	return PaymentFailed{c.Run, c.Reason, lines}, nil
}

// failed returns the line of a payment of a run that did not arrive.
func (l *Ledger) failed(run int64, line SettleLine, m moment) (SettledLine, error) {
	if err := checkAmount(line.Pence, "the amount"); err != nil {
		return SettledLine{}, err
	}
	item, err := l.item(line.Item)
	if err != nil {
		return SettledLine{}, err
	}
	if line.Run != 0 && line.Run != run {
		return SettledLine{}, refuse(RulePaymentRunLines, "leave the run out of the line, or record the failure of each run by itself", "the line names payment run %d, the failure is of %d", line.Run, run)
	}
	line.Run = run
	return l.ofRun(item, line, m)
}

// transitIn returns what a run put in transit of the item and is neither settled nor failed.
func (i *itemState) transitIn(run int64) []Part {
	for _, t := range i.transit {
		if t.run == run {
			return t.parts
		}
	}
	return nil
}

// inTransit is what all runs put in transit of the item.
func (i *itemState) inTransit() (sum Pence) {
	for _, t := range i.transit {
		sum += sumParts(t.parts)
	}
	return sum
}

func (i *itemState) transitText() string {
	var runs []string
	for _, t := range i.transit {
		runs = append(runs, strconv.FormatInt(t.run, 10)+" ("+sumParts(t.parts).String()+")")
	}
	return strings.Join(runs, " and ")
}

// setTransit says what is in transit of the item in a run now.
func (i *itemState) setTransit(run int64, parts []Part) {
	i.transit = slices.DeleteFunc(i.transit, func(t inTransit) bool { return t.run == run })
	if len(parts) > 0 {
		i.transit = append(i.transit, inTransit{run, parts})
	}
	if len(i.transit) == 0 {
		i.transit = nil
	}
}

func (l *Ledger) proposeRun(r Recorded, e PaymentRunProposed) {
	set(&l.runs, r.Number, &runState{PaymentRunProposed: e, approved: DateIn(r.Time), by: r.hands()})
	for _, line := range e.all() {
		item := l.items[line.Item]
		item.inRun = moreParts(item.inRun, line.Parts)
	}
}

// all are the lines of a run of every kind.
func (e PaymentRunProposed) all() []SettledLine { return slices.Concat(e.Lines, e.SetOff, e.Netted) }

// unreserve gives the items of a run free that it kept for itself.
func (l *Ledger) unreserve(e PaymentRunProposed) {
	for _, line := range e.all() {
		item := l.items[line.Item]
		item.inRun = lessParts(item.inRun, line.Parts)
	}
}

func (l *Ledger) releaseRun(r Recorded, e PaymentRunReleased) {
	run := l.runs[e.Run]
	run.released, run.releasedOn = true, r.Effective
	l.unreserve(run.PaymentRunProposed)
	for _, line := range e.Lines {
		item := l.items[line.Item]
		item.setTransit(e.Run, moreParts(item.transitIn(e.Run), line.Parts))
	}
}

func (l *Ledger) failPayments(e PaymentFailed) {
	for _, line := range e.Lines {
		item := l.items[line.Item]
		item.setTransit(e.Run, lessParts(item.transitIn(e.Run), line.Parts))
	}
}

func (l *Ledger) settleRuns(e PaymentSettled) {
	for _, line := range e.Lines {
		if line.Run != 0 {
			item := l.items[line.Item]
			item.setTransit(line.Run, lessParts(item.transitIn(line.Run), line.Parts))
		}
	}
}

// reverseRuns keeps runs and what is in transit right when an entry is reversed. A run whose proposal or release is
// reversed is over: its items can be in the next.
func (l *Ledger) reverseRuns(e EntryReversed) {
	switch was := e.Was.Event.(type) {
	case PaymentRunProposed:
		l.runs[e.Entry].reversed = true
		l.unreserve(was)
	case PaymentRunReleased:
		l.runs[was.Run].reversed = true
		for _, line := range was.Lines {
			l.items[line.Item].setTransit(was.Run, nil)
		}
	case PaymentFailed:
		for _, line := range was.Lines {
			item := l.items[line.Item]
			item.setTransit(was.Run, moreParts(item.transitIn(was.Run), line.Parts))
		}
	case PaymentSettled:
		for _, line := range was.Lines {
			if line.Run != 0 {
				item := l.items[line.Item]
				item.setTransit(line.Run, moreParts(item.transitIn(line.Run), line.Parts))
			}
		}
	}
}
