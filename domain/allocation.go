package domain

// A Bucket is where money of one account stands within a fund. Each part but For may be blank; blank is "not yet said".
type Bucket struct {
	Payee       Body     `json:"payee,omitzero"`       // who is paid
	Beneficiary Body     `json:"beneficiary,omitzero"` // whose patients it is for
	Category    Category `json:"category,omitzero"`
	For         Service  `json:"for,omitzero"` // in commands the fund's year if not given
}

// A Line is money for one purpose as a command asks for it. With Share the beneficiaries are the networks of a list,
// otherwise Beneficiary names the one.
type Line struct {
	Bucket
	Pence Pence  `json:"pence"`
	Share *Share `json:"share,omitzero"`
}

// A Share spreads a line over networks by their registered lists.
type Share struct {
	List  int64  `json:"list,omitzero"`  // number of the ListSizesRecorded; 0 = the newest that stands for the day or earlier
	At    Date   `json:"at,omitzero"`    // memberships as on that day; the effective date if not given
	Among []Body `json:"among,omitzero"` // only these networks; none = all that have members
}

// Shared says by which list a line of an event was shared, and how many patients its beneficiary has by it.
type Shared struct {
	List     int64 `json:"list,omitzero"`
	Patients int64 `json:"patients,omitzero"`
}

// A Decision is who decided on an allocation, when, and the paper that says so; with the votes and the conflicts of
// interest that were noted, where the minutes give them.
type Decision struct {
	Body      string     `json:"body"`
	Date      Date       `json:"date"`
	Paper     string     `json:"paper"`
	For       int        `json:"for,omitzero"`       // votes
	Against   int        `json:"against,omitzero"`   // votes
	Conflicts []Conflict `json:"conflicts,omitzero"` // that were noted
}

// A Conflict is an interest that was noted when something was decided, and its outcome. Who is a role, never a name.
type Conflict struct {
	Who      string  `json:"who"`
	Interest string  `json:"interest"`
	Outcome  Outcome `json:"outcome"`
}

// AllocateFund asks that parts of a fund be set aside.
type AllocateFund struct {
	Fund     FundCode `json:"fund"`
	Decision Decision `json:"decision"`
	Lines    []Line   `json:"lines"`
}

// FundAllocated says that parts of a fund were set aside, each for a payee, a purpose and the benefit of a network.
type FundAllocated struct {
	Fund     FundCode         `json:"fund"`
	Decision Decision         `json:"decision"`
	Lines    []AllocationLine `json:"lines"`
	Warnings []string         `json:"warnings,omitzero"`
}

// An AllocationLine is one part of a fund set aside.
type AllocationLine struct {
	Bucket
	Pence Pence `json:"pence"`
	Shared
}

// MoveAllocation asks that money set aside for one use be set aside for another: a virement.
type MoveAllocation struct {
	Fund     FundCode   `json:"fund"`
	Decision Decision   `json:"decision"`
	Reason   string     `json:"reason"`
	Lines    []MoveLine `json:"lines"`
}

// A MoveLine takes pence from one bucket and sets them aside in another.
type MoveLine struct {
	From  Bucket `json:"from"`
	To    Bucket `json:"to"`
	Pence Pence  `json:"pence"`
}

// AllocationMoved says that money set aside for one use is now set aside for another.
type AllocationMoved struct {
	Fund     FundCode   `json:"fund"`
	Decision Decision   `json:"decision"`
	Reason   string     `json:"reason"`
	Lines    []MoveLine `json:"lines"`
}

// A Draw says which bucket of which account gave pence: the choice that the posting table leaves open.
type Draw struct {
	Account Account `json:"account"`
	Bucket
	Pence Pence `json:"pence"`
	Owed  Owed  `json:"owed,omitzero"` // for spend out of an advance that was called back and is not yet received
}

// Owed is the part of a receivable that a spend used up.
type Owed struct {
	Item        ItemID  `json:"item"`
	Beneficiary Body    `json:"beneficiary,omitzero"`
	For         Service `json:"for"`
}

// check refuses a decision that does not say who decided, when, and in which paper, or that is dated after its effect.
func (d Decision) check(m moment) error {
	if err := d.complete(); err != nil {
		return err
	}
	if d.Date > m.effective {
		return refuse(RuleDecisionLater, "date the command on the day of the decision or later",
			"%s decided on %s; the command takes effect before that, on %s", d.Body, d.Date, m.effective)
	}
	return nil
}

// complete refuses a decision that does not say who decided, when, and in which paper, or votes and conflicts that say nothing.
func (d Decision) complete() error {
	if d.Body == "" || d.Date == "" || d.Paper == "" {
		return refuse(RuleDecisionMissing, "give the deciding body, the date and the paper", "the decision lacks its body, date or paper")
	}
	if d.For < 0 || d.Against < 0 || d.Against > 0 && d.For <= d.Against {
		return refuse(RuleDecisionMissing, "correct the votes, or leave them out", "%d votes for and %d against decide nothing", d.For, d.Against)
	}
	for _, c := range d.Conflicts {
		if c.Who == "" || c.Interest == "" || c.Outcome == "" {
			return refuse(RuleDecisionMissing, "say who (the role), which interest, and the outcome", "a conflict of interest that was noted lacks one of them")
		}
	}
	return nil
}

func (c AllocateFund) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.fundFor(c.Fund, m)
	if err != nil {
		return nil, err
	}
	if err := c.Decision.check(m); err != nil {
		return nil, err
	}
	lines, warnings, err := l.resolve(f, c.Lines, m.effective, lineRule{})
	if err != nil {
		return nil, err
	}
	left, asked := m.free(f, unallocated(f.service())), sumLines(lines)
	if asked > left {
		return nil, refuse(RuleOverAllocation, "allocate less, or confirm more funding first", "fund %s has %s left to allocate%s; %s was asked",
			f.Fund, left, l.tillOf(f, m).since(unallocated(f.service())), asked).figure("left to allocate", left).figure("asked", asked)
	}
	e := FundAllocated{Fund: c.Fund, Decision: c.Decision, Warnings: warnings}
	for _, line := range lines {
		e.Lines = append(e.Lines, AllocationLine{line.Bucket, line.Pence, line.Shared})
	}
	return e, nil
}

func (c MoveAllocation) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.fundFor(c.Fund, m)
	if err != nil {
		return nil, err
	}
	if err := c.Decision.check(m); err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"the project manager starts later"`); err != nil {
		return nil, err
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	e, t, changed := AllocationMoved(c), l.tillOf(f, m), false
	e.Lines = nil
	for i, line := range c.Lines {
		moved, err := l.move(t, line, m)
		if err != nil {
			return nil, onLine(i, err)
		}
		e.Lines = append(e.Lines, moved)
		changed = changed || moved.From != moved.To
	}
	if !changed {
		return nil, ErrUnchanged
	}
	return e, nil
}

// move takes one line's pence out of exactly the bucket it names.
func (l *Ledger) move(t *till, line MoveLine, m moment) (MoveLine, error) {
	if err := checkAmount(line.Pence, "the amount"); err != nil {
		return line, err
	}
	if line.From.For == "" {
		line.From.For = t.fund.service()
	}
	to, err := l.resolveBucket(t.fund, line.To, m.effective, lineRule{})
	if err != nil {
		return line, err
	}
	line.To = to
	from := at(Allocated, line.From)
	if left := t.left(from); line.Pence > left {
		return line, refuse(RuleMoveOver, "move less, or name another allocation: pcnledger show balances",
			"%s is allocated%s and not released%s; %s was asked", max(left, 0), toPayee(from.bucket), t.since(from), line.Pence).
			figure("allocated", left).figure("asked", line.Pence)
	}
	t.taken[from] += line.Pence
	t.taken[at(Allocated, to)] -= line.Pence
	return line, nil
}
