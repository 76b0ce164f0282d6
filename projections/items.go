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

// An itemRow is an item in words and rows.
type itemRow struct {
	number         int64
	claim          int64
	parts, charges span
	uses           chain
	line           int32

	fund, payee, beneficiary, effective, due, rate, practice word

	reason  text
	account account
	advance bool
}

// An itemPart is a [domain.Part], of an item or of a use.
type itemPart struct {
	pence   domain.Pence
	service word
}

// An itemCharge is a [domain.Charge].
type itemCharge struct {
	pence             domain.Pence
	draws             span
	person            person
	category, service word
}

// An itemUse is an [ItemUse], and the next of the same item.
type itemUse struct {
	number    int64
	parts     span
	effective word
	reference text
	next      int32
	kind      uint8 // its place in useKinds
}

func (r *itemRow) key() itemKey { return itemKey{r.number, r.line} }

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

func (i *Items) open(r *record, opened *domain.Item) {
	k, key := i.book, keyOfItem(opened.ID)
	fund := k.fund(opened.Fund)
	row := i.rows.add(itemRow{
		number: r.Number, line: key.line, account: accountOf(opened.Account), fund: fund, payee: k.payee(opened.Payee),
		beneficiary: k.beneficiary(opened.Beneficiary), effective: k.date(opened.Effective), due: k.date(opened.Due), advance: opened.Advance,
		parts: i.addParts(opened.Parts), claim: opened.Claim, rate: k.words.of(string(opened.Rate)), practice: k.words.of(string(opened.Practice)),
		charges: i.addCharges(fund, opened.Charges), reason: r.text,
	})
	i.index.add(key.hash(), row)
	if e, ok := r.Event.(domain.RecoveryRaised); ok {
		i.recovers[row] = e.Item
	}
}

func (i *Items) addParts(parts []domain.Part) span {
	first := i.parts.len()
	for _, part := range parts {
		i.parts.add(itemPart{part.Pence, i.book.service(part.For)})
	}
	return i.parts.since(first)
}

func (i *Items) addCharges(fund word, charges []domain.Charge) span {
	first := i.charges.len()
	for n := range charges {
		c := &charges[n]
		i.charges.add(itemCharge{
			c.Pence, i.draws.add(i.book, fund, c.Draws), i.book.person(c.Person), i.book.category(c.Category), i.book.service(c.For),
		})
	}
	return i.charges.since(first)
}

// use notes what an event took from an item, unless history has been cut short and does not have the item.
func (i *Items) use(r *record, used *domain.ItemUse) {
	at, known := i.find(keyOfItem(used.Item))
	if !known {
		return
	}
	row := i.rows.at(at)
	kind := useOf(r.Event, row.account)
	use := 1 + i.uses.add(itemUse{number: r.Number, effective: r.effective, kind: kind, reference: r.text, parts: i.addParts(used.Parts)})
	if row.uses.last == 0 {
		row.uses.first = use
	} else {
		i.uses.at(row.uses.last - 1).next = use
	}
	row.uses.last = use
}

func (i *Items) find(key itemKey) (row int32, known bool) {
	return i.index.find(key.hash(), func(row int32) bool { return i.rows.at(row).key() == key })
}

// useKinds are the kinds of use, in an order of their own.
var useKinds = [...]UseKind{"", UsePaid, UseReceived, UseNetted, UseSpent}

// useOf says what an event did with an item of an account, as a place in useKinds.
func useOf(e domain.Event, account account) uint8 {
	switch e.(type) {
	case domain.PaymentSettled:
		if account.name() == domain.Receivables {
			return 3
		}
		return 1
	case domain.ReceiptRecorded:
		return 2
	case domain.SpendRecorded:
		return 4
	}
	return 0
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

func (i *Items) item(at int32) Item {
	row, text := i.rows.at(at), i.book.words.text
	item := Item{
		Item: domain.Item{
			ID: row.key().id(), Account: row.account.name(), Fund: domain.FundCode(text(row.fund)), Payee: domain.Body(text(row.payee)),
			Beneficiary: domain.Body(text(row.beneficiary)), Effective: domain.Date(text(row.effective)), Due: domain.Date(text(row.due)),
			Advance: row.advance, Parts: i.partsOf(row.parts), Claim: row.claim, Rate: domain.RateCode(text(row.rate)),
			Practice: domain.Body(text(row.practice)), Charges: i.chargesOf(row.charges),
		},
		Number: row.number, Recovers: i.recovers[at], Reason: i.book.texts.text(row.reason),
	}
	for use := row.uses.first; use != 0; use = i.uses.at(use - 1).next {
		u := i.uses.at(use - 1)
		item.Uses = append(item.Uses, ItemUse{u.number, domain.Date(text(u.effective)), useKinds[u.kind], i.book.texts.text(u.reference), i.partsOf(u.parts)})
	}
	return item
}

func (i *Items) partsOf(rows span) []domain.Part {
	var parts []domain.Part
	for at := range rows.rows() {
		part := i.parts.at(at)
		parts = append(parts, domain.Part{For: domain.Service(i.book.words.text(part.service)), Pence: part.pence})
	}
	return parts
}

func (i *Items) chargesOf(rows span) []domain.Charge {
	var charges []domain.Charge
	text := i.book.words.text
	for at := range rows.rows() {
		c := i.charges.at(at)
		charges = append(charges, domain.Charge{
			Person: domain.Person(i.book.persons.text(c.person)), Category: domain.Category(text(c.category)), For: domain.Service(text(c.service)),
			Pence: c.pence, Draws: i.draws.of(i.book, c.draws),
		})
	}
	return charges
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
