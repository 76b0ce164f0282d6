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

// A raising is one line of a run, or of an adjustment that is more.
type raising struct {
	number int64
	footing
	parts    span
	undone   int64 // number of the event that took it back; 0 if none did
	of       int32 // number of the entitlement
	line     int32
	adjusted bool

	effective, fund, payee, through word
}

// A footing is a [domain.Footing] in words.
type footing struct {
	rate, list, patients, counted int64
	annual                        domain.Pence
	quantity                      word
}

func (e *Entitlements) footing(f domain.Footing) footing {
	return footing{f.Rate, f.List, f.Patients, f.Counted, f.Annual, e.book.words.of(string(f.Quantity))}
}

func (e *Entitlements) footingOf(f footing) domain.Footing {
	return domain.Footing{
		Rate: f.rate, List: f.list, Patients: f.patients, Quantity: domain.Quantity(e.book.words.text(f.quantity)), Counted: f.counted, Annual: f.annual,
	}
}

// A raisedPart is what a line raised for one month, and what was raised in all once it was.
type raisedPart struct {
	pence, inAll domain.Pence
	service      word
	on           int32 // which of the footings it stands on, from 1; 0 is that of its line
}

// A raisedLess is what a recovery, or an adjustment, took off what was raised for one month; nothing, if that was taken back.
type raisedLess struct {
	number  int64
	pence   domain.Pence
	of      int32 // number of the entitlement
	service word
	on      int32 // which of the footings the month stands on since, from 1; 0 if a recovery left it
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
		service, on := k.service(part.For), int32(0)
		if part.On != nil {
			on = 1 + e.footings.add(e.footing(*part.On))
		}
		e.parts.add(raisedPart{part.Pence, counted.upTo(service), service, on})
	}
	_, adjusted := r.Event.(domain.EntitlementAdjusted)
	e.raisings.add(raising{
		number: r.Number, line: int32(i + 1), of: of, footing: e.footing(line.Footing), adjusted: adjusted,
		parts: e.parts.since(first), effective: r.effective, fund: k.fund(run.Fund), payee: k.payee(line.Payee), through: k.service(run.Through),
	})
}

// adjust counts the lines of an adjustment that are more as those of a run, and what is less off the item it is from.
func (e *Entitlements) adjust(r *record, event *domain.EntitlementAdjusted) {
	run := domain.EntitlementRun{Fund: event.Fund, Rate: event.Rate, Year: event.Year, Through: event.Through, Lines: make([]domain.EntitlementLine, len(event.Lines))}
	for i := range event.Lines {
		line := &event.Lines[i]
		if line.Of == "" {
			run.Lines[i] = asRun(line)
			continue
		}
		for n := range line.Parts {
			recovery := asRecovery(event, line, &line.Parts[n])
			e.takeOff(r.Number, &recovery, &line.Parts[n].Now)
		}
	}
	e.raiseLines(r, &run)
}

// raiseLines raises the lines of a run; a line without payee is none.
func (e *Entitlements) raiseLines(r *record, run *domain.EntitlementRun) {
	e.counted = e.counted[:0]
	for i := range run.Lines {
		of := int32(-1)
		if run.Lines[i].Payee != "" {
			of = e.count(run, &run.Lines[i])
		}
		e.counted = append(e.counted, of)
	}
	for i, of := range e.counted {
		if of >= 0 {
			e.raise(r, run, i, of)
		}
	}
}

// takeOff takes a recovery off what was raised, if the item is known. Now is what the month stands on since, if that changed.
func (e *Entitlements) takeOff(number int64, recovery *domain.RecoveryRaised, now *domain.Footing) {
	of, known := e.raisedBy(keyOfItem(recovery.Item))
	if !known {
		return
	}
	service, on := e.book.service(recovery.For), int32(0)
	if now != nil {
		on = 1 + e.footings.add(e.footing(*now))
	}
	e.payment(of).add(e.book, service, -recovery.Pence)
	e.recoveries.add(raisedLess{number, recovery.Pence, of, service, on})
}

// takeBack takes a run, or a recovery from one, back. What a run raised is raised no more, and who was last paid is looked
// up again: that is rare, and needs no more than one look at every line.
func (e *Entitlements) takeBack(number int64, reversed *domain.EntryReversed) {
	switch reversed.Was.Event.(type) {
	case domain.EntitlementRun:
		e.unraiseAll(number, reversed.Entry)
	case domain.EntitlementAdjusted:
		e.unraiseAll(number, reversed.Entry)
		e.putBack(reversed.Entry)
	case domain.RecoveryRaised:
		e.putBack(reversed.Entry)
	}
}

// unraiseAll takes back all that an entry raised.
func (e *Entitlements) unraiseAll(number, entry int64) {
	again := map[*payment]bool{}
	for at := e.firstOf(entry); int(at) < e.raisings.len() && e.raisings.at(at).number == entry; at++ {
		r := e.raisings.at(at)
		r.undone = number
		again[e.payment(r.of)] = true
		e.unraise(r)
	}
	e.lookAgain(again)
}

// putBack takes back all that an entry took off.
func (e *Entitlements) putBack(entry int64) {
	at := int32(sort.Search(e.recoveries.len(), func(i int) bool { return e.recoveries.at(int32(i)).number >= entry }))
	for ; int(at) < e.recoveries.len() && e.recoveries.at(at).number == entry; at++ {
		less := e.recoveries.at(at)
		e.payment(less.of).add(e.book, less.service, less.pence)
		less.pence = 0
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
		service := domain.Service(e.book.words.text(less.service))
		all[less.of].add(less.number, service, -less.pence)
		if less.on != 0 {
			all[less.of].stand(service, e.footingOf(*e.footings.at(less.on - 1)))
		}
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
	through := domain.Service(text(r.through))
	if !r.adjusted {
		to.Through = through
		to.stand(through, e.footingOf(r.footing))
	}
	if !slices.Contains(to.Payees, payee) {
		to.Payees = append(to.Payees, payee)
	}
	for at := range r.parts.rows() {
		part := e.parts.at(at)
		service := domain.Service(text(part.service))
		on := r.footing
		if part.on != 0 {
			on = *e.footings.at(part.on - 1)
		}
		to.add(r.number, service, part.pence)
		if r.adjusted {
			to.Through = max(to.Through, service)
			to.stand(service, e.footingOf(on))
		}
		to.Raised = append(to.Raised, Raised{
			Number: r.number, Effective: domain.Date(text(r.effective)), Item: itemKey{r.number, r.line}.id(), Fund: domain.FundCode(text(r.fund)),
			Payee: payee, Through: through, Footing: e.footingOf(on), Adjusted: r.adjusted, For: service, Pence: part.pence, InAll: part.inAll,
		})
	}
}

// stand notes what the latest month of an entitlement stands on.
func (e *Entitlement) stand(month domain.Service, on domain.Footing) {
	if month < e.Through {
		return
	}
	e.By, e.List, e.Patients, e.Quantity, e.Counted, e.Annual = on.Rate, on.List, on.Patients, on.Quantity, on.Counted, on.Annual
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
