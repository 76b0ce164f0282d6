package reports

import (
	"fmt"
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

	body func(*projections.Views, Options) body
}

// Takes says by what a report can be narrowed.
type Takes struct{ Fund, Payee, Network, OpenOnly bool }

// Options are what a report is to show. The zero Options ask for everything.
type Options struct {
	Fund     domain.FundCode // only this fund
	Payee    domain.Body     // only what is paid to it
	Network  domain.Body     // only what is for its benefit
	OpenOnly bool            // only items that are still to be paid or received
	Version  string          // of the program, for the heading
}

// A body is what a definition adds to the heading.
type body struct {
	tables  []Table
	notes   []string
	closing []string
}

// Reports lists every report, the returns first.
func Reports() []Definition {
	return []Definition{
		transformation, trialBalance, funds, items, networks, maturity, balances, journal, lists, bodies,
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
	b := d.body(v, o)
	r := Report{Name: d.Name, Title: d.Title, Heading: headingOf(v, o, d.Takes), Tables: b.tables, Closing: b.closing}
	r.Heading.Notes = b.notes
	return r, nil
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
	} {
		if option.asked && !option.taken {
			return &SelectionError{fmt.Sprintf("%s cannot be narrowed by %s", d.Name, option.name), "leave it out; " + d.Takes.String()}
		}
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
	}{{"fund", t.Fund}, {"payee", t.Payee}, {"network", t.Network}, {"open items", t.OpenOnly}} {
		if option.taken {
			names = append(names, option.name)
		}
	}
	if len(names) == 0 {
		return "it always shows everything"
	}
	return "it can be narrowed by " + strings.Join(names, ", ")
}

func unknown(asked string, known []string) error {
	remedy := "choose one of: " + strings.Join(known, ", ")
	if len(known) == 0 {
		remedy = "nothing of that kind is recorded yet"
	}
	return &SelectionError{"this ledger has no " + asked, remedy}
}

func fundNames(v *projections.Views) []string {
	var names []string
	for _, f := range v.Funds.All() {
		names = append(names, string(f.Fund))
	}
	return names
}

// payeesOf returns everyone for whom money was set aside or who was paid, by code.
func payeesOf(v *projections.Views) []domain.Body {
	var payees []domain.Body
	for _, row := range v.Purposes.All() {
		if row.Payee != "" {
			payees = append(payees, row.Payee)
		}
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
