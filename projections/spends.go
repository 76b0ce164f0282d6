package projections

import "pcnledger/domain"

// Spends holds every spend that was reported, and whether it was checked against its evidence.
type Spends struct {
	book  *book
	rows  column[spendRow]
	index index // by number
}

// A Spend is what one event reported as spent.
type Spend struct {
	Number    int64
	Effective domain.Date
	Fund      domain.FundCode
	Reference string
	Pence     domain.Pence
	Hands
	Verified Check // against its evidence; none if it was not verified
	Reversed int64 `json:",omitzero"` // number of the event that took it back; 0 if none did
}

// A spendRow is a [Spend] in words.
type spendRow struct {
	number, reversed int64
	pence            domain.Pence
	verified         check
	by               hands
	effective, fund  word
	reference        text
}

func (s *Spends) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.SpendRecorded:
		row := spendRow{number: r.Number, by: s.book.hands(r), effective: r.effective, fund: s.book.fund(e.Fund), reference: r.text}
		for i := range e.Lines {
			row.pence += e.Lines[i].Pence
		}
		s.index.add(hashNumber(r.Number), s.rows.add(row))
	case domain.SpendVerified:
		if row := s.numbered(e.Spend); row != nil {
			row.verified = check{r.Number, r.Time.UnixMilli(), s.book.words.of(r.RaisedBy), s.book.texts.add(e.Evidence)}
		}
	case domain.EntryReversed:
		if row := s.numbered(e.Entry); row != nil {
			row.reversed = r.Number
		}
	}
}

// numbered returns a spend, or nil if there is none with that number.
func (s *Spends) numbered(number int64) *spendRow {
	at, known := s.index.find(hashNumber(number), func(row int32) bool { return s.rows.at(row).number == number })
	if !known {
		return nil
	}
	return s.rows.at(at)
}

// All returns every spend in the order of recording.
func (s *Spends) All() []Spend {
	spends := make([]Spend, s.rows.len())
	for at := range spends {
		spends[at] = s.spend(s.rows.at(int32(at)))
	}
	return spends
}

// Spend returns one spend.
func (s *Spends) Spend(number int64) (spend Spend, ok bool) {
	row := s.numbered(number)
	if row == nil {
		return Spend{}, false
	}
	return s.spend(row), true
}

func (s *Spends) spend(row *spendRow) Spend {
	text := s.book.words.text
	spend := Spend{
		Number: row.number, Effective: domain.Date(text(row.effective)), Fund: domain.FundCode(text(row.fund)),
		Reference: s.book.texts.text(row.reference), Pence: row.pence, Hands: s.book.handsOf(row.by), Reversed: row.reversed,
	}
	if row.verified.number != 0 {
		spend.Verified = s.book.checkOf(row.verified)
	}
	return spend
}

// checkOf returns a check of a claim or of a spend.
func (k *book) checkOf(c check) Check {
	return Check{c.number, dateAt(c.on), k.words.text(c.by), k.texts.text(c.evidence)}
}
