package reports

import (
	"cmp"
	"fmt"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

var rates = Definition{
	Name:  "rates",
	Title: "Rates",
	Line:  "the rates that are adopted, with every version, and those of the cards that are not, with their standing and source; --year 2021-22",
	Takes: Takes{Year: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{versionTable(v, o), cardTable(v, o), publishedTable(o), adoptedTable(v, o), otherRateTable(v, o)},
			notes: []string{
				"The ledger pays on adopted rates only. Primary and secondary rates may be adopted as they stand; any other needs the " +
					"document that the officer relies on.",
				"The amount is for the whole period of the rate; a role's is for a whole-time post a year, at most.",
				"Of the versions of a rate the one recorded last is paid on the days that it is in force.",
			},
		}
	},
}

// versionTable has a short row for each version of each adopted rate.
func versionTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "versions", Title: "Adopted: what is paid on", Empty: adoptFirst,
		Columns: columns(of(KindText, "year", "rate", "area", "amount", "percent", "for"), of(KindDate, "from", "to"), of(KindText, "version"), of(KindNumber, "event"), of(KindText, "standing")),
	}
	row := func(r domain.Rate, from, to domain.Date, version string, event int64) {
		t.row(text(r.Year), text(r.Rate), text(r.Area), text(rateAmount(r)), text(r.Percent), text(r.Unit), date(from), date(to), Words(version), number(event), text(r.Standing))
	}
	for _, r := range v.Rates.All() {
		if o.Year != "" && r.Year != o.Year {
			continue
		}
		row(r.Rate, r.From, r.To, "adopted", r.Number)
		for _, c := range r.Changes {
			row(c.Now, c.From, c.To, changeWord(c), c.Number)
		}
	}
	t.leaveOut("area", "percent")
	return t
}

// changeWord says who changed a rate.
func changeWord(c projections.RateChange) string {
	if c.Local {
		return "overridden"
	}
	return "revised"
}

// cardTable has a row for each year: how much of its card is adopted, and where the rest is listed.
func cardTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "cards", Title: "Rates on the card of each year", Empty: "The year has no card.",
		Columns: columns(of(KindText, "year"), of(KindCount, "on the card", "adopted", "not adopted"), of(KindText, "in full, with source and standing")),
	}
	for _, year := range yearsShown(v, o) {
		card, adopted := domain.RateCard(year), 0
		for _, r := range card {
			if isPaid(v, r) {
				adopted++
			}
		}
		if len(card) > 0 {
			t.row(text(year), Count(len(card)), Count(adopted), Count(len(card)-adopted), Words("pcnledger show rates --year "+string(year)))
		}
	}
	return t
}

// publishedTable has a short row for each line of the card of the year that is asked for, as it was published.
func publishedTable(o Options) Table {
	t := Table{
		Name: "card", Title: "The card of the year, as published", Empty: "Ask for a year to see its card: --year 2021-22.",
		Columns: of(KindText, "rate", "amount", "basis", "period", "payee", "standing", "source"),
	}
	for _, r := range domain.RateCard(o.Year) {
		t.row(text(lineName(r)), text(unitAmount(r)), text(rateBasis(r)), text(string(r.From)+" to "+string(r.To)), text(r.Payee), text(r.Standing), text(r.Source))
	}
	return t
}

// unitAmount is what is paid for one unit: £1.50 a patient.
func unitAmount(r domain.Rate) string {
	amount := rateAmount(r)
	switch r.Unit {
	case domain.UnitPercent, domain.UnitRoles, domain.UnitTotal:
		return amount
	}
	if r.Amount != "" {
		amount += " a " + string(r.Unit)
	}
	return amount
}

// lineName is a rate's code with what tells its line from others of the same code.
func lineName(r domain.Rate) string {
	name := string(r.Rate)
	for _, more := range []string{string(r.Area), r.Edition, string(r.Use)} {
		if more != "" {
			name += ", " + more
		}
	}
	return name
}

// rateBasis says what an amount is multiplied by, and whose: registered patients at 1 January 2021.
func rateBasis(r domain.Rate) string {
	var basis string
	switch {
	case r.Population != "":
		basis = string(r.Population) + " patients"
	case r.Percent != "" && r.Kind == domain.RateReimbursedRole:
		basis = r.Percent + " % of the cost, at most"
	}
	if r.Reference != "" {
		basis += " at " + r.Reference.String()
	}
	switch {
	case r.Measure == "":
	case basis == "":
		basis = string(r.Measure)
	default:
		basis += " × " + string(r.Measure)
	}
	return basis
}

// yearInstead says to ask for one year: the cards of all years together are too long to be read as text.
func yearInstead(o Options) string {
	if o.Year != "" {
		return ""
	}
	return "ask for one year, --year 2021-22"
}

// yearsShown lists the years whose cards are shown: the one that is asked for, or all of use to the ledger.
func yearsShown(v *projections.Views, o Options) []domain.Year {
	if o.Year != "" {
		return []domain.Year{o.Year}
	}
	return cardYears(v)
}

var rateColumns = columns(of(KindText, "year", "rate", "area", "title", "kind", "unit", "amount", "percent", "population", "measure"), of(KindDate, "list of"),
	of(KindText, "members of"), of(KindDate, "from", "to"), of(KindText, "instalments", "first paid", "payee", "purpose", "sum", "whole-time", "limit", "rounding",
		"total of", "edition", "use", "standing", "source", "note"))

// sparseRateColumns say nothing of most cards.
var sparseRateColumns = []string{"area", "measure", "list of", "sum", "whole-time", "limit", "total of", "edition", "use"}

func rateCells(r domain.Rate) []Cell {
	return []Cell{text(r.Year), text(r.Rate), text(r.Area), text(r.Title), text(r.Kind), text(r.Unit), text(rateAmount(r)), text(r.Percent), text(r.Population),
		text(r.Measure), date(r.Reference), text(r.Membership), date(r.From), date(r.To), text(r.Instalments), text(r.First), text(r.Payee), text(r.Category),
		text(r.Sum), text(r.FullTime), text(postLimit(r)), text(r.Rounding), text(r.Of), text(r.Edition), text(r.Use), text(r.Standing), text(r.Source), text(r.Note)}
}

// rateAmount prints the amount as its unit has it. One that no source gives is not found, which is not nothing.
func rateAmount(r domain.Rate) string {
	switch {
	case r.Amount == "" && r.Unit == domain.UnitPercent:
		return ""
	case r.Amount == "":
		return "not found"
	case r.Unit == domain.UnitPercent:
		return r.Amount + " %"
	}
	return pounds(r.Amount)
}

// postLimit says how many whole-time posts a network may have: 1, 2 from 100,000 patients.
func postLimit(r domain.Rate) string {
	if r.LargeLimit == "" || r.LargeLimit == r.Limit {
		return r.Limit
	}
	return r.Limit + ", " + r.LargeLimit + " from 100,000 patients"
}

// adoptedTable has a row for each version of each adopted rate.
func adoptedTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "adopted", Title: "Adopted: in full", Empty: adoptFirst, Instead: yearInstead(o),
		Columns: columns(rateColumns, of(KindText, "document", "version"), of(KindNumber, "event"), of(KindDate, "recorded", "in force from", "in force to"), of(KindText, "reason")),
	}
	for _, r := range v.Rates.All() {
		if o.Year != "" && r.Year != o.Year {
			continue
		}
		t.rowOf(rateCells(r.Rate), text(r.Document.Title), Words("adopted"), number(r.Number), date(r.Adopted), date(r.From), date(r.To), nil)
		for _, c := range r.Changes {
			t.rowOf(rateCells(c.Now), text(c.Now.Document.Title), Words(changeWord(c)), number(c.Number), date(c.On), date(c.From), date(c.To), text(c.Reason))
		}
	}
	t.leaveOut(append(sparseRateColumns, "reason", "document")...)
	return t
}

const adoptFirst = "No rate is adopted. Adopt those of a year's card (AdoptRateCard)."

// otherRateTable has the lines of cards on which nothing is paid, and what can be done with each.
func otherRateTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "not-adopted", Title: "On a card and not adopted: nothing is paid on them", Empty: "Every rate of the cards is adopted.", Instead: yearInstead(o),
		Columns: columns(rateColumns, of(KindText, "to adopt it")),
	}
	for _, year := range yearsShown(v, o) {
		for _, r := range domain.RateCard(year) {
			if !isPaid(v, r) {
				t.rowOf(rateCells(r), text(toAdopt(v, r)))
			}
		}
	}
	t.leaveOut(sparseRateColumns...)
	return t
}

// isPaid says that a line of a card is adopted, or as a revision in force.
func isPaid(v *projections.Views, r domain.Rate) bool {
	line, adopted := v.Rates.Line(r)
	if r.Use == "" {
		return adopted && line.Edition == r.Edition
	}
	return adopted && r.Use == domain.UseRevision && slices.ContainsFunc(line.Changes, func(c projections.RateChange) bool {
		return c.Now.Edition == r.Edition && c.Now.Amount == r.Amount
	})
}

// toAdopt says what has to be done so that a line of a card is paid.
func toAdopt(v *projections.Views, r domain.Rate) string {
	line, adopted := v.Rates.Line(r)
	switch {
	case r.Kind == domain.RatePublishedTotal || r.Kind == domain.RateOnCost:
		return "nothing is run on it"
	case r.Use == domain.UseWrong:
		return "never: it is known to be wrong"
	case r.Use == domain.UseRevision && r.Of != "":
		return "give its split (ReviseRate)"
	case r.Use == domain.UseRevision:
		return "revise the rate (ReviseRate)"
	case adopted:
		return fmt.Sprintf("another line of the card is adopted in event %d", line.Number)
	case r.Amount == "":
		return "give its amount and document"
	case r.Standing == domain.StandingPrimary || r.Standing == domain.StandingSecondary:
		return "as it stands"
	}
	return "give its document"
}

// firstCardYear is the year in which networks began.
const firstCardYear domain.Year = "2019-20"

// cardYears lists the years whose cards are of use to a ledger: from the first to the year after its last event.
func cardYears(v *projections.Views) []domain.Year {
	last := firstCardYear
	if on := v.Ledger.Date(); on != "" {
		last = max(last, yearAfter(domain.YearOf(on)))
	}
	var years []domain.Year
	for year := firstCardYear; year <= last; year = yearAfter(year) {
		years = append(years, year)
	}
	return years
}

func yearAfter(year domain.Year) domain.Year { return domain.YearOf(year.Last().AddDays(1)) }

// earliestCardYear is before the first card.
const earliestCardYear domain.Year = "2015-16"

// yearsOf lists the years that have a card or an adopted rate.
func yearsOf(v *projections.Views) []string {
	var years []domain.Year
	for _, r := range v.Rates.All() {
		years = append(years, r.Year)
	}
	last := cmp.Or(v.Ledger.Date(), "2019-04-01")
	for year := earliestCardYear; year <= max(yearAfter(domain.YearOf(last)), "2030-31"); year = yearAfter(year) {
		if len(domain.RateCard(year)) > 0 {
			years = append(years, year)
		}
	}
	slices.Sort(years)
	var names []string
	for _, year := range slices.Compact(years) {
		names = append(names, string(year))
	}
	return names
}
