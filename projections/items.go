package projections

import "pcnledger/domain"

// Items holds every payable and receivable, with what was paid or received of it.
type Items struct {
	book     *book
	rows     column[itemRow]
	index    index
	parts    column[itemPart]
	charges  column[itemCharge]
	draws    draws
	uses     column[itemUse]
	recovers map[int32]domain.ItemID // by the row of a recovery: the payable that was too much
}

// An Item is one amount to be paid or received.
type Item struct {
	domain.Item
	Number   int64         // of the event that opened it
	Recovers domain.ItemID // the payable that was too much; blank on all but recoveries
	Reason   string        // the reason or reference that its event gives
	Uses     []ItemUse
}

// A UseKind says what became of part of an item.
type UseKind string

// The kinds of use.
const (
	UsePaid     UseKind = "paid"
	UseReceived UseKind = "received"
	UseNetted   UseKind = "netted"          // received by paying the payee so much less
	UseSpent    UseKind = "spent after all" // it need not be paid back: it had been spent before the end
)

// An ItemUse is what one event took from an item.
type ItemUse struct {
	Number    int64
	Effective domain.Date
	Kind      UseKind
	Reference string
	Parts     []domain.Part
}

// An ItemPart is what an item has for one time of service, and what became of it. Received includes what was netted.
type ItemPart struct {
	domain.Part
	Paid, Received, Spent domain.Pence
}

// Open returns what is still to be paid or received.
func (p ItemPart) Open() domain.Pence { return p.Pence - p.Paid - p.Received - p.Spent }

func newItems(k *book) Items { return Items{book: k, recovers: map[int32]domain.ItemID{}} }

func (i *Items) apply(r *record) {
	for n := range r.opened {
		i.open(r, &r.opened[n])
	}
	for n := range r.used {
		i.use(r, &r.used[n])
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
		}
	}
}
