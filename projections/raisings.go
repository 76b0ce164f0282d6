package projections

import (
	"slices"
	"sort"

	"pcnledger/domain"
)

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
	undone   int64 // number of the event that took it back; 0 if none did
	of       int32 // number of the entitlement
	line     int32

	effective, fund, payee, through word
}

// A raisedPart is what a line raised for one month, and what was raised in all once it was.
type raisedPart struct {
	pence, inAll domain.Pence
	service      word
}

// A raisedLess is what a recovery took off what was raised for one month; nothing, if the recovery was taken back.
type raisedLess struct {
	number  int64
	pence   domain.Pence
	of      int32 // number of the entitlement
	service word
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

// count adds what a line raises, and returns the number of its entitlement. All lines of a run are counted before what was
// raised in all is noted: a practice that changed its network has two.
func (e *Entitlements) count(run *domain.EntitlementRun, line *domain.EntitlementLine) (of int32) {
	of = e.number(run, line)
	to := e.payment(of)
	for _, part := range line.Parts {
		service := e.book.service(part.For)
		to.add(e.book, service, part.Pence)
		to.reach(e.book, service, of)
	}
	return of
}

// raise notes what a line raised.
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

// takeBack takes a run, or a recovery from one, back. What a run raised is raised no more, and who was last paid is looked
// up again: that is rare, and needs no more than one look at every line.
func (e *Entitlements) takeBack(number int64, reversed *domain.EntryReversed) {
	switch reversed.Was.Event.(type) {
	case domain.EntitlementRun:
		again := map[*payment]bool{}
		for at := e.firstOf(reversed.Entry); int(at) < e.raisings.len() && e.raisings.at(at).number == reversed.Entry; at++ {
			r := e.raisings.at(at)
			r.undone = number
			again[e.payment(r.of)] = true
			e.unraise(r)
		}
		e.lookAgain(again)
	case domain.RecoveryRaised:
		at := int32(sort.Search(e.recoveries.len(), func(i int) bool { return e.recoveries.at(int32(i)).number >= reversed.Entry }))
		if int(at) < e.recoveries.len() && e.recoveries.at(at).number == reversed.Entry {
			less := e.recoveries.at(at)
			e.payment(less.of).add(e.book, less.service, less.pence)
			less.pence = 0
		}
	}
}

// firstOf returns the first line of a run, or of what was recorded after it.
func (e *Entitlements) firstOf(number int64) int32 {
	return int32(sort.Search(e.raisings.len(), func(i int) bool { return e.raisings.at(int32(i)).number >= number }))
}

func (e *Entitlements) unraise(r *raising) {
	to := e.payment(r.of)
	to.latest, to.last = 0, 0
	for at := range r.parts.rows() {
		part := e.parts.at(at)
		to.add(e.book, part.service, -part.pence)
	}
}

// lookAgain finds the latest month that is raised of payments, and under which entitlement.
func (e *Entitlements) lookAgain(of map[*payment]bool) {
	for at := range int32(e.raisings.len()) {
		r := e.raisings.at(at)
		if to := e.payment(r.of); r.undone == 0 && of[to] {
			for part := range r.parts.rows() {
				to.reach(e.book, e.parts.at(part).service, r.of)
			}
		}
	}
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

// recover takes off what was recovered before a number, from one recovery on, and returns the next.
func (e *Entitlements) recover(all []Entitlement, from int32, before int64) (next int32) {
	for ; int(from) < e.recoveries.len() && e.recoveries.at(from).number < before; from++ {
		less := e.recoveries.at(from)
		if less.pence == 0 {
			continue
		}
		all[less.of].add(less.number, domain.Service(e.book.words.text(less.service)), -less.pence)
	}
	return from
}

// explain adds a line of a run to its entitlement.
func (e *Entitlements) explain(to *Entitlement, r *raising) {
	text := e.book.words.text
	if r.undone != 0 {
		to.Numbers = append(to.Numbers, r.number, r.undone)
		return
	}
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
