package reports

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A Definition is a report that can be built.
type Definition struct {
	Name  string // as a command line names it
	Title string
	Line  string // what it shows, in one line
	Takes Takes

	basis domain.Basis // of the funds it shows where none is named; blank shows every fund
	body  func(*projections.Views, Options) body
}

// Takes says by what a report can be narrowed.
type Takes struct {
	Fund, Payee, Network, OpenOnly, Period, Year bool

	PayeeOrNetwork bool // it has to be: it is of a payee, or of a network
}

// Options are what a report is to show. The zero Options ask for everything.
type Options struct {
	Fund     domain.FundCode // only this fund
	Payee    domain.Body     // only what is paid to it
	Network  domain.Body     // only what is for its benefit
	OpenOnly bool            // only items that are still to be paid or received
	Period   domain.Period   // balances: up to and including this period, 2019-20/M07; the journal: what was posted in it
	Year     domain.Year     // only rates of this year, 2021-22, and what was raised and claimed by them
	AsAt     domain.Date     // the day that was asked for, if one was; blank for that of the last event
	Version  string          // of the program, for the heading
	Proof    Proof           // of the log that the views are folded from, for the heading

	basis domain.Basis // only funds that pay so; set from the definition
}

// dayOf is the day that a report is of: on which appointments hold and requests wait. It is the date that was asked for, of
// the money or of what the ledger knew, or else the date of the last event; never today's, which would be a clock.
func (o Options) dayOf(v *projections.Views) domain.Date {
	switch {
	case v.Effective() != "":
		return v.Effective()
	case o.AsAt != "":
		return o.AsAt
	}
	return v.Ledger.Date()
}

func (o Options) dayWords(v *projections.Views) string {
	if day := o.dayOf(v); day != "" {
		return day.String()
	}
	return "the day of the last event"
}

// A body is what a definition adds to the heading.
type body struct {
	tables  []Table
	notes   []string
	closing []string

	through, only domain.Period // what its figures are of: periods up to and including one, or one alone; both blank for all
}

// Reports lists every report, the returns first.
func Reports() []Definition {
	return []Definition{
		transformation, finance, arrs, statement, trialBalance, funds, items, networks, entitlements, adjustments, claims, roles, rates, quantities, maturity,
		approvals, officers, interests, periods, paymentRuns, promptPayment, spends, losses, corrections,
		balances, journal, lists, bodies, keys,
	}
}

// Named returns the report of that name, or an error that lists the names there are.
func Named(name string) (Definition, error) {
	var names []string
	for _, d := range Reports() {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return Definition{}, fmt.Errorf("there is no report %q; choose one of: %s", name, strings.Join(names, ", "))
}

// Build makes the report from views. It returns a [*SelectionError] for options that it cannot take, or that name what
// the ledger does not have.
func (d Definition) Build(v *projections.Views, o Options) (Report, error) {
	if err := d.check(v, o); err != nil {
		return Report{}, err
	}
	if o.Fund == "" {
		o.basis = d.basis
	}
	b := d.body(v, o)
	r := Report{Name: d.Name, Title: d.Title, Heading: headingOf(v, o, d.Takes), Tables: b.tables, Closing: b.closing}
	r.Heading.Notes, r.Heading.Through, r.Heading.Period = b.notes, b.through, b.only
	return r, nil
}

// Selections returns options that together show all that the report has: one for each network where it is of a payee or a
// network, otherwise the zero Options alone.
func (d Definition) Selections(v *projections.Views) []Options {
	if !d.Takes.PayeeOrNetwork {
		return []Options{{}}
	}
	var all []Options
	for _, network := range networksOf(v) {
		all = append(all, Options{Network: network})
	}
	return all
}

// A SelectionError reports a selection that a report cannot make.
type SelectionError struct {
	Reason string
	Remedy string
}

// Error returns the reason and the remedy in one line.
func (e *SelectionError) Error() string { return e.Reason + "; " + e.Remedy }

func (d Definition) check(v *projections.Views, o Options) error {
	for _, option := range []struct {
		name         string
		asked, taken bool
	}{
		{"fund", o.Fund != "", d.Takes.Fund},
		{"payee", o.Payee != "", d.Takes.Payee},
		{"network", o.Network != "", d.Takes.Network},
		{"open items", o.OpenOnly, d.Takes.OpenOnly},
		{"period", o.Period != "", d.Takes.Period},
		{"year", o.Year != "", d.Takes.Year},
	} {
		if option.asked && !option.taken {
			return &SelectionError{fmt.Sprintf("%s cannot be narrowed by %s", d.Name, option.name), "leave it out; " + d.Takes.String()}
		}
	}
	if d.Takes.PayeeOrNetwork && o.Payee == "" && o.Network == "" {
		return unsaid(d, v)
	}
	if o.Period != "" && !periodForm.MatchString(string(o.Period)) {
		return &SelectionError{fmt.Sprintf("%q is no period", string(o.Period)), "write 2019-20/M07 for October 2019"}
	}
	if years := yearsOf(v); o.Year != "" && !slices.Contains(years, string(o.Year)) {
		return &SelectionError{fmt.Sprintf("there is no rate card of %q, and no adopted rate", string(o.Year)), "choose one of: " + listed(years)}
	}
	if _, known := v.Funds.Fund(o.Fund); o.Fund != "" && !known {
		return unknown("fund "+string(o.Fund), fundNames(v))
	}
	if payees := payeesOf(v); o.Payee != "" && !slices.Contains(payees, o.Payee) {
		return unknown("payee "+o.Payee.Bare(), names(v, payees))
	}
	if beneficiaries := networksOf(v); o.Network != "" && !slices.Contains(beneficiaries, o.Network) {
		return unknown("network "+o.Network.Bare(), names(v, beneficiaries))
	}
	return nil
}

// String says in words by what a report can be narrowed.
func (t Takes) String() string {
	var names []string
	for _, option := range []struct {
		name  string
		taken bool
	}{{"fund", t.Fund}, {"payee", t.Payee}, {"network", t.Network}, {"open items", t.OpenOnly}, {"period", t.Period}, {"year", t.Year}} {
		if option.taken {
			names = append(names, option.name)
		}
	}
	if len(names) == 0 {
		return "it always shows everything"
	}
	return "it can be narrowed by " + strings.Join(names, ", ")
}

var periodForm = regexp.MustCompile(`^\d{4}-\d\d/M(0[1-9]|1[0-3])$`)

// unsaid is what is asked of someone who names neither payee nor network: whom there is.
func unsaid(d Definition, v *projections.Views) error {
	payees, networks := names(v, payeesOf(v)), names(v, networksOf(v))
	remedy := "nobody to be paid and no network is recorded yet"
	if len(payees)+len(networks) > 0 {
		remedy = "name a payee (" + listed(payees) + ") or a network (" + listed(networks) + ")"
	}
	return &SelectionError{d.Name + " is of one payee or one network", remedy}
}

func unknown(asked string, known []string) error {
	remedy := "choose one of: " + listed(known)
	if len(known) == 0 {
		remedy = "nothing of that kind is recorded yet"
	}
	return &SelectionError{"this ledger has no " + asked, remedy}
}

// mostListed is how many names a sentence can carry.
const mostListed = 12

func listed(names []string) string {
	if len(names) == 0 {
		return "none yet"
	}
	if more := len(names) - mostListed; more > 0 {
		return fmt.Sprintf("%s and %d more: pcnledger show bodies", strings.Join(names[:mostListed], ", "), more)
	}
	return strings.Join(names, ", ")
}

func fundNames(v *projections.Views) []string {
	var names []string
	for _, f := range v.Funds.All() {
		names = append(names, string(f.Fund))
	}
	return names
}

// payeesOf returns everyone for whom money was set aside, who was paid or who is nominated to be, by code.
func payeesOf(v *projections.Views) []domain.Body {
	var payees []domain.Body
	for _, row := range v.Purposes.All() {
		if row.Payee != "" {
			payees = append(payees, row.Payee)
		}
	}
	for _, n := range v.Registry.Nominations() {
		payees = append(payees, n.Payee)
	}
	slices.Sort(payees)
	return slices.Compact(payees)
}

// networksOf returns every network and area, by code.
func networksOf(v *projections.Views) []domain.Body {
	var networks []domain.Body
	for _, b := range v.Registry.Bodies() {
		if b.Kind == domain.KindNetwork || b.Kind == domain.KindArea {
			networks = append(networks, b.Code)
		}
	}
	return networks
}

func names(v *projections.Views, codes []domain.Body) []string {
	var names []string
	for _, code := range codes {
		names = append(names, organisationOf(v, code).String())
	}
	return names
}
