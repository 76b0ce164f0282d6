package projections

import (
	"cmp"
	"math"
	"slices"

	"pcnledger/domain"
)

// Entitlements says what became due at each rate per patient, month by month. It keeps what was raised and recovered, in
// the order of the log, and adds it up for an entitlement when that is asked for.
type Entitlements struct {
	book       *book
	keys       table[entitlementKey, int32] // of each entitlement, the number of its payment, from 1
	payments   payments
	raisings   column[raising]
	parts      column[raisedPart]
	recoveries column[raisedLess]
	counted    []int32 // of each line of the run in hand, the number of its entitlement
}

// An EntitlementKey is what an entitlement is counted for. Practice is blank but for rates that are paid on a practice's
// own list.
type EntitlementKey struct {
	Year        domain.Year
	Rate        domain.RateCode
	Beneficiary domain.Body
	Practice    domain.Body
}

// An Entitlement is what became due to one network, or on one practice's list, at one rate. List, Patients and Annual
// are those of the newest run: what the list comes to at the rate for the rate's whole period.
type Entitlement struct {
	EntitlementKey
	Payees   []domain.Body // in the order they were first paid
	Through  domain.Service
	List     int64
	Patients int64
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

// A Raised is what one run raised for one month. InAll is what was raised, net of recoveries, for all months up to and
// including it, once it was.
type Raised struct {
	Number    int64
	Effective domain.Date
	Item      domain.ItemID
	Fund      domain.FundCode
	Payee     domain.Body
	Through   domain.Service
	List      int64
	Patients  int64
	Annual    domain.Pence
	For       domain.Service
	Pence     domain.Pence
	InAll     domain.Pence
}

func newEntitlements(k *book) Entitlements { return Entitlements{book: k} }

func (e *Entitlements) apply(r *record) {
	switch event := r.Event.(type) {
	case domain.EntitlementRun:
		e.counted = e.counted[:0]
		for i := range event.Lines {
			e.counted = append(e.counted, e.count(&event, &event.Lines[i]))
		}
		for i, of := range e.counted {
			e.raise(r, &event, i, of)
		}
	case domain.RecoveryRaised:
		if of, known := e.raisedBy(keyOfItem(event.Item)); known {
			service := e.book.service(event.For)
			e.payment(of).add(e.book, service, -event.Pence)
			e.recoveries.add(raisedLess{r.Number, event.Pence, of, service})
		}
	case domain.EntryReversed:
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

// ToCome returns what the months of a rate's period bring that were not run yet, if the newest list stays: nothing for a
// practice that was last paid in another network.
func (e *Entitlements) ToCome(of Entitlement, rate Rate) (sum domain.Pence) {
	months := rate.Months()
	if !e.isLast(of.EntitlementKey) || len(months) == 0 {
		return 0
	}
	annual := make([]domain.Pence, len(months))
	for i := range annual {
		annual[i] = of.Annual
	}
	for i, own := range domain.Instalments(annual, len(months)) {
		if months[i] > of.Through {
			sum += own
		}
	}
	return sum
}
