package reports

import (
	"fmt"
	"slices"

	"pcnledger/projections"
)

// corrections shows both sides of every correction: what was recorded, and what took it back and stands in its place.
var corrections = Definition{
	Name:  "corrections",
	Title: "Corrections",
	Line:  "entries that were taken back and what took their place, both sides, by whom and why",
	Takes: Takes{Fund: true},
	body: func(v *projections.Views, o Options) body {
		selected := correctionsOf(v, o)
		return body{
			tables: []Table{correctionTable(selected), correctedSidesTable(v, o, selected)},
			notes: []string{
				"Nothing is edited: an entry that was wrong stays, its reversal posts the same lines with the sides exchanged, and what is right is a " +
					"further entry.",
				"Amount is what the entry debited on the financial accounts, or else on the control accounts.",
			},
		}
	},
}

// correctionsOf returns the corrections that posted on the fund that was asked for.
func correctionsOf(v *projections.Views, o Options) []projections.Correction {
	all := v.Corrections.All()
	if o.Fund == "" {
		return all
	}
	posted := map[int64]bool{}
	for _, entry := range v.Journal.All() {
		if entry.Fund == o.Fund {
			posted[entry.Number] = true
		}
	}
	return slices.DeleteFunc(all, func(c projections.Correction) bool {
		return !posted[c.Entry] && !posted[c.Reversed] && !posted[c.ReplacedBy] && c.Subject != "fund/"+string(o.Fund)
	})
}

const nothingCorrected = "No entry was taken back. A mistake is put right by a further event (ReverseEntry, ReplaceEntry)."

func correctionTable(selected []projections.Correction) Table {
	t := Table{
		Name: "corrections", Title: "Entries that were taken back", Empty: nothingCorrected,
		Columns: columns(of(KindNumber, "entry"), of(KindText, "fact", "about", "text"), of(KindDate, "dated"), of(KindText, "in period"),
			of(KindNumber, "reversed by"), of(KindDate, "on", "effective"), of(KindText, "period", "reason", "raised by", "approved by", "returned to"),
			of(KindNumber, "replaced by"), of(KindMoney, "amount")),
	}
	for _, c := range selected {
		returned := ""
		if c.ToLapsed {
			returned = "lapsed"
		}
		t.row(number(c.Entry), text(c.Event), text(c.Subject), text(c.Text), date(c.Dated), text(c.In), number(c.Reversed), date(c.On), date(c.Effective),
			text(c.Period), text(c.Reason), text(c.Raised), text(c.Approved), text(returned), number(c.ReplacedBy), money(c.Pence))
	}
	t.total()
	return t
}

// correctedSidesTable has the postings of each correction: of the entry, of its reversal, and of what took its place.
func correctedSidesTable(v *projections.Views, o Options, selected []projections.Correction) Table {
	t := Table{
		Name: "sides", Title: "Both sides of each", Empty: nothingCorrected, Detail: true,
		Columns: columns(of(KindNumber, "entry"), of(KindText, "what"), of(KindNumber, "event"), of(KindDate, "effective"),
			of(KindText, "period", "fund", "account"), of(KindOrganisation, "payee", "beneficiary"), of(KindText, "purpose", "for"),
			of(KindMoney, "debit", "credit")),
	}
	posted := postingsOf(v, selected)
	for _, c := range selected {
		for _, side := range []struct {
			what   string
			number int64
		}{{"was", c.Entry}, {"reversed", c.Reversed}, {"in its place", c.ReplacedBy}} {
			for _, e := range posted[side.number] {
				if o.Fund != "" && e.Fund != o.Fund {
					continue
				}
				debit, credit := onItsSide(e.Pence)
				t.row(number(c.Entry), text(side.what), number(e.Number), date(e.Effective), text(e.Period), text(e.Fund), text(e.Account),
					organisation(v, e.Payee), organisation(v, e.Beneficiary), text(e.Category), text(e.For), debit, credit)
			}
		}
	}
	return t
}

// postingsOf returns the postings of everything that corrections name, by event.
func postingsOf(v *projections.Views, selected []projections.Correction) map[int64][]projections.Entry {
	wanted := map[int64]bool{}
	for _, c := range selected {
		wanted[c.Entry], wanted[c.Reversed], wanted[c.ReplacedBy] = true, true, true
	}
	posted := map[int64][]projections.Entry{}
	for _, entry := range v.Journal.All() {
		if wanted[entry.Number] {
			posted[entry.Number] = append(posted[entry.Number], entry)
		}
	}
	return posted
}

// correctionWords says of an entry that it was taken back, and why; nothing of one that stands.
func correctionWords(v *projections.Views, entry int64) string {
	c, corrected := v.Corrections.Correction(entry)
	if !corrected {
		return ""
	}
	words := fmt.Sprintf("taken back by event %d: %s", c.Reversed, c.Reason)
	if c.ReplacedBy != 0 {
		words += fmt.Sprintf("; event %d took its place", c.ReplacedBy)
	}
	return words
}

// isReversed says that an entry was taken back.
func isReversed(v *projections.Views, entry int64) bool {
	_, corrected := v.Corrections.Correction(entry)
	return corrected
}
