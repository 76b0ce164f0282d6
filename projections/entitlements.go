package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Entitlements says what became due at each rate per patient, month by month.
type Entitlements struct {
	entitlements map[EntitlementKey]*Entitlement
	items        map[domain.ItemID]EntitlementKey
	payments     map[EntitlementKey]*payment
}

// An EntitlementKey is what an entitlement is counted for. Practice is blank but for rates that are paid on a practice's
// own list.
type EntitlementKey struct {
	Year        domain.Year
	Rate        domain.RateCode
	Beneficiary domain.Body
	Practice    domain.Body
}

// A payment is what was raised by the rule, whoever was paid: for a practice in whichever network it was.
type payment struct {
	Months map[domain.Service]domain.Pence // net of recoveries
	Latest domain.Service                  // of the months that were raised
	Last   EntitlementKey                  // under which that was
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

func newEntitlements() Entitlements {
	return Entitlements{
		entitlements: map[EntitlementKey]*Entitlement{}, items: map[domain.ItemID]EntitlementKey{},
		payments: map[EntitlementKey]*payment{},
	}
}

func (e *Entitlements) apply(r domain.Recorded) {
	switch event := r.Event.(type) {
	case domain.EntitlementRun:
		for _, line := range event.Lines {
			e.count(keyOf(event, line), line)
		}
		for i, line := range event.Lines {
			e.raise(r, event, line, lineItem(r.Number, i+1))
		}
	case domain.RecoveryRaised:
		if key, of := e.items[event.Item]; of {
			e.payment(key).Months[event.For] -= event.Pence
			e.of(key).add(r.Number, event.For, -event.Pence)
		}
	}
}

func keyOf(run domain.EntitlementRun, line domain.EntitlementLine) EntitlementKey {
	return EntitlementKey{run.Year, run.Rate, line.Beneficiary, line.Practice}
}

// count adds what a line raises. All lines of a run are counted before any is explained: a practice that changed its
// network has two.
func (e *Entitlements) count(key EntitlementKey, line domain.EntitlementLine) {
	to := e.payment(key)
	for _, part := range line.Parts {
		to.Months[part.For] += part.Pence
		if part.For >= to.Latest {
			to.Latest, to.Last = part.For, key
		}
	}
}

func (e *Entitlements) raise(r domain.Recorded, run domain.EntitlementRun, line domain.EntitlementLine, item domain.ItemID) {
	key := keyOf(run, line)
	e.items[item] = key
	counted, to := e.payment(key), e.of(key)
	to.Through, to.List, to.Patients, to.Annual = run.Through, line.List, line.Patients, line.Annual
	if !slices.Contains(to.Payees, line.Payee) {
		to.Payees = append(to.Payees, line.Payee)
	}
	for _, part := range line.Parts {
		to.add(r.Number, part.For, part.Pence)
		to.Raised = append(to.Raised, Raised{
			Number: r.Number, Effective: r.Effective, Item: item, Fund: run.Fund, Payee: line.Payee, Through: run.Through,
			List: line.List, Patients: line.Patients, Annual: line.Annual,
			For: part.For, Pence: part.Pence, InAll: counted.upTo(part.For),
		})
	}
}

func (e *Entitlements) of(key EntitlementKey) *Entitlement {
	known, ok := e.entitlements[key]
	if !ok {
		known = &Entitlement{EntitlementKey: key}
		e.entitlements[key] = known
	}
	return known
}

func (e *Entitlements) payment(key EntitlementKey) *payment {
	if key.Practice != "" {
		key.Beneficiary = ""
	}
	known, ok := e.payments[key]
	if !ok {
		known = &payment{Months: map[domain.Service]domain.Pence{}}
		e.payments[key] = known
	}
	return known
}

func (p *payment) upTo(month domain.Service) (sum domain.Pence) {
	for m, pence := range p.Months {
		if m <= month {
			sum += pence
		}
	}
	return sum
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

// All returns every entitlement by year, rate, network and practice.
func (e *Entitlements) All() []Entitlement {
	all := make([]Entitlement, 0, len(e.entitlements))
	for _, entitlement := range e.entitlements {
		all = append(all, *entitlement)
	}
	slices.SortFunc(all, func(a, b Entitlement) int { return a.compare(b.EntitlementKey) })
	return all
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
	if e.payment(of.EntitlementKey).Last != of.EntitlementKey || len(months) == 0 {
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
