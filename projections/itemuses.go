package projections

import "pcnledger/domain"

// A use says how an event uses an item: the kind, if it is not told by the event and the item's account; the run it
// belongs to; the entry it takes back, with its event; and the sign, -1 where it gives back.
type use struct {
	kind           useKind
	run, takesBack int64
	was            domain.Event
	sign           domain.Pence
}

// event returns the event that tells the kind.
func (u use) event(r *record) domain.Event {
	if u.was != nil {
		return u.was
	}
	return r.Event
}

// A useKind is a [UseKind] in a row.
type useKind uint8

const (
	usedOtherwise useKind = iota
	usedPaid
	usedReceived
	usedNetted
	usedSpent
	usedInTransit
	usedFailed
	usedWrittenOff
	usedReversed
)

var useKinds = [...]UseKind{
	usedPaid: UsePaid, usedReceived: UseReceived, usedNetted: UseNetted, usedSpent: UseSpent, usedInTransit: UseInTransit,
	usedFailed: UseFailed, usedWrittenOff: UseWrittenOff, usedReversed: UseReversed,
}

// useOf says what an event did with an item of an account.
func useOf(e domain.Event, account domain.Account) useKind {
	switch e.(type) {
	case domain.PaymentSettled:
		if account == domain.Receivables {
			return usedNetted
		}
		return usedPaid
	case domain.ReceiptRecorded:
		return usedReceived
	case domain.SpendRecorded:
		return usedSpent
	case domain.ReceivableWrittenOff:
		return usedWrittenOff
	}
	return usedOtherwise
}

// plan notes what is in a run that is not released, or with the sign -1 no longer.
func (i *Items) plan(e *domain.PaymentRunProposed, sign domain.Pence) {
	for _, lines := range [][]domain.SettledLine{e.Lines, e.SetOff, e.Netted} {
		for n := range lines {
			if at, known := i.find(keyOfItem(lines[n].Item)); known {
				row := i.rows.at(at)
				row.inRuns += sign * lines[n].Pence
			}
		}
	}
}

// releaseRun puts the lines of a run in transit, and settles what is netted.
func (i *Items) releaseRun(r *record, e *domain.PaymentRunReleased, of use) {
	of.kind = usedInTransit
	i.useLines(r, e.Lines, of)
	of.kind = usedPaid
	i.useLines(r, e.SetOff, of)
	of.kind = usedNetted
	i.useLines(r, e.Netted, of)
}

func (i *Items) useLines(r *record, lines []domain.SettledLine, of use) {
	for n := range lines {
		i.use(r, lines[n].Item, lines[n].Parts, of)
	}
}

// arrive notes that payments which were in transit have arrived.
func (i *Items) arrive(r *record, lines []domain.SettledLine, of use) {
	sign := of.sign
	for n := range lines {
		line := &lines[n]
		if line.Run == 0 {
			continue
		}
		of.run, of.kind, of.sign = line.Run, usedInTransit, -sign
		i.use(r, line.Item, line.Parts, of)
		of.kind, of.sign = usedPaid, sign
		i.use(r, line.Item, line.Parts, of)
	}
}

// takeBack takes back what an entry did with items: those it opened are reversed, and what it took is given back.
func (i *Items) takeBack(r *record, e *domain.EntryReversed) {
	was := domain.Recorded{Stamp: domain.Stamp{Number: e.Entry}, Fact: domain.Fact{Event: e.Was.Event}}
	for _, item := range domain.ItemsOpened(was) {
		i.use(r, item.ID, item.Parts, use{kind: usedReversed, takesBack: e.Entry, sign: 1})
	}
	back := use{takesBack: e.Entry, was: was.Event, sign: -1}
	switch was := was.Event.(type) {
	case domain.PaymentRunProposed:
		i.plan(&was, -1)
	case domain.PaymentRunReleased:
		back.run = was.Run
		i.plan(&domain.PaymentRunProposed{Lines: was.Lines, SetOff: was.SetOff, Netted: was.Netted}, 1)
		i.releaseRun(r, &was, back)
	case domain.PaymentFailed:
		back.run, back.kind, back.sign = was.Run, usedFailed, 1
		i.useLines(r, was.Lines, back)
	default:
		for _, used := range domain.ItemsUsed(domain.Recorded{Stamp: domain.Stamp{Number: e.Entry}, Fact: domain.Fact{Event: was}}) {
			i.use(r, used.Item, used.Parts, back)
		}
		if was, settled := was.(domain.PaymentSettled); settled {
			i.arrive(r, was.Lines, back)
		}
	}
}
