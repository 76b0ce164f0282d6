package reports

import (
	"cmp"
	"math/big"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

// quantities are what is counted for bodies other than patients.
var quantities = Definition{
	Name:  "quantities",
	Title: "Quantities that payments are worked out on",
	Line:  "beds, points, sessions and what else is counted for networks and practices: from when, with factors and source, and which counts on the day",
	Takes: Takes{Network: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{quantityTable(v, o)},
			notes: []string{
				"A quantity counts from its day until another is recorded from a later day; of several from one day the one recorded last.",
				"Which counts is as at " + o.dayWords(v) + ".",
			},
		}
	},
}

const countFirst = "No quantity is recorded. What is counted other than patients, such as beds of care homes, is recorded with RecordQuantity."

func quantityTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "quantities", Title: "Quantities", Empty: countFirst,
		Columns: columns(of(KindText, "measure"), of(KindOrganisation, "body", "network"), of(KindDate, "from"), of(KindText, "quantity", "factors", "counts as", "now"),
			of(KindNumber, "event"), of(KindDate, "recorded"), of(KindText, "source")),
	}
	all, day := v.Quantities.All(), o.dayOf(v)
	for i, q := range all {
		network := v.Registry.NetworkOf(q.Body, cmp.Or(day, q.From))
		if o.Network != "" && q.Body != o.Network && network != o.Network {
			continue
		}
		t.row(text(q.Measure), organisation(v, q.Body), organisation(v, network), date(q.From), text(q.Quantity), text(factorWords(q.Factors)),
			text(product(q.QuantityLine)), text(counts(all, i, day)), number(q.Number), date(q.On), text(q.Source.Title))
	}
	t.leaveOut("factors", "network")
	return t
}

// counts says whether a quantity, one of all in their order, counts on a day.
func counts(all []projections.Quantity, at int, day domain.Date) string {
	q := all[at]
	if day != "" && q.From > day {
		return "not yet"
	}
	if next := at + 1; next < len(all) {
		if n := all[next]; n.Measure == q.Measure && n.Body == q.Body && (day == "" || n.From <= day) {
			return ""
		}
	}
	return "counts"
}

func factorWords(factors []domain.Factor) string {
	var words []string
	for _, f := range factors {
		words = append(words, f.Name+" "+string(f.Factor))
	}
	return strings.Join(words, "; ")
}

// product is the quantity times its factors, exact: to six places, or else as a fraction.
func product(line domain.QuantityLine) string {
	sum, ok := new(big.Rat).SetString(string(line.Quantity))
	if !ok {
		return string(line.Quantity)
	}
	for _, f := range line.Factors {
		factor, ok := new(big.Rat).SetString(string(f.Factor))
		if !ok {
			return ""
		}
		sum.Mul(sum, factor)
	}
	if places, exact := sum.FloatPrec(); exact && places <= 6 {
		return sum.FloatString(places)
	}
	return sum.RatString()
}
