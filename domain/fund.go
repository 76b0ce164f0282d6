package domain

import (
	"fmt"
	"regexp"
)

// A FundCode names a fund: NR-PCN-2018. A fund belongs to one financial year.
type FundCode string

var fundForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,31}$`)

// UnmarshalText refuses a code that is not capital letters, digits and hyphens.
func (c *FundCode) UnmarshalText(text []byte) error {
	if !fundForm.Match(text) {
		return fmt.Errorf("%q is no fund code: use capital letters, digits and hyphens, such as NR-PCN-2018", text)
	}
	*c = FundCode(text)
	return nil
}

// A Category is what money is for, in the fund's own words: "organisational development". Reports head it purpose.
type Category string

// Cover says whether money of a fund may be charged beyond what was set aside.
type Cover string

// Basis says when a fund pays: before the work, as an advance, or after it, on evidence.
type Basis string

// The values of Cover and Basis.
const (
	CoverHard     Cover = "hard"     // beyond what is set aside nothing is charged
	CoverWarn     Cover = "warn"     // what is due is charged all the same, with a warning: the overspend
	BasisAdvance  Basis = "advance"  // money is released first, its spending reported later
	BasisEvidence Basis = "evidence" // money is paid on evidence of what was spent
)

// UnmarshalText refuses anything but hard and warn.
func (c *Cover) UnmarshalText(text []byte) error {
	if *c = Cover(text); *c != CoverHard && *c != CoverWarn {
		return fmt.Errorf("cover %q: write hard or warn", text)
	}
	return nil
}

// UnmarshalText refuses anything but advance and evidence.
func (b *Basis) UnmarshalText(text []byte) error {
	if *b = Basis(text); *b != BasisAdvance && *b != BasisEvidence {
		return fmt.Errorf("basis %q: write advance or evidence", text)
	}
	return nil
}

// A Coding is where a fund stands in the commissioner's general ledger.
type Coding struct {
	CostCentre string `json:"costcentre,omitzero"`
	Subjective string `json:"subjective,omitzero"`
	Analysis1  string `json:"analysis1,omitzero"`
	Analysis2  string `json:"analysis2,omitzero"`
}

// Terms are what a fund may be used for, from its opening to its close.
type Terms struct {
	Fund         FundCode   `json:"fund"`
	Title        string     `json:"title"`
	Year         Year       `json:"year"`
	From         Date       `json:"from,omitzero"` // first day of service and spend; 1 April if not given
	To           Date       `json:"to,omitzero"`   // last day, inclusive; 31 March if not given
	Recurrent    bool       `json:"recurrent"`
	Cover        Cover      `json:"cover"`
	Basis        Basis      `json:"basis"`
	Categories   []Category `json:"categories"` // the permitted ones
	CarryForward bool       `json:"carryforward"`
	Coding       Coding     `json:"coding,omitzero"`
	Source       Source     `json:"source"`
}

// OpenFund asks that a fund be opened on these terms.
type OpenFund struct{ Terms }

// FundOpened says on which terms a fund was opened. It holds no money until funding is confirmed.
type FundOpened struct{ Terms }

// ConfirmFunding asks to record that funding for a fund is confirmed: all of it, or a tranche.
type ConfirmFunding struct {
	Fund   FundCode `json:"fund"`
	Pence  Pence    `json:"pence"`
	Title  string   `json:"title"`  // "first tranche"
	Source Source   `json:"source"` // the letter or paper that confirms it
}

// FundingConfirmed says that a fund's limit rose.
type FundingConfirmed struct {
	Fund   FundCode `json:"fund"`
	For    Service  `json:"for"`
	Pence  Pence    `json:"pence"`
	Title  string   `json:"title"`
	Source Source   `json:"source"`
}

// CloseFund asks that a fund be closed: its unspent advances called back, the rest lapsed.
type CloseFund struct {
	Fund   FundCode `json:"fund"`
	Reason string   `json:"reason"`
	Due    Date     `json:"due,omitzero"` // when the advances are to be back; 30 days if not given
}

// FundClosed is the last entry of a fund's year: the advances called back, then all that was not charged, lapsed.
type FundClosed struct {
	Fund       FundCode       `json:"fund"`
	Reason     string         `json:"reason"`
	CalledBack []CallBackLine `json:"calledback,omitzero"`
	Lapsed     []Draw         `json:"lapsed,omitzero"`
	Overspent  []Draw         `json:"overspent,omitzero"` // buckets below zero, made up from lapsed
	Warnings   []string       `json:"warnings,omitzero"`
}

// service is the fund's whole year.
func (t Terms) service() Service { return Service(t.Year) }

func (c OpenFund) decide(l *Ledger, _ moment) (Event, error) {
	if _, exists := l.funds[c.Fund]; exists {
		return nil, refuse(RuleFundExists, "use it as it is, or give the new fund another code", "there is a fund %s already", c.Fund)
	}
	if err := checkText(string(c.Fund), "the fund's code", "NR-PCN-2018"); err != nil {
		return nil, err
	}
	if err := checkText(c.Title, "the fund's title", `"Network development"`); err != nil {
		return nil, err
	}
	if err := checkText(c.Source.Title, "the source's title", `"allocation letter of 1 November 2018"`); err != nil {
		return nil, err
	}
	terms, err := c.Terms.filled()
	if err != nil {
		return nil, err
	}
	return FundOpened{terms}, nil
}

// filled returns the terms with their dates, or refuses what does not hang together.
func (t Terms) filled() (Terms, error) {
	if t.Year == "" || t.Cover == "" || t.Basis == "" || len(t.Categories) == 0 {
		return t, refuse(RuleFundTerms, `give year ("2018-19"), cover (hard or warn), basis (advance or evidence) and categories`,
			"fund %s lacks its year, cover, basis or categories", t.Fund)
	}
	if t.From == "" {
		t.From = t.Year.First()
	}
	if t.To == "" {
		t.To = t.Year.Last()
	}
	if t.From > t.To || t.From < t.Year.First() || t.To > t.Year.Last() {
		return t, refuse(RuleFundTerms, "give days of the fund's own year, the first before the last; open another fund for another year",
			"fund %s runs from %s to %s; its year %s runs from %s to %s", t.Fund, t.From, t.To, t.Year, t.Year.First(), t.Year.Last())
	}
	seen := map[Category]bool{}
	for _, c := range t.Categories {
		if c == "" || seen[c] {
			return t, refuse(RuleFundTerms, "name each category once, and none blank", "fund %s has the category %q twice or without a name", t.Fund, string(c))
		}
		seen[c] = true
	}
	return t, nil
}

func (l *Ledger) openFund(e FundOpened) {
	if l.funds == nil {
		l.funds = map[FundCode]*fundState{}
	}
	l.funds[e.Fund] = &fundState{Terms: e.Terms, balances: map[side]Pence{}}
}

// fund returns a fund, or refuses a code that none has.
func (l *Ledger) fund(code FundCode) (*fundState, error) {
	f, ok := l.funds[code]
	if !ok {
		return nil, refuse(RuleFundUnknown, "open it first with OpenFund, or look for its code: pcnledger show funds",
			"there is no fund %q", string(code))
	}
	return f, nil
}

// fundFor returns a fund that a command may use: one that is not closed, on a day within its dates.
func (l *Ledger) fundFor(code FundCode, m moment) (*fundState, error) {
	f, err := l.openedFund(code)
	if err != nil {
		return nil, err
	}
	return f, f.checkDay(m.effective)
}

// openedFund returns a fund that is not closed.
func (l *Ledger) openedFund(code FundCode) (*fundState, error) {
	f, err := l.fund(code)
	if err != nil {
		return nil, err
	}
	if f.closed != "" {
		return nil, refuse(RuleFundClosed, "use a fund of the current year; what payees still owe to this one is received with RecordReceipt", "fund %s was closed on %s and what was left has lapsed",
			code, f.closed)
	}
	return f, nil
}

// checkDay refuses a day outside the fund's dates.
func (t Terms) checkDay(d Date) error {
	if t.From <= d && d <= t.To {
		return nil
	}
	return refuse(RuleFundDates, "use the fund of that year, or correct the effective date", "%s is outside fund %s, which runs from %s to %s",
		d, t.Fund, t.From, t.To)
}

// checkService refuses a time of service outside the fund's dates.
func (t Terms) checkService(s Service) error {
	if s == "" || (s.Year() == t.Year && s.First() <= t.To && s.Last() >= t.From) {
		return nil
	}
	return refuse(RuleServiceOutside, "use the fund of that year, or correct for", "service %s is outside fund %s, which runs from %s to %s",
		s, t.Fund, t.From, t.To)
}

// checkCategory refuses a category that the fund does not permit, or none where one is needed.
func (t Terms) checkCategory(c Category, needed bool) error {
	if c == "" && !needed {
		return nil
	}
	names := ""
	for i, permitted := range t.Categories {
		if c == permitted {
			return nil
		}
		if i > 0 {
			names += ", "
		}
		names += string(permitted)
	}
	if c == "" {
		return refuse(RuleCategory, "choose one of: "+names, "the category is missing; fund %s needs to know what the money was spent on", t.Fund)
	}
	return refuse(RuleCategory, "choose one of: "+names, "%q is no category of fund %s", string(c), t.Fund)
}

func (c ConfirmFunding) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.openedFund(c.Fund)
	if err != nil {
		return nil, err
	}
	if err := checkAmount(c.Pence, "the funding"); err != nil {
		return nil, err
	}
	if err := checkText(c.Title, "the title of what is confirmed", `"first tranche"`); err != nil {
		return nil, err
	}
	if err := checkText(c.Source.Title, "the source's title", `"allocation letter of 1 November 2018"`); err != nil {
		return nil, err
	}
	if m.effective > f.To {
		return nil, f.checkDay(m.effective)
	}
	return FundingConfirmed{c.Fund, f.service(), c.Pence, c.Title, c.Source}, nil
}

func (c CloseFund) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.openedFund(c.Fund)
	if err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"end of the financial year"`); err != nil {
		return nil, err
	}
	if m.effective < f.To {
		return nil, refuse(RuleFundNotEnded, "close it on "+f.To.String()+" or later",
			"fund %s runs until %s; %s is before its end", f.Fund, f.To, m.effective)
	}
	if unpaid, first := l.unpaidReleases(f); unpaid > 0 {
		return nil, refuse(RuleFundUnpaid, "record the payments first (SettlePayment): pcnledger show items --open",
			"%s that fund %s released is still to be paid or in transit, item %s the first", unpaid, f.Fund, first).figure("to be paid", unpaid)
	}
	if number, pence := l.waitingFor(f, m); number != 0 {
		return nil, refuse(RuleFundRequests, "have it approved, refused or withdrawn first: pcnledger show approvals",
			"request %d waits for %s of fund %s, which would lapse", number, pence, f.Fund).figure("waited for", pence)
	}
	e := FundClosed{Fund: c.Fund, Reason: c.Reason, CalledBack: f.callAllBack(dueBy(c.Due, m))}
	e.Lapsed, e.Overspent = f.lapse(e.CalledBack)
	if m.effective > f.To {
		e.Warnings = []string{fmt.Sprintf("fund %s ended on %s and is closed with effect from %s, in period %s: its last day (effective) would have closed it in its own year",
			f.Fund, f.To, m.effective, m.period)}
	}
	return e, nil
}

// RuleFundRequests keeps money that a request waits for from lapsing.
const RuleFundRequests Rule = "fund-requests-wait"

// waitingFor returns the first request that waits for money of a fund, and for how much.
func (l *Ledger) waitingFor(f *fundState, m moment) (number int64, pence Pence) {
	for _, n := range l.waiting {
		r := l.requests[n]
		if n == m.approving || !r.waits(m.today()) {
			continue
		}
		for _, t := range r.takes {
			if t.Fund == f.Fund {
				pence += t.Pence
			}
		}
		if pence > 0 {
			return n, pence
		}
	}
	return 0, 0
}

// unpaidReleases adds up the payables of a fund that release advances, what is in transit among them, and names the first.
func (l *Ledger) unpaidReleases(f *fundState) (unpaid Pence, first ItemID) {
	for _, id := range f.items {
		if item := l.items[id]; item.Account == Payables && item.Advance && item.left()+item.inTransit() > 0 {
			unpaid += item.left() + item.inTransit()
			if first == "" {
				first = id
			}
		}
	}
	return unpaid, first
}

// callAllBack calls back every advance that stands, one line for each payee and beneficiary.
func (f *fundState) callAllBack(due Date) []CallBackLine {
	var lines []CallBackLine
	for _, s := range f.standing(Released) {
		b, pence := s.bucket, f.balances[s]
		if n := len(lines); n == 0 || lines[n-1].Payee != b.Payee || lines[n-1].Beneficiary != b.Beneficiary {
			lines = append(lines, CallBackLine{Payee: b.Payee, Beneficiary: b.Beneficiary, Due: due})
		}
		line := &lines[len(lines)-1]
		line.Pence += pence
		line.Draws = append(line.Draws, Draw{Account: Released, Bucket: b, Pence: pence})
	}
	return lines
}

// lapse lists what lapses once the advances are called back, and the buckets below zero that it makes up for.
func (f *fundState) lapse(calledBack []CallBackLine) (lapsed, overspent []Draw) {
	after := fundState{balances: map[side]Pence{}}
	for s, pence := range f.balances {
		after.add(s, pence)
	}
	for _, line := range calledBack {
		for _, d := range line.Draws {
			after.add(at(Allocated, d.Bucket), d.Pence)
		}
	}
	for _, account := range []Account{Unallocated, Allocated} {
		for _, s := range after.standing(account) {
			if pence := after.balances[s]; pence > 0 {
				lapsed = append(lapsed, Draw{Account: account, Bucket: s.bucket, Pence: pence})
			} else {
				overspent = append(overspent, Draw{Account: account, Bucket: s.bucket, Pence: -pence})
			}
		}
	}
	return lapsed, overspent
}
