package reports

import (
	"pcnledger/domain"
	"pcnledger/projections"
)

var rates = Definition{
	Name:  "rates",
	Title: "Rates",
	Line:  "the rates that are adopted, and those of the cards that are not, with their standing and source",
	body: func(v *projections.Views, _ Options) body {
		return body{
			tables: []Table{adoptedTable(v), otherRateTable(v)},
			notes: []string{
				"The ledger pays on adopted rates only. Primary and secondary rates may be adopted as they stand; any other needs the " +
					"document that the officer relies on.",
				"The amount is for the whole period of the rate; a role's is for a whole-time post a year, at most.",
			},
		}
	},
}

var rateColumns = columns(of(KindText, "year", "rate", "title", "kind", "amount", "population"), of(KindDate, "list of", "from", "to"),
	of(KindText, "first paid", "payee", "purpose", "percent", "standing", "source", "note"))

func rateCells(r domain.Rate) []Cell {
	return []Cell{text(r.Year), text(r.Rate), text(r.Title), text(r.Kind), text(pounds(r.Amount)), text(r.Population), date(r.Reference),
		date(r.From), date(r.To), text(r.First), text(r.Payee), text(r.Category), text(r.Percent), text(r.Standing), text(r.Source),
		text(r.Note)}
}

func adoptedTable(v *projections.Views) Table {
	t := Table{
		Name: "adopted", Title: "Adopted: paid on", Empty: adoptFirst,
		Columns: columns(rateColumns, of(KindText, "document"), of(KindDate, "adopted"), of(KindNumber, "event")),
	}
	for _, r := range v.Rates.All() {
		t.rowOf(rateCells(r.Rate), text(r.Document.Title), date(r.Adopted), number(r.Number))
	}
	return t
}

const adoptFirst = "No rate is adopted. Adopt those of a year's card (AdoptRateCard)."

func otherRateTable(v *projections.Views) Table {
	t := Table{
		Name: "not-adopted", Title: "On a card and not adopted: nothing is paid on them", Empty: "Every rate of the cards is adopted.",
		Columns: rateColumns,
	}
	for _, year := range cardYears(v) {
		for _, r := range domain.RateCard(year) {
			if _, adopted := v.Rates.Rate(year, r.Rate); !adopted {
				t.Rows = append(t.Rows, rateCells(r))
			}
		}
	}
	return t
}

// firstCardYear is the year in which networks began.
const firstCardYear domain.Year = "2019-20"

// cardYears lists the years whose cards are of use to a ledger: from the first to the year after its last event.
func cardYears(v *projections.Views) []domain.Year {
	last := firstCardYear
	if on := v.Ledger.Date(); on != "" {
		last = max(last, domain.YearOf(domain.YearOf(on).Last().AddDays(1)))
	}
	var years []domain.Year
	for year := firstCardYear; year <= last; year = domain.YearOf(year.Last().AddDays(1)) {
		years = append(years, year)
	}
	return years
}
