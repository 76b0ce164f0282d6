package projections

import "pcnledger/domain"

// An itemRow is an item in words and rows.
type itemRow struct {
	number         int64
	claim          int64
	inRuns         domain.Pence
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

// An itemUse is an [ItemUse], and the next of the same item. Link is a row of what it belongs to, from 1, or 0.
type itemUse struct {
	number    int64
	parts     span
	effective word
	reference text
	next      int32
	link      int32
	kind      useKind
}

// A useLink says which run a use belongs to, and which entry it takes back.
type useLink struct{ run, takesBack int64 }

func (r *itemRow) key() itemKey { return itemKey{r.number, r.line} }

func (i *Items) open(r *record, opened *domain.Item) {
	k, key := i.book, keyOfItem(opened.ID)
	fund := k.fund(opened.Fund)
	row := i.rows.add(itemRow{
		number: r.Number, line: key.line, account: accountOf(opened.Account), fund: fund, payee: k.payee(opened.Payee),
		beneficiary: k.beneficiary(opened.Beneficiary), effective: k.date(opened.Effective), due: k.date(opened.Due), advance: opened.Advance,
		parts: i.addParts(opened.Parts, 1), claim: opened.Claim, rate: k.words.of(string(opened.Rate)), practice: k.words.of(string(opened.Practice)),
		charges: i.addCharges(fund, opened.Charges), reason: r.text,
	})
	i.index.add(key.hash(), row)
	switch e := r.Event.(type) {
	case domain.RecoveryRaised:
		i.recovers[row] = e.Item
	case domain.EntitlementAdjusted:
		if of := e.Lines[key.line-1].Of; of != "" {
			i.recovers[row] = of
		}
	}
}

func (i *Items) addParts(parts []domain.Part, sign domain.Pence) span {
	first := i.parts.len()
	for _, part := range parts {
		i.parts.add(itemPart{sign * part.Pence, i.book.service(part.For)})
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

// use notes what an event took from an item, or with less than nothing gave back to it, unless history has been cut short
// and does not have the item.
func (i *Items) use(r *record, item domain.ItemID, parts []domain.Part, of use) {
	at, known := i.find(keyOfItem(item))
	if !known {
		return
	}
	row := i.rows.at(at)
	if of.kind == usedOtherwise {
		of.kind = useOf(of.event(r), row.account.name())
	}
	fresh := itemUse{number: r.Number, effective: r.effective, kind: of.kind, reference: r.text, parts: i.addParts(parts, of.sign)}
	if link := (useLink{of.run, of.takesBack}); link != (useLink{}) {
		fresh.link = 1 + i.links.add(link)
	}
	use := 1 + i.uses.add(fresh)
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
		Number: row.number, Recovers: i.recovers[at], Reason: i.book.texts.text(row.reason), InRuns: row.inRuns,
	}
	for use := row.uses.first; use != 0; use = i.uses.at(use - 1).next {
		u := i.uses.at(use - 1)
		var link useLink
		if u.link != 0 {
			link = *i.links.at(u.link - 1)
		}
		item.Uses = append(item.Uses, ItemUse{
			u.number, domain.Date(text(u.effective)), useKinds[u.kind], i.book.texts.text(u.reference), i.partsOf(u.parts), link.run, link.takesBack,
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
