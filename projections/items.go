package projections

import (
	"slices"

	"pcnledger/domain"
)

// Items holds every payable and receivable, with what was paid or received of it.
type Items struct {
	book     *book
	rows     column[itemRow]
	index    index
	parts    column[itemPart]
	charges  column[itemCharge]
	draws    draws
	uses     column[itemUse]
	links    column[useLink]
	recovers map[int32]domain.ItemID // by the row of a recovery: the payable that was too much
}

// An Item is one amount to be paid or received.
type Item struct {
	domain.Item
	Number   int64         // of the event that opened it
	Recovers domain.ItemID // the payable that was too much; blank on all but recoveries
	Reason   string        // the reason or reference that its event gives
	InRuns   domain.Pence  `json:",omitzero"` // of what is open: in payment runs that are not released yet
	Uses     []ItemUse
}

// A UseKind says what became of part of an item.
type UseKind string

// The kinds of use.
const (
	UsePaid       UseKind = "paid" // in money, or by what is netted
	UseReceived   UseKind = "received"
	UseNetted     UseKind = "netted"          // received by paying the payee so much less
	UseSpent      UseKind = "spent after all" // it need not be paid back: it had been spent before the end
	UseInTransit  UseKind = "in transit"      // released in a payment run; less than nothing once it is paid
	UseFailed     UseKind = "failed"          // in transit, and did not arrive: less than nothing
	UseWrittenOff UseKind = "written off"     // given up as a loss
	UseReversed   UseKind = "reversed"        // the entry that opened the item was taken back
)

// An ItemUse is what one event took from an item. It is less than nothing where something is given back to the item. A
// payment that was released in a run is two uses: it is in transit no more, and paid.
type ItemUse struct {
	Number    int64
	Effective domain.Date
	Kind      UseKind
	Reference string
	Parts     []domain.Part
	Run       int64 `json:",omitzero"` // the payment run that it belongs to
	TakesBack int64 `json:",omitzero"` // the entry that it takes back
}

// An ItemPart is what an item has for one time of service, and what became of it. Received includes what was netted.
type ItemPart struct {
	domain.Part
	Paid, Received, Spent           domain.Pence
	InTransit, WrittenOff, Reversed domain.Pence `json:",omitzero"`
}

// Open returns what is still to be paid or received.
func (p ItemPart) Open() domain.Pence {
	return p.Pence - p.Paid - p.Received - p.Spent - p.InTransit - p.WrittenOff - p.Reversed
}

func newItems(k *book) Items { return Items{book: k, recovers: map[int32]domain.ItemID{}} }

func (i *Items) apply(r *record) {
	for n := range r.opened {
		i.open(r, &r.opened[n])
	}
	switch e := r.Event.(type) {
	case domain.EntryReversed:
		i.takeBack(r, &e)
	case domain.PaymentRunProposed:
		i.plan(&e, 1)
	case domain.PaymentRunReleased:
		i.plan(&domain.PaymentRunProposed{Lines: e.Lines, SetOff: e.SetOff, Netted: e.Netted}, -1)
		i.releaseRun(r, &e, use{run: e.Run, sign: 1})
	case domain.PaymentFailed:
		i.useLines(r, e.Lines, use{kind: usedFailed, run: e.Run, sign: -1})
	default:
		for n := range r.used {
			i.use(r, r.used[n].Item, r.used[n].Parts, use{sign: 1})
		}
		if e, settles := e.(domain.PaymentSettled); settles {
			i.arrive(r, e.Lines, use{sign: 1})
		}
	}
}

// All returns every item in the order of opening.
func (i *Items) All() []Item {
	items := make([]Item, i.rows.len())
	for row := range items {
		items[row] = i.item(int32(row))
	}
	return items
}

// Item returns one item.
func (i *Items) Item(id domain.ItemID) (item Item, ok bool) {
	row, ok := i.find(keyOfItem(id))
	if !ok {
		return Item{}, false
	}
	return i.item(row), true
}

// Used returns what was taken from the item in one way.
func (i Item) Used(kind UseKind) domain.Pence {
	var sum domain.Pence
	for _, use := range i.Uses {
		if use.Kind == kind {
			sum += use.Pence()
		}
	}
	return sum
}

// InTransit returns what was released in payment runs and is not known to have arrived.
func (i Item) InTransit() domain.Pence { return i.Used(UseInTransit) + i.Used(UseFailed) }

// Settled returns the day on which the last of the item was paid or received, and says whether nothing of it is left: open
// or in transit. An item that was reversed or written off is not settled by that.
func (i Item) Settled() (on domain.Date, settled bool) {
	if i.Open() != 0 || i.InTransit() != 0 {
		return "", false
	}
	for _, use := range i.Uses {
		if use.settles() && !i.takenBack(use.Number) {
			on = max(on, use.Effective)
		}
	}
	return on, on != ""
}

// settles says that something arrived.
func (u ItemUse) settles() bool {
	return u.TakesBack == 0 && (u.Kind == UsePaid || u.Kind == UseReceived || u.Kind == UseNetted)
}

// takenBack says that what an event did with the item was taken back.
func (i Item) takenBack(number int64) bool {
	return slices.ContainsFunc(i.Uses, func(u ItemUse) bool { return u.TakesBack == number })
}

// Received returns what was received of the item, in money or netted.
func (i Item) Received() domain.Pence { return i.Used(UseReceived) + i.Used(UseNetted) }

// Open returns what is still to be paid or received.
func (i Item) Open() domain.Pence {
	open := i.Pence()
	for _, use := range i.Uses {
		open -= use.Pence()
	}
	return open
}

// Pence returns what the use took from its item.
func (u ItemUse) Pence() domain.Pence {
	var sum domain.Pence
	for _, part := range u.Parts {
		sum += part.Pence
	}
	return sum
}

// ByPart returns the item's parts with what became of each.
func (i Item) ByPart() []ItemPart {
	parts := make([]ItemPart, len(i.Parts))
	for n, part := range i.Parts {
		parts[n].Part = part
		for _, use := range i.Uses {
			parts[n].take(use)
		}
	}
	return parts
}

func (p *ItemPart) take(use ItemUse) {
	for _, part := range use.Parts {
		switch {
		case part.For != p.For:
		case use.Kind == UsePaid:
			p.Paid += part.Pence
		case use.Kind == UseReceived || use.Kind == UseNetted:
			p.Received += part.Pence
		case use.Kind == UseSpent:
			p.Spent += part.Pence
		case use.Kind == UseInTransit || use.Kind == UseFailed:
			p.InTransit += part.Pence
		case use.Kind == UseWrittenOff:
			p.WrittenOff += part.Pence
		case use.Kind == UseReversed:
			p.Reversed += part.Pence
		}
	}
}
