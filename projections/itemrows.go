package projections

import "pcnledger/domain"

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
	kind      useKind
}

func (r *itemRow) key() itemKey { return itemKey{r.number, r.line} }

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
	kind := useOf(r.Event, row.account.name())
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

// A useKind is a [UseKind] in a row.
type useKind uint8

const (
	usedOtherwise useKind = iota
	usedPaid
	usedReceived
	usedNetted
	usedSpent
)

var useKinds = [...]UseKind{usedPaid: UsePaid, usedReceived: UseReceived, usedNetted: UseNetted, usedSpent: UseSpent}

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
	}
	return usedOtherwise
}

// item returns the item in a row.
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
		item.Uses = append(item.Uses, ItemUse{
			u.number, domain.Date(text(u.effective)), useKinds[u.kind], i.book.texts.text(u.reference), i.partsOf(u.parts),
		})
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
