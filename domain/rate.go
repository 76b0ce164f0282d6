package domain

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"
)

// A RateCode names a rate of a year's card: CORE_PCN.
type RateCode string

// A RateKind says what a rate is for.
type RateKind string

// The kinds of rate.
const (
	RateEntitlement    RateKind = "entitlement"     // £ a unit for the rate's period, raised by RunEntitlement
	RateReimbursedRole RateKind = "reimbursed-role" // £ a whole-time post a year, at most, and the part of its cost that is reimbursed
	RateSupplierFee    RateKind = "supplier-fee"    // £ a whole-time post a year, at most, of a supplier's fee, inside the role's maximum
	RateNetworkSum     RateKind = "network-sum"     // the most that one network can be reimbursed for roles
	RateOnCost         RateKind = "on-cost"         // what the maxima of roles were derived with
	RatePublishedTotal RateKind = "published-total" // a sum of money as published, to check by; nothing is run on it
)

// A Unit says what a rate's amount is paid for.
type Unit string

// The units. Amounts are pounds for one unit, for the rate's whole period.
const (
	UnitPatient Unit = "patient" // on the rate's population
	UnitBed     Unit = "bed"     // and those that follow: on the rate's measure
	UnitPoint   Unit = "point"   //
	UnitSession Unit = "session" //
	UnitWTE     Unit = "WTE"     // a whole-time post
	UnitNetwork Unit = "network" // the amount itself
	UnitRoles   Unit = "roles"   // computed from the maxima of the adopted roles; the amount is what was printed
	UnitPercent Unit = "percent" // the amount is a percentage
	UnitTotal   Unit = "total"   // the amount is a published total
)

// A CostArea is where in London a post is, if its maximum is higher there.
type CostArea string

// The areas of the high cost area supplements.
const (
	AreaOuter  CostArea = "outer"
	AreaInner  CostArea = "inner"
	AreaLondon CostArea = "london" // all of it, where one maximum holds for all
)

// UnmarshalText refuses anything but outer, inner and london.
func (a *CostArea) UnmarshalText(text []byte) error {
	switch area := CostArea(text); area {
	case "", AreaOuter, AreaInner, AreaLondon:
		*a = area
		return nil
	}
	return fmt.Errorf("%q is no area of the London supplements: outer, inner or london", text)
}

// A RateUse says what a line of a card is beside what a rate was first published as.
type RateUse string

// The uses. Blank is a rate as first published.
const (
	UseRevision RateUse = "revision" // replaces what was published first (ReviseRate)
	UseWrong    RateUse = "wrong"    // known to be wrong: kept so that nobody pays on it, and never adopted
)

// A Standing says how sure a rate is.
type Standing string

// The standings, the surest first.
const (
	StandingPrimary    Standing = "primary"    // read in a primary text
	StandingSecondary  Standing = "secondary"  // read in the trade press or in public code that quotes the text
	StandingInferred   Standing = "inferred"   // calculated from other figures
	StandingUnverified Standing = "unverified" // found in no text
	StandingConflict   Standing = "conflict"   // sources disagree
)

// payable says that a rate may be adopted on its card's own source.
func (s Standing) payable() bool { return s == StandingPrimary || s == StandingSecondary }

// words says what a standing means.
func (s Standing) words() string {
	switch s {
	case StandingInferred:
		return "calculated from other figures"
	case StandingUnverified:
		return "found in no text"
	case StandingConflict:
		return "sources disagree"
	}
	return "read in a text"
}

// A RatePayee says who is paid at a rate.
type RatePayee string

// The payees of rates.
const (
	PayNominated RatePayee = "nominated" // the network's nominated payee
	PayPractice  RatePayee = "practice"  // each member practice, on its own list
)

// A MembershipRule says which practices' patients count for a network in a month. No clause of the Network Contract on
// practices that join or leave within a year was found (MONEY.md, 1.3): each rule is an assumption that the card names.
type MembershipRule string

// The membership rules.
const (
	MembersOnFirst     MembershipRule = "month"     // those in the network on the 1st of the month
	MembersByDay       MembershipRule = "day"       // each for its days in the network out of the month's
	MembersAtReference MembershipRule = "reference" // those in the network on the reference date, for the whole period
)

// Assumption says in words what a membership rule assumes.
func (m MembershipRule) Assumption() string {
	switch m {
	case MembersByDay:
		return "a practice counts for its days in the network; no clause of the contract about joining and leaving was found, so this is an assumption"
	case MembersAtReference:
		return "the practices of the reference date count for the whole period; no clause of the contract about joining and leaving was found, so this is an assumption"
	}
	return "a practice counts for the network that it is in on the 1st of the month; no clause of the contract about joining and leaving was found, so this is an assumption"
}

// A Payment says how a rate's annual amount becomes due.
type Payment string

// The payments.
const (
	PayMonthly Payment = "monthly" // in equal instalments, one for each month of the period
	PayOnce    Payment = "once"    // the whole amount in the first month in which there is one, and later what it changes
)

// A Rounding says to what an amount that a rate comes to is rounded, half away from zero, once.
type Rounding string

// The roundings. No clause on rounding was found: amounts are rounded to the penny.
const (
	RoundPenny Rounding = "penny"
	RoundPound Rounding = "pound" // as maxima and sums are printed
)

// A Measure is what other than patients is counted for a rate: care home beds.
type Measure string

// A Rate is one line of a year's rate card.
type Rate struct {
	Rate        RateCode       `json:"rate"`
	Year        Year           `json:"year,omitzero"`
	Area        CostArea       `json:"area,omitzero"`    // of a role's maximum
	Edition     string         `json:"edition,omitzero"` // which of several printings; blank for the first, if there is no quarrel
	Use         RateUse        `json:"use,omitzero"`
	Title       string         `json:"title"`
	Kind        RateKind       `json:"kind"`
	Unit        Unit           `json:"unit"`
	Amount      string         `json:"amount,omitzero"`     // in pounds (or per cent), exact; blank where none was found
	Percent     string         `json:"percent,omitzero"`    // of a role's cost that is reimbursed
	Population  Population     `json:"population,omitzero"` // which list it is paid on
	Measure     Measure        `json:"measure,omitzero"`    // and which count: with a population, the share of the whole
	Reference   Date           `json:"reference,omitzero"`  // whose list: that of this day, else that of the month
	Membership  MembershipRule `json:"membership,omitzero"` // whose patients: [MembersOnFirst] if blank
	From        Date           `json:"from,omitzero"`       // its period: the amount is for all of it
	To          Date           `json:"to,omitzero"`         // inclusive
	Instalments Payment        `json:"instalments,omitzero"`
	First       Service        `json:"first,omitzero"` // the month of its first payment
	Payee       RatePayee      `json:"payee,omitzero"`
	Category    Category       `json:"category,omitzero"`   // what it is for, as funds permit it
	Sum         RateCode       `json:"sum,omitzero"`        // of a role: the network's sum that it is paid out of
	FullTime    string         `json:"fulltime,omitzero"`   // of a role: hours a week of a whole-time post, or "9 sessions"
	Limit       string         `json:"limit,omitzero"`      // of a role: whole-time posts that a network may have; none = no limit
	LargeLimit  string         `json:"largelimit,omitzero"` // the same for a network of 100,000 patients or more
	Shared      bool           `json:"shared,omitzero"`     // of a sum: what a network leaves unclaimed may be given to others
	Minutes     string         `json:"minutes,omitzero"`    // of access hours: minutes a week for 1,000 patients
	Rounding    Rounding       `json:"rounding,omitzero"`
	Of          string         `json:"of,omitzero"` // codes of which it is the total; their split is to be given
	Source      string         `json:"source,omitzero"`
	Standing    Standing       `json:"standing"`
	Note        string         `json:"note,omitzero"`
	Document    Source         `json:"document,omitzero"` // what an officer relied on for a rate that is less than secondary
}

// Months returns the months of the rate's period, in order.
func (r Rate) Months() []Service {
	var months []Service
	for _, month := range r.Year.Months() {
		if first := month.First(); first >= r.From && first <= r.To {
			months = append(months, month)
		}
	}
	return months
}

// InPeriod returns the most that a whole-time post is reimbursed over all months in which its maximum runs.
func (r Rate) InPeriod() Pence { return poundsToPence(r.inPeriod()) }

// inPeriod is as many twelfths of a year's pounds as the rate has months.
func (r Rate) inPeriod() *big.Rat {
	pounds, _ := new(big.Rat).SetString(r.Amount)
	return pounds.Mul(pounds, big.NewRat(int64(len(r.Months())), 12))
}

// poundsToPence rounds half away from zero.
func poundsToPence(pounds *big.Rat) Pence {
	return roundRat(new(big.Rat).Mul(pounds, big.NewRat(100, 1)))
}

// amount is the rate in pounds.
func (r Rate) amount() decimal.Decimal { return mustDecimal(r.Amount) }

func mustDecimal(text string) decimal.Decimal {
	d, err := decimal.NewFromString(text)
	if err != nil {
		panic("a recorded rate that is no number: " + text)
	}
	return d
}
