package projections

import (
	"cmp"
	"math"
	"slices"

	"pcnledger/domain"
)

// Entitlements says what became due at each rate, on a list, a quantity or for the network itself, month by month. It keeps
// what was raised and recovered, in the order of the log, and adds it up for an entitlement when that is asked for.
type Entitlements struct {
	book        *book
	keys        table[entitlementKey, int32] // of each entitlement, the number of its payment, from 1
	payments    payments
	raisings    column[raising]
	parts       column[raisedPart]
	recoveries  column[raisedLess]
	footings    column[footing]
	gaps        []RunGap
	adjustments []Adjustment
	counted     []int32 // of each line of the run in hand, the number of its entitlement
}

// An EntitlementKey is what an entitlement is counted for. Practice is blank but for rates that are paid on a practice's
// own list.
type EntitlementKey struct {
	Year        domain.Year
	Rate        domain.RateCode
	Beneficiary domain.Body
	Practice    domain.Body
}

// An Entitlement is what became due to one network, or on one practice's list, at one rate. List, Patients, Quantity and
// Annual are those of its latest month, as the newest run or adjustment has it: what the list, or the quantity that was
// counted in an event, comes to for the rate's whole period, at the rate as it was adopted or revised by an event.
type Entitlement struct {
	EntitlementKey
	Payees   []domain.Body // in the order they were first paid
	Through  domain.Service
	By       int64 `json:",omitzero"` // number of the event that its rate was adopted, revised or overridden in
	List     int64
	Patients int64
	Quantity domain.Quantity `json:",omitzero"`
	Counted  int64           `json:",omitzero"`
	Annual   domain.Pence
	Months   []EntitlementMonth // in order
	Raised   []Raised           // in the order of recording; without what was reversed
	Numbers  []int64            // of its events, ascending: runs, recoveries and reversals of runs
}

// An EntitlementMonth is what was raised for one month, net of recoveries.
type EntitlementMonth struct {
	For     domain.Service
	Pence   domain.Pence
	Numbers []int64
}

// A Raised is what one run, or an adjustment, raised for one month, and what that stands on. InAll is what was raised, net of recoveries, for all months up to and
// including it, once it was.
type Raised struct {
	Number    int64
	Effective domain.Date
	Item      domain.ItemID
	Fund      domain.FundCode
	Payee     domain.Body
	Through   domain.Service
	domain.Footing
	Adjusted bool `json:",omitzero"`
	For      domain.Service
	Pence    domain.Pence
	InAll    domain.Pence
}

func newEntitlements(k *book) Entitlements { return Entitlements{book: k} }

func (e *Entitlements) apply(r *record) {
	switch event := r.Event.(type) {
	case domain.EntitlementRun:
		e.raiseLines(r, &event)
		e.noteGap(r, &event)
	case domain.EntitlementAdjusted:
		e.adjustments = append(e.adjustments, Adjustment{r.Number, r.Effective, event, 0})
		e.adjust(r, &event)
	case domain.RecoveryRaised:
		e.takeOff(r.Number, &event, nil)
	case domain.EntryReversed:
		e.noteReversal(r.Number, event.Entry)
		e.takeBack(r.Number, &event)
	}
}

// All returns every entitlement by year, rate, network and practice.
func (e *Entitlements) All() []Entitlement {
	all := make([]Entitlement, e.keys.len())
	for of := range all {
		key, text := e.keys.key(int32(of)), e.book.words.text
		all[of].EntitlementKey = EntitlementKey{
			domain.Year(text(key.year)), domain.RateCode(text(key.rate)), domain.Body(text(key.beneficiary)), domain.Body(text(key.practice)),
		}
	}
	less := int32(0)
	for at := range int32(e.raisings.len()) {
		r := e.raisings.at(at)
		less = e.recover(all, less, r.number)
		e.explain(&all[r.of], r)
	}
	e.recover(all, less, math.MaxInt64)
	for i := range all {
		all[i].Numbers = ascending(all[i].Numbers)
	}
	slices.SortFunc(all, func(a, b Entitlement) int { return a.compare(b.EntitlementKey) })
	return all
}

// ascending returns numbers in their order, each once.
func ascending(numbers []int64) []int64 {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// add adds pence to a month, which may be a new one.
func (e *Entitlement) add(number int64, month domain.Service, pence domain.Pence) {
	at, known := slices.BinarySearchFunc(e.Months, month, func(m EntitlementMonth, s domain.Service) int { return cmp.Compare(m.For, s) })
	if !known {
		e.Months = slices.Insert(e.Months, at, EntitlementMonth{For: month})
	}
	e.Months[at].Pence += pence
	e.Months[at].Numbers = append(e.Months[at].Numbers, number)
	if !slices.Contains(e.Numbers, number) {
		e.Numbers = append(e.Numbers, number)
	}
}

func (k EntitlementKey) compare(other EntitlementKey) int {
	return cmp.Or(cmp.Compare(k.Year, other.Year), cmp.Compare(k.Rate, other.Rate),
		cmp.Compare(k.Beneficiary, other.Beneficiary), cmp.Compare(k.Practice, other.Practice))
}

// Pence returns what was raised, net of recoveries.
func (e Entitlement) Pence() (sum domain.Pence) {
	for _, month := range e.Months {
		sum += month.Pence
	}
	return sum
}

// ToCome returns what the months of a rate's period bring that were not run yet, if the newest list and quantity stay: at the
// amount that is in force for each of them, and nothing for a practice that was last paid in another network.
func (e *Entitlements) ToCome(of Entitlement, rate Rate) domain.Pence {
	return e.toCome(of, rate, func(domain.Service) bool { return true })
}

// ToComeToMembers is what [Entitlements.ToCome] says, without the months in which a network that is paid on patients has no
// practices: those of a network that ended bring nothing.
func (e *Entitlements) ToComeToMembers(of Entitlement, rate Rate, sums *domain.Sums) domain.Pence {
	return e.toCome(of, rate, func(month domain.Service) bool {
		return rate.Population == "" || of.Practice != "" || sums.HasMembers(rate.Rate, of.Beneficiary, month)
	})
}

func (e *Entitlements) toCome(of Entitlement, rate Rate, counts func(domain.Service) bool) (sum domain.Pence) {
	months := rate.Months()
	if !e.isLast(of.EntitlementKey) || len(months) == 0 {
		return 0
	}
	annual, last := make([]domain.Pence, len(months)), rate.By(of.By).Amount
	for i := range annual {
		annual[i] = of.Annual
		if at := rate.On(months[i].First()); months[i] > of.Through && at.Amount != last {
			annual[i] = annualAt(&of, at)
		}
		if months[i] > of.Through && !counts(months[i]) {
			annual[i] = 0
		}
	}
	for i, own := range dueOf(rate.Rate, annual) {
		if months[i] > of.Through {
			sum += own
		}
	}
	return sum
}

// A RunGap is whom a run paid nothing for, and what it warned of.
type RunGap struct {
	Number    int64
	Effective domain.Date
	Fund      domain.FundCode
	Rate      domain.RateCode
	Year      domain.Year
	Through   domain.Service
	domain.Missing
	Warnings []string
	Reversed int64 // number of the event that took the run back; 0 if none did
}

// Gaps returns the runs that paid nothing for some, or warned, in the order of recording.
func (e *Entitlements) Gaps() []RunGap { return e.gaps }

func (e *Entitlements) noteGap(r *record, run *domain.EntitlementRun) {
	if len(run.Missing.Unlisted) > 0 || len(run.Missing.Unallocated) > 0 || len(run.Warnings) > 0 {
		e.gaps = append(e.gaps, RunGap{r.Number, r.Effective, run.Fund, run.Rate, run.Year, run.Through, run.Missing, run.Warnings, 0})
	}
}

// An Adjustment is what an adjustment brought for months that were raised before.
type Adjustment struct {
	Number    int64
	Effective domain.Date
	domain.EntitlementAdjusted
	Reversed int64 // number of the event that took it back; 0 if none did
}

// Item returns the item of a line, counted from 0.
func (a Adjustment) Item(line int) domain.ItemID { return itemKey{a.Number, int32(line + 1)}.id() }

// Adjustments returns every adjustment in the order of recording.
func (e *Entitlements) Adjustments() []Adjustment { return e.adjustments }

// noteReversal notes that a run or an adjustment was taken back.
func (e *Entitlements) noteReversal(number, entry int64) {
	for i := range e.gaps {
		if e.gaps[i].Number == entry {
			e.gaps[i].Reversed = number
		}
	}
	for i := range e.adjustments {
		if e.adjustments[i].Number == entry {
			e.adjustments[i].Reversed = number
		}
	}
}
