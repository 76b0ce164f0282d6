package projections

import (
	"cmp"
	"slices"
	"time"

	"pcnledger/domain"
)

// Claims holds every claim for reimbursed roles, and what became of it.
type Claims struct {
	book     *book
	rows     column[claimRow]
	index    index // by number
	lines    column[claimLine]
	approved column[approvedLine]
	draws    draws
	warnings column[text]
	payments column[claimPayment]

	items      claimItems
	recoveries map[int32][]ClaimRecovery // by row
	queries    map[int32][]ClaimQuery    // by row
}

// A Claim is what a network claimed for its roles in one month; or, as an uplift, for several months what a maximum that was
// raised makes of claims that were approved: then Month is the last of them. It goes by the number of the event that submitted
// it.
type Claim struct {
	Number    int64
	Network   domain.Body
	Month     domain.Service
	Reference string
	Submitted domain.Date // London date of recording
	Lines     []ClaimLine
	Uplift    bool         `json:",omitzero"`
	Notes     string       `json:",omitzero"`
	By        Hands        `json:",omitzero"` // who submitted it
	Queries   []ClaimQuery `json:",omitzero"` // in the order of recording
	Verified  Check        `json:",omitzero"` // the last; none if it was not verified

	Decision   int64       // number of the event that decided it; 0 while it waits, and once its approval was reversed
	Decided    domain.Date // London date of that event
	DecidedBy  Hands       `json:",omitzero"`
	Reason     string      // why it was rejected
	Approval   domain.ClaimApproved
	Effective  domain.Date // of the approval
	Item       domain.ItemID
	Paid       domain.Pence
	PaidOn     []domain.Date // effective dates of its payments
	Recoveries []ClaimRecovery
	Received   domain.Pence // of what was recovered: in money or netted
}

// A ClaimLine is one person's cost; of an uplift, what the person was paid more for a month.
type ClaimLine struct {
	domain.ClaimLine
	For domain.Service `json:",omitzero"` // of an uplift: the month
}

// MonthOf returns the month that a line of the claim is for.
func (c Claim) MonthOf(line ClaimLine) domain.Service { return cmp.Or(line.For, c.Month) }

// Months returns the months that the claim is for, in order.
func (c Claim) Months() []domain.Service {
	var months []domain.Service
	for _, line := range c.Lines {
		months = append(months, c.MonthOf(line))
	}
	slices.Sort(months)
	return slices.Compact(months)
}

// A ClaimRecovery is what was recovered from a claim for one person.
type ClaimRecovery struct {
	Number    int64
	Effective domain.Date
	Item      domain.ItemID // the receivable
	domain.RecoveryRaised
}

// Hands are who raised what was recorded, and who approved it, as a [domain.Hand] is written; blank where no officers were
// appointed, or no second one was needed.
type Hands struct{ Raised, Approved string }

// A ClaimQuery is a question about a claim.
type ClaimQuery struct {
	Number   int64
	On       domain.Date // London date of recording
	By       string      // the officer
	Question string
}

// A Check is the check of a claim, or of a spend, against its evidence.
type Check struct {
	Number   int64
	On       domain.Date // London date of recording
	By       string      // the officer
	Evidence string
}

// A ClaimState says how far a claim has come.
type ClaimState string

// The states of a claim.
const (
	ClaimWaiting    ClaimState = "submitted"
	ClaimQueried    ClaimState = "queried"  // a question waits for its answer
	ClaimVerified   ClaimState = "verified" // and again once its approval was reversed
	ClaimIsApproved ClaimState = "approved"
	ClaimIsRejected ClaimState = "rejected"
	ClaimPartlyPaid ClaimState = "partly paid"
	ClaimPaid       ClaimState = "paid"
)

func newClaims(k *book) Claims {
	return Claims{book: k, recoveries: map[int32][]ClaimRecovery{}, queries: map[int32][]ClaimQuery{}}
}

func (c *Claims) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.ClaimSubmitted:
		c.submit(r, &e)
	case domain.UpliftClaimed:
		c.claimUplift(r, &e)
	case domain.ClaimRejected:
		if claim := c.decide(r, e.Claim); claim != nil {
			claim.reason = c.book.texts.add(e.Reason)
		}
	case domain.ClaimApproved:
		c.approve(r, &e)
	case domain.ClaimQueried:
		if at, known := c.find(e.Claim); known {
			c.queries[at] = append(c.queries[at], ClaimQuery{r.Number, domain.DateIn(r.Time), r.RaisedBy, e.Question})
		}
	case domain.ClaimVerified:
		if at, known := c.find(e.Claim); known {
			c.rows.at(at).verified = check{r.Number, r.Time.UnixMilli(), c.book.words.of(r.RaisedBy), c.book.texts.add(e.Evidence)}
		}
	case domain.RecoveryRaised:
		if at, of := c.items.find(keyOfItem(e.Item)); of {
			item := itemKey{r.Number, 1}
			c.items.add(item, at)
			c.recoveries[at] = append(c.recoveries[at], ClaimRecovery{r.Number, r.Effective, item.id(), e})
		}
	case domain.PaymentSettled:
		c.pay(r, e.Lines)
		c.receive(e.Netted, 1)
	case domain.PaymentRunReleased:
		c.pay(r, e.SetOff)
		c.receive(e.Netted, 1)
	case domain.ReceiptRecorded:
		c.receive(e.Lines, 1)
	case domain.EntryReversed:
		c.takeBack(&e)
	}
}

// takeBack takes back what an entry did with claims. A claim whose approval is taken back waits again.
func (c *Claims) takeBack(e *domain.EntryReversed) {
	switch was := e.Was.Event.(type) {
	case domain.ClaimApproved:
		c.undecide(e.Entry, was.Claim)
	case domain.ClaimRejected:
		c.undecide(e.Entry, was.Claim)
	case domain.RecoveryRaised:
		if at, of := c.items.find(keyOfItem(was.Item)); of {
			c.recoveries[at] = slices.DeleteFunc(c.recoveries[at], func(r ClaimRecovery) bool { return r.Number == e.Entry })
		}
	case domain.PaymentSettled:
		c.unpay(e.Entry, was.Lines)
		c.receive(was.Netted, -1)
	case domain.PaymentRunReleased:
		c.unpay(e.Entry, was.SetOff)
		c.receive(was.Netted, -1)
	case domain.ReceiptRecorded:
		c.receive(was.Lines, -1)
	}
}

// undecide makes a claim wait again, if it was decided by that entry.
func (c *Claims) undecide(entry, number int64) {
	at, known := c.find(number)
	if !known || c.rows.at(at).decision != entry {
		return
	}
	claim := c.rows.at(at)
	claim.decision, claim.decided, claim.decidedBy, claim.reason = 0, 0, hands{}, 0
	claim.approval, claim.effective, claim.item = claimApproval{}, 0, itemKey{}
}

func (c *Claims) submit(r *record, e *domain.ClaimSubmitted) {
	k := c.book
	row := c.rows.add(claimRow{
		number: r.Number, submitted: r.Time.UnixMilli(), lines: c.addLines(e.Lines),
		network: k.beneficiary(e.Network), month: k.service(e.Month), reference: k.texts.add(e.Reference), by: k.hands(r), notes: k.texts.add(e.Notes),
	})
	c.index.add(hashNumber(r.Number), row)
}

func (c *Claims) claimUplift(r *record, e *domain.UpliftClaimed) {
	k, last := c.book, domain.Service("")
	for _, line := range e.Lines {
		last = max(last, line.Month)
	}
	row := c.rows.add(claimRow{
		number: r.Number, submitted: r.Time.UnixMilli(), lines: c.addUplifts(e.Lines), network: k.beneficiary(e.Network), month: k.service(last),
		reference: k.texts.add(e.Reference), by: k.hands(r), notes: k.texts.add(e.Notes), uplift: true,
	})
	c.index.add(hashNumber(r.Number), row)
}

// decide notes the event that decided a claim, and returns the claim, or nil if history has been cut short.
func (c *Claims) decide(r *record, number int64) *claimRow {
	at, known := c.find(number)
	if !known {
		return nil
	}
	claim := c.rows.at(at)
	claim.decision, claim.decided, claim.decidedBy = r.Number, r.Time.UnixMilli(), c.book.hands(r)
	return claim
}

func (c *Claims) approve(r *record, e *domain.ClaimApproved) {
	claim := c.decide(r, e.Claim)
	if claim == nil {
		return
	}
	claim.approval, claim.effective = c.addApproval(e), r.effective
	for i := range r.opened {
		at, _ := c.find(e.Claim)
		claim.item = keyOfItem(r.opened[i].ID)
		c.items.add(claim.item, at)
	}
}

func (c *Claims) pay(r *record, lines []domain.SettledLine) {
	for i := range lines {
		at, of := c.items.find(keyOfItem(lines[i].Item))
		if !of {
			continue
		}
		claim := c.rows.at(at)
		claim.paid += lines[i].Pence
		payment := 1 + c.payments.add(claimPayment{number: r.Number, on: r.effective})
		if claim.payments.last == 0 {
			claim.payments.first = payment
		} else {
			c.payments.at(claim.payments.last - 1).next = payment
		}
		claim.payments.last = payment
	}
}

// unpay takes back what an entry paid.
func (c *Claims) unpay(entry int64, lines []domain.SettledLine) {
	for i := range lines {
		at, of := c.items.find(keyOfItem(lines[i].Item))
		if !of {
			continue
		}
		claim := c.rows.at(at)
		claim.paid -= lines[i].Pence
		for payment := claim.payments.first; payment != 0; payment = c.payments.at(payment - 1).next {
			if p := c.payments.at(payment - 1); p.number == entry {
				p.on = 0
			}
		}
	}
}

func (c *Claims) receive(lines []domain.SettledLine, sign domain.Pence) {
	for i := range lines {
		if at, of := c.items.find(keyOfItem(lines[i].Item)); of {
			c.rows.at(at).received += sign * lines[i].Pence
		}
	}
}

// All returns every claim in the order of submission.
func (c *Claims) All() []Claim {
	claims := make([]Claim, c.rows.len())
	for at := range claims {
		claims[at] = c.claim(int32(at))
	}
	return claims
}

// Claim returns one claim.
func (c *Claims) Claim(number int64) (claim Claim, ok bool) {
	at, ok := c.find(number)
	if !ok {
		return Claim{}, false
	}
	return c.claim(at), true
}

// State says how far the claim has come. An approval of nothing stays approved: there is nothing to pay.
func (c Claim) State() ClaimState {
	switch approved := c.Approval.Pence(); {
	case c.Decision == 0:
		return c.waiting()
	case c.Approval.Claim == 0:
		return ClaimIsRejected
	case c.Paid == 0:
		return ClaimIsApproved
	case c.Paid < approved:
		return ClaimPartlyPaid
	}
	return ClaimPaid
}

// waiting says how far a claim has come that is not decided. A question is answered once the claim is verified.
func (c Claim) waiting() ClaimState {
	asked := int64(0)
	if n := len(c.Queries); n > 0 {
		asked = c.Queries[n-1].Number
	}
	switch {
	case asked > c.Verified.Number:
		return ClaimQueried
	case c.Verified.Number != 0:
		return ClaimVerified
	}
	return ClaimWaiting
}

// Cost returns what the claim's posts cost.
func (c Claim) Cost() (sum domain.Pence) {
	for _, line := range c.Lines {
		sum += line.Total()
	}
	return sum
}

// Recovered returns what is to be paid back of the claim, received or not.
func (c Claim) Recovered() (sum domain.Pence) {
	for _, r := range c.Recoveries {
		sum += r.Pence
	}
	return sum
}

// RecoveredFor returns what is to be paid back for one person, role and month.
func (c Claim) RecoveredFor(p domain.Person, role domain.RateCode, month domain.Service) (sum domain.Pence) {
	for _, r := range c.Recoveries {
		if line, known := c.RecoveredLine(r.RecoveryRaised); known && line.Person == p && line.Role == role && cmp.Or(line.For, c.Month) == month {
			sum += r.Pence
		}
	}
	return sum
}

// RecoveredLine returns the line of the approval that a recovery takes from.
func (c Claim) RecoveredLine(r domain.RecoveryRaised) (line domain.ApprovedLine, known bool) {
	if r.Charge < 1 || r.Charge > len(c.Approval.Lines) {
		return domain.ApprovedLine{}, false
	}
	return c.Approval.Lines[r.Charge-1], true
}

// LastPaid returns the date of the last payment, or no date.
func (c Claim) LastPaid() (last domain.Date) {
	for _, on := range c.PaidOn {
		last = max(last, on)
	}
	return last
}

// Late says that the claim was submitted more than a month after the end of its month: a claim for October is late from
// 1 December on. An uplift is for months long past, and never late.
func (c Claim) Late() bool { return !c.Uplift && c.Submitted >= lateFrom(c.Month) }

// lateFrom is the first day of the second month after.
func lateFrom(month domain.Service) domain.Date {
	next := domain.Service(domain.PeriodOf(month.Last().AddDays(1)))
	return next.Last().AddDays(1)
}

// Ages are whole days in each state. While a claim waits they count up to the day that is asked for. A state that the claim
// was not in has none.
type Ages struct {
	ToVerification Age   // from submission
	Verified       Age   // from verification to approval or rejection
	ToDecision     int64 // from submission to approval or rejection
	ToPayment      int64 // from approval to the last payment; 0 for a claim that has none to wait for
}

// An Age is days in a state, where the claim was in it.
type Age struct {
	Days int64
	Was  bool
}

// Ages returns how long the claim was in each state, or has been on a day. No count is below 0.
func (c Claim) Ages(on domain.Date) Ages {
	decided := on
	if c.Decision != 0 {
		decided = c.Decided
	}
	ages := Ages{ToDecision: days(c.Submitted, decided)}
	if c.Verified.Number != 0 {
		ages.ToVerification, ages.Verified = Age{days(c.Submitted, c.Verified.On), true}, Age{days(c.Verified.On, decided), true}
	}
	switch state := c.State(); {
	case c.Decision == 0 || state == ClaimIsRejected || c.Approval.Pence() == 0:
	case state == ClaimPaid:
		ages.ToPayment = days(c.Decided, c.LastPaid())
	default:
		ages.ToPayment = days(c.Decided, on)
	}
	return ages
}

// Since returns the day from which the claim has been in its state; of one that is approved, that of the approval.
func (c Claim) Since() domain.Date {
	switch c.State() {
	case ClaimWaiting:
		return c.Submitted
	case ClaimQueried:
		return c.Queries[len(c.Queries)-1].On
	case ClaimVerified:
		return c.Verified.On
	}
	return c.Decided
}

// DaysWaiting returns how many days the claim has been in its state on a day.
func (c Claim) DaysWaiting(on domain.Date) int64 { return days(c.Since(), on) }

// days counts the days from one date to another, not below 0.
func days(from, to domain.Date) int64 {
	begin, err := time.Parse(time.DateOnly, string(from))
	if err != nil {
		return 0 // a history that was cut short has no dates
	}
	end, err := time.Parse(time.DateOnly, string(to))
	if err != nil {
		return 0
	}
	return max(0, int64(end.Sub(begin)/(24*time.Hour)))
}
