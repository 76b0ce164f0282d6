package projections

import (
	"cmp"
	"math"
	"slices"
	"sort"

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
	Raised   []Raised           // in the order of recording
	Numbers  []int64            // of its events, ascending: runs and recoveries
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

// An entitlementKey is an [EntitlementKey] in words.
type entitlementKey struct{ year, rate, beneficiary, practice word }

func (k entitlementKey) hash() uint32 {
	return uint32(mix(pair(k.year, k.rate), pair(k.beneficiary, k.practice)))
}

// A raising is one line of a run.
type raising struct {
	number   int64
	list     int64
	patients int64
	annual   domain.Pence
	parts    span
	of       int32 // number of the entitlement
	line     int32

	effective, fund, payee, through word
}

// A raisedPart is what a line raised for one month, and what was raised in all once it was.
type raisedPart struct {
	pence, inAll domain.Pence
	service      word
}

// A raisedLess is what a recovery took off what was raised for one month.
type raisedLess struct {
	number  int64
	pence   domain.Pence
	of      int32 // number of the entitlement
	service word
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
	}
}

// number returns the number of what a line is counted for, and has a payment for it.
func (e *Entitlements) number(run *domain.EntitlementRun, line *domain.EntitlementLine) int32 {
	k := e.book
	key := entitlementKey{k.words.of(string(run.Year)), k.words.of(string(run.Rate)), k.beneficiary(line.Beneficiary), k.words.of(string(line.Practice))}
	of := e.keys.number(key)
	if payment := e.keys.at(of); *payment == 0 {
		*payment = e.payments.number(key) + 1
	}
	return of
}

func (e *Entitlements) payment(of int32) *payment { return e.payments.at(*e.keys.at(of) - 1) }

// count adds what a line raises, and returns the number of its entitlement. All lines of a run are counted before any is explained: a practice that changed its
// network has two.
func (e *Entitlements) count(run *domain.EntitlementRun, line *domain.EntitlementLine) (of int32) {
	of = e.number(run, line)
	to := e.payment(of)
	for _, part := range line.Parts {
		service := e.book.service(part.For)
		to.add(e.book, service, part.Pence)
		if string(part.For) >= e.book.words.text(to.latest) {
			to.latest, to.last = service, of+1
		}
	}
	return of
}

func (e *Entitlements) raise(r *record, run *domain.EntitlementRun, i int, of int32) {
	k, line, first := e.book, &run.Lines[i], e.parts.len()
	counted := e.payment(of)
	for _, part := range line.Parts {
		service := k.service(part.For)
		e.parts.add(raisedPart{part.Pence, counted.upTo(service), service})
	}
	e.raisings.add(raising{
		number: r.Number, line: int32(i + 1), of: of, list: line.List, patients: line.Patients, annual: line.Annual,
		parts: e.parts.since(first), effective: r.effective, fund: k.fund(run.Fund), payee: k.payee(line.Payee), through: k.service(run.Through),
	})
}

// raisedBy returns the number of the entitlement that an item was raised for.
func (e *Entitlements) raisedBy(item itemKey) (of int32, known bool) {
	at := int32(sort.Search(e.raisings.len(), func(i int) bool {
		r := e.raisings.at(int32(i))
		return r.number > item.number || r.number == item.number && r.line >= item.line
	}))
	if int(at) == e.raisings.len() {
		return 0, false
	}
	r := e.raisings.at(at)
	return r.of, itemKey{r.number, r.line} == item
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
	slices.SortFunc(all, func(a, b Entitlement) int { return a.compare(b.EntitlementKey) })
	return all
}

// recover takes off what was recovered before a number, from one recovery on, and returns the next.
func (e *Entitlements) recover(all []Entitlement, from int32, before int64) (next int32) {
	for ; int(from) < e.recoveries.len() && e.recoveries.at(from).number < before; from++ {
		less := e.recoveries.at(from)
		all[less.of].add(less.number, domain.Service(e.book.words.text(less.service)), -less.pence)
	}
	return from
}

// explain adds a line of a run to its entitlement.
func (e *Entitlements) explain(to *Entitlement, r *raising) {
	text := e.book.words.text
	payee := domain.Body(text(r.payee))
	to.Through, to.List, to.Patients, to.Annual = domain.Service(text(r.through)), r.list, r.patients, r.annual
	if !slices.Contains(to.Payees, payee) {
		to.Payees = append(to.Payees, payee)
	}
	for at := range r.parts.rows() {
		part := e.parts.at(at)
		service := domain.Service(text(part.service))
		to.add(r.number, service, part.pence)
		to.Raised = append(to.Raised, Raised{
			Number: r.number, Effective: domain.Date(text(r.effective)), Item: itemKey{r.number, r.line}.id(), Fund: domain.FundCode(text(r.fund)),
			Payee: payee, Through: to.Through, List: r.list, Patients: r.patients, Annual: r.annual,
			For: service, Pence: part.pence, InAll: part.inAll,
		})
	}
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

// isLast says that the payment was last raised under an entitlement.
func (e *Entitlements) isLast(of EntitlementKey) bool {
	key, met := entitlementKey{}, true
	for _, part := range []struct {
		text string
		word *word
	}{
		{string(of.Year), &key.year}, {string(of.Rate), &key.rate}, {string(of.Beneficiary), &key.beneficiary}, {string(of.Practice), &key.practice},
	} {
		if *part.word, met = e.book.words.find(part.text); !met {
			return false
		}
	}
	number, met := e.keys.find(key)
	return met && e.payment(number).last == number+1
}
