package projections

import (
	"time"

	"pcnledger/domain"
)

// A claimRow is a claim in words and rows.
type claimRow struct {
	number    int64
	paid      domain.Pence
	received  domain.Pence
	payments  chain
	submitted int64   // in milliseconds since 1970
	decision  int64   // number of the event that decided it; 0 while it waits
	decided   int64   // in milliseconds since 1970
	item      itemKey // none while nothing of it is to be paid
	lines     span

	network, month    word
	reference, reason text

	approval  claimApproval
	effective word // of the approval

	by, decidedBy hands
	verified      check

	uplift bool
	notes  text
}

// A check is a [Check]. Its number is 0 where there is none.
type check struct {
	number, on int64 // on in milliseconds since 1970
	by         word
	evidence   text
}

// hands are [Hands] in words.
type hands struct{ raised, approved word }

func (k *book) hands(r *record) hands { return hands{k.words.of(r.RaisedBy), k.words.of(r.ApprovedBy)} }

func (k *book) handsOf(h hands) Hands { return Hands{k.words.text(h.raised), k.words.text(h.approved)} }

// A claimApproval is a [domain.ClaimApproved]. Claim is 0 where there is none.
type claimApproval struct {
	claim           int64
	lines, warnings span

	fund, network, payee, month, due word
}

// A claimLine is a [ClaimLine].
type claimLine struct {
	domain.Costs
	person   person
	training text

	role, month word // month is that of an uplift
}

// An approvedLine is a [domain.ApprovedLine].
type approvedLine struct {
	cost, part, maximum, pence, before, left domain.Pence
	draws                                    span

	person                              person
	role, category, percent, month, sum word // month is that of an uplift
}

// A claimPayment is the event and the effective date of a payment, and the next of the same claim. One that was taken back
// has no date.
type claimPayment struct {
	number int64
	on     word
	next   int32
}

// claimItems says which claim an item belongs to: the payables of claims, and the receivables of recoveries from them.
type claimItems struct {
	rows  column[claimItem]
	index index
}

type claimItem struct {
	item  itemKey
	claim int32 // its row
}

func (c *claimItems) add(item itemKey, claim int32) {
	c.index.add(item.hash(), c.rows.add(claimItem{item, claim}))
}

func (c *claimItems) find(item itemKey) (claim int32, of bool) {
	at, of := c.index.find(item.hash(), func(row int32) bool { return c.rows.at(row).item == item })
	if !of {
		return 0, false
	}
	return c.rows.at(at).claim, true
}

// find returns the row of a claim.
func (c *Claims) find(number int64) (row int32, known bool) {
	return c.index.find(hashNumber(number), func(row int32) bool { return c.rows.at(row).number == number })
}

func (c *Claims) addLines(lines []domain.ClaimLine) span {
	k, first := c.book, c.lines.len()
	for i := range lines {
		line := &lines[i]
		c.lines.add(claimLine{line.Costs, k.person(line.Person), k.texts.add(line.Training), k.words.of(string(line.Role)), 0})
	}
	return c.lines.since(first)
}

func (c *Claims) addUplifts(lines []domain.UpliftLine) span {
	k, first := c.book, c.lines.len()
	for i := range lines {
		line := &lines[i]
		c.lines.add(claimLine{line.Costs, k.person(line.Person), 0, k.words.of(string(line.Role)), k.service(line.Month)})
	}
	return c.lines.since(first)
}

func (c *Claims) addApproval(e *domain.ClaimApproved) claimApproval {
	k, first, warnings := c.book, c.approved.len(), c.warnings.len()
	fund := k.fund(e.Fund)
	for i := range e.Lines {
		line := &e.Lines[i]
		c.approved.add(approvedLine{
			cost: line.Cost, part: line.Part, maximum: line.Maximum, pence: line.Pence, draws: c.draws.add(k, fund, line.Draws),
			person: k.person(line.Person), role: k.words.of(string(line.Role)), category: k.category(line.Category),
			percent: k.words.of(line.Percent), month: k.service(line.For), sum: k.words.of(string(line.Sum)), before: line.Before, left: line.Left,
		})
	}
	for _, text := range e.Warnings {
		c.warnings.add(k.texts.add(text))
	}
	return claimApproval{
		claim: e.Claim, lines: c.approved.since(first), warnings: c.warnings.since(warnings),
		fund: fund, network: k.beneficiary(e.Network), payee: k.payee(e.Payee), month: k.service(e.Month), due: k.date(e.Due),
	}
}

// claim returns the claim in a row.
func (c *Claims) claim(at int32) Claim {
	row, text := c.rows.at(at), c.book.words.text
	claim := Claim{
		Number: row.number, Network: domain.Body(text(row.network)), Month: domain.Service(text(row.month)), Reference: c.book.texts.text(row.reference),
		Submitted: dateAt(row.submitted), Decision: row.decision, Reason: c.book.texts.text(row.reason), Approval: c.approvalOf(&row.approval),
		Effective: domain.Date(text(row.effective)), Paid: row.paid, Recoveries: c.recoveries[at], Received: row.received,
	}
	claim.By, claim.DecidedBy, claim.Queries = c.book.handsOf(row.by), c.book.handsOf(row.decidedBy), c.queries[at]
	claim.Uplift, claim.Notes = row.uplift, c.book.texts.text(row.notes)
	if row.verified.number != 0 {
		claim.Verified = c.book.checkOf(row.verified)
	}
	if row.decision != 0 {
		claim.Decided = dateAt(row.decided)
	}
	if row.item != (itemKey{}) {
		claim.Item = row.item.id()
	}
	for line := range row.lines.rows() {
		l := c.lines.at(line)
		claim.Lines = append(claim.Lines, ClaimLine{
			domain.ClaimLine{
				Person: domain.Person(c.book.persons.text(l.person)), Role: domain.RateCode(text(l.role)), Costs: l.Costs, Training: c.book.texts.text(l.training),
			},
			domain.Service(text(l.month)),
		})
	}
	for payment := row.payments.first; payment != 0; payment = c.payments.at(payment - 1).next {
		if on := c.payments.at(payment - 1).on; on != 0 {
			claim.PaidOn = append(claim.PaidOn, domain.Date(text(on)))
		}
	}
	return claim
}

func (c *Claims) approvalOf(a *claimApproval) domain.ClaimApproved {
	text := c.book.words.text
	approval := domain.ClaimApproved{
		Claim: a.claim, Fund: domain.FundCode(text(a.fund)), Network: domain.Body(text(a.network)), Payee: domain.Body(text(a.payee)),
		Month: domain.Service(text(a.month)), Due: domain.Date(text(a.due)),
	}
	for at := range a.lines.rows() {
		line := c.approved.at(at)
		approval.Lines = append(approval.Lines, domain.ApprovedLine{
			Person: domain.Person(c.book.persons.text(line.person)), Role: domain.RateCode(text(line.role)), Category: domain.Category(text(line.category)),
			Cost: line.cost, Percent: text(line.percent), Part: line.part, Maximum: line.maximum, Pence: line.pence,
			For: domain.Service(text(line.month)), Before: line.before, Sum: domain.RateCode(text(line.sum)), Left: line.left,
			Draws: c.draws.of(c.book, line.draws),
		})
	}
	for at := range a.warnings.rows() {
		approval.Warnings = append(approval.Warnings, c.book.texts.text(*c.warnings.at(at)))
	}
	return approval
}

// dateAt returns the London date of an instant in milliseconds since 1970.
func dateAt(instant int64) domain.Date { return domain.DateIn(time.UnixMilli(instant)) }
