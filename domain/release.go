package domain

// ReleaseFunds asks that allocated money be paid in advance.
type ReleaseFunds struct {
	Fund   FundCode `json:"fund"`
	Reason string   `json:"reason,omitzero"`
	Due    Date     `json:"due,omitzero"` // when it is to be paid; 30 days if not given
	Lines  []Line   `json:"lines"`
}

// FundsReleased says that allocated money was released in advance. Each line is a payable item.
type FundsReleased struct {
	Fund   FundCode    `json:"fund"`
	Reason string      `json:"reason,omitzero"`
	Due    Date        `json:"due"`
	Lines  []DrawnLine `json:"lines"`

	Warnings []string `json:"warnings,omitzero"`
}

// A DrawnLine is money that was taken from where it stood: the draws sum to its pence.
type DrawnLine struct {
	Bucket
	Pence Pence `json:"pence"`
	Shared
	Draws []Draw `json:"draws"`
}

// ReturnAdvance asks that advances which were settled and not spent be called back. A line that names no category or
// time of service calls back from any.
type ReturnAdvance struct {
	Fund   FundCode `json:"fund"`
	Reason string   `json:"reason"`
	Due    Date     `json:"due,omitzero"` // when it is to be back; 30 days if not given
	Lines  []Line   `json:"lines"`
}

// AdvanceCalledBack says that unspent advances are to be paid back. Each line is a receivable item. The money can be
// used again: it returns to allocated, or, after the fund's end, to lapsed.
type AdvanceCalledBack struct {
	Fund      FundCode       `json:"fund"`
	Reason    string         `json:"reason"`
	ReturnsTo Account        `json:"returnsto"` // allocated or lapsed
	Lines     []CallBackLine `json:"lines"`
	Warnings  []string       `json:"warnings,omitzero"`
}

// A CallBackLine is what one payee is to pay back for one beneficiary; the draws are the advances it comes from.
type CallBackLine struct {
	Payee       Body  `json:"payee"`
	Beneficiary Body  `json:"beneficiary,omitzero"`
	Pence       Pence `json:"pence"`
	Due         Date  `json:"due"`
	Shared
	Draws []Draw `json:"draws"`
}

// daysToPay is when an item falls due if its command does not say: the 30 days of the Better Payment Practice Code.
const daysToPay = 30

func dueBy(asked Date, m moment) Date {
	if asked != "" {
		return asked
	}
	return m.effective.AddDays(daysToPay)
}

func (c ReleaseFunds) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.fundFor(c.Fund, m)
	if err != nil {
		return nil, err
	}
	if f.Basis != BasisAdvance {
		return nil, refuse(RuleFundNoAdvances, "record the spend with its evidence (RecordSpend); it is paid then",
			"fund %s pays on evidence, never in advance", f.Fund)
	}
	lines, warnings, err := l.resolve(f, c.Lines, m.effective, lineRule{payee: true})
	if err != nil {
		return nil, err
	}
	e := FundsReleased{Fund: c.Fund, Reason: c.Reason, Due: dueBy(c.Due, m), Warnings: warnings}
	t := l.tillOf(f, m)
	for _, line := range lines {
		left := t.leftIn(allocatedFor(line.Bucket))
		draws, short := t.take(allocatedFor(line.Bucket), line.Pence)
		if short > 0 {
			return nil, onLine(line.asked, refuse(RuleReleaseOver,
				"release less, allocate more first, or name network, category and time as the allocation does: pcnledger show balances",
				"%s is allocated%s and not released%s; %s was asked", left, toPayee(line.Bucket), t.since(allocatedFor(line.Bucket)...), line.Pence).
				figure("allocated", left).figure("asked", line.Pence))
		}
		e.Lines = append(e.Lines, DrawnLine{line.Bucket, line.Pence, line.Shared, draws})
	}
	return e, nil
}

// toPayee says in a refusal's words whom and what a bucket is for.
func toPayee(b Bucket) string {
	text := forBeneficiary(b)
	if b.Payee != "" {
		text = " to " + b.Payee.Bare() + text
	}
	if b.For != b.For.WholeYear() {
		text += " for " + string(b.For)
	}
	return text
}

func forBeneficiary(b Bucket) string {
	text := ""
	if b.Beneficiary != "" {
		text += " for " + b.Beneficiary.Bare()
	}
	if b.Category != "" {
		text += " for " + string(b.Category)
	}
	return text
}

func (c ReturnAdvance) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.advancingFund(c.Fund)
	if err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"the post was not filled"`); err != nil {
		return nil, err
	}
	if m.effective < f.From {
		return nil, f.checkDay(m.effective)
	}
	lines, warnings, err := l.resolve(f, c.Lines, m.effective, lineRule{payee: true, anyService: true, past: true})
	if err != nil {
		return nil, err
	}
	e := AdvanceCalledBack{Fund: c.Fund, Reason: c.Reason, ReturnsTo: Allocated, Warnings: warnings}
	if m.effective > f.To || f.closed != "" {
		e.ReturnsTo = Lapsed
	}
	t := l.tillOf(f, m)
	for _, line := range lines {
		draws, err := t.takeBack(line)
		if err != nil {
			return nil, onLine(line.asked, err)
		}
		e.Lines = append(e.Lines, CallBackLine{line.Payee, line.Beneficiary, line.Pence, dueBy(c.Due, m), line.Shared, draws})
	}
	return e, nil
}

// advancingFund returns a fund that is not closed, or in which a correction brought an advance back after the close.
func (l *Ledger) advancingFund(code FundCode) (*fundState, error) {
	if f, ok := l.funds[code]; ok && f.closed != "" && len(f.standing(Released)) > 0 {
		return f, nil
	}
	return l.openedFund(code)
}

// takeBack draws on a payee's advances for one beneficiary: at most what was settled and not spent.
func (t *till) takeBack(line resolvedLine) ([]Draw, error) {
	whose := relation{line.Payee, line.Beneficiary}
	sides := t.fund.standingOf(Released, whose)
	var matching []side
	for _, s := range sides {
		if (line.Category == "" || line.Category == s.bucket.Category) && (line.For == "" || line.For == s.bucket.For) {
			matching = append(matching, s)
		}
	}
	unspent, unpaid := t.leftIn(sides), t.unpaid(whose)
	most := max(0, min(t.leftIn(matching), unspent-unpaid))
	if line.Pence > most {
		return nil, refuse(RuleReturnOver, "call back less; what is not settled yet can be left unpaid, what is spent is not returned",
			"%s holds %s of advances%s that are settled and not spent; %s was asked", line.Payee.Bare(), most,
			forBeneficiary(line.Bucket), line.Pence).
			figure("unspent advances", unspent).figure("of which not yet paid", unpaid).
			figure("can be called back", most).figure("asked", line.Pence)
	}
	draws, _ := t.take(matching, line.Pence)
	return draws, nil
}

// unpaid adds up what is released to a payee for a beneficiary and not yet paid: open, or in transit and so not known to
// have arrived.
func (t *till) unpaid(whose relation) (sum Pence) {
	for _, id := range t.fund.items {
		item := t.ledger.items[id]
		if item.Account == Payables && item.Advance && item.Payee == whose.payee && item.Beneficiary == whose.beneficiary {
			sum += item.left() + item.inTransit()
		}
	}
	return sum
}
