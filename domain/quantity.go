package domain

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// The rules of quantities.
const (
	RuleMeasureUnknown Rule = "measure-unknown"
	RuleQuantityForm   Rule = "quantity-form"
	RuleQuantityTwice  Rule = "quantity-twice"
	RuleQuantityWhole  Rule = "quantity-beyond-the-whole"
)

// A Quantity is an exact number, not below zero, written as a decimal (328, 37.5) or a fraction (2/3).
type Quantity string

// RecordQuantity asks to record what is counted for bodies from a day on: beds of care homes, points, sessions, posts,
// the parts of a payment that were declared. It counts until another quantity is recorded from a later day, so that a
// month without news has the last figure.
type RecordQuantity struct {
	Measure Measure        `json:"measure"` // as a rate names it: care home beds
	From    Date           `json:"from"`
	Source  Source         `json:"source"`
	Lines   []QuantityLine `json:"lines"`
}

// A QuantityLine is one body's. What is paid on is the quantity times every factor.
type QuantityLine struct {
	Body     Body     `json:"body"`
	Quantity Quantity `json:"quantity"`
	Factors  []Factor `json:"factors,omitzero"` // such as the adjustments of points for prevalence and list size
}

// A Factor is an adjustment of a quantity by name.
type Factor struct {
	Name   string   `json:"name"`
	Factor Quantity `json:"factor"`
}

// QuantityRecorded says what is counted for bodies from a day on.
type QuantityRecorded struct {
	Measure Measure        `json:"measure"`
	From    Date           `json:"from"`
	Source  Source         `json:"source"`
	Lines   []QuantityLine `json:"lines"`
}

type quantityKey struct {
	measure Measure
	body    Body
}

// quantityFrom is a recorded quantity as payments use it.
type quantityFrom struct {
	number int64
	from   Date
	line   QuantityLine
	source Source
}

func (g *Grounds) recordQuantity(number int64, e QuantityRecorded) {
	for _, line := range e.Lines {
		key := quantityKey{e.Measure, line.Body}
		set(&g.quantities, key, append(g.quantities[key], quantityFrom{number, e.From, line, e.Source}))
	}
}

func (c RecordQuantity) decide(l *Ledger, _ moment) (Event, error) {
	if err := l.checkMeasure(c.Measure); err != nil {
		return nil, err
	}
	if c.From == "" {
		return nil, refuse(RuleTextMissing, "give the first day (from)", "the day from which the quantities count is missing")
	}
	if err := checkText(c.Source.Title, "the source's title", `"CQC directory of care homes, 1 July 2021"`); err != nil {
		return nil, err
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	share, seen := l.isShare(c.Measure), make(map[Body]bool, len(c.Lines))
	for i, line := range c.Lines {
		if err := l.checkQuantity(c.Measure, share, line, seen); err != nil {
			return nil, onLine(i, err)
		}
		seen[line.Body] = true
	}
	if !slices.ContainsFunc(c.Lines, func(line QuantityLine) bool { return !l.stands(c.Measure, c.From, line) }) {
		return nil, ErrUnchanged
	}
	return QuantityRecorded(c), nil
}

// stands says that exactly this quantity counts from a day on. One that goes on counting from an earlier day is another
// fact: what is recorded of that day later does not change this one.
func (g *Grounds) stands(measure Measure, from Date, line QuantityLine) bool {
	known, ok := g.quantityOn(measure, line.Body, from)
	return ok && known.from == from && known.line.Quantity == line.Quantity && slices.Equal(known.line.Factors, line.Factors)
}

// checkMeasure refuses to count what no rate is paid on.
func (g *Grounds) checkMeasure(measure Measure) error {
	known := map[Measure]bool{}
	for _, card := range cards() {
		for _, r := range card {
			known[r.Measure] = true
		}
	}
	for _, versions := range g.rates {
		for _, v := range versions {
			known[v.rate.Measure] = true
		}
	}
	delete(known, "")
	if known[measure] {
		return nil
	}
	var names []string
	for _, m := range slices.Sorted(maps.Keys(known)) {
		names = append(names, string(m))
	}
	return refuse(RuleMeasureUnknown, "name what a rate is paid on: "+strings.Join(names, ", ")+"; or adopt the rate first (AdoptRateCard)",
		"no rate is paid on %q", string(measure))
}

// checkQuantity refuses a line that counts nothing that can be paid on, or a body a second time. What is a share of a payment
// on patients is at most the whole.
func (l *Ledger) checkQuantity(measure Measure, share bool, line QuantityLine, seen map[Body]bool) error {
	if err := l.registry.knownAs(line.Body, "the body", KindNetwork, KindArea, KindPractice); err != nil {
		return err
	}
	if seen[line.Body] {
		return refuse(RuleQuantityTwice, "remove one of the two lines", "%s stands twice", line.Body.Bare())
	}
	if err := line.Quantity.check("the quantity of " + line.Body.Bare()); err != nil {
		return err
	}
	for i, f := range line.Factors {
		if err := checkText(f.Name, "the name of a factor of "+line.Body.Bare(), `"prevalence"`); err != nil {
			return err
		}
		if slices.ContainsFunc(line.Factors[:i], func(other Factor) bool { return other.Name == f.Name }) {
			return refuse(RuleQuantityTwice, "remove one of the two, or give each its own name", "the factor %q of %s stands twice", f.Name, line.Body.Bare())
		}
		if err := f.Factor.check(fmt.Sprintf("the factor %q of %s", f.Name, line.Body.Bare())); err != nil {
			return err
		}
	}
	product := line.product()
	if product.Cmp(mostQuantity) > 0 {
		return refuse(RuleQuantityForm, "check the quantity and its factors", "%s of %s times its factors is more than %s", measure, line.Body.Bare(), mostQuantity.RatString())
	}
	if share && product.Cmp(big.NewRat(1, 1)) > 0 {
		return refuse(RuleQuantityWhole, "give the part of the whole, such as 2/3", "%s of %s is %s; more than all of it is not paid",
			measure, line.Body.Bare(), product.RatString())
	}
	return nil
}

// isShare says that a measure is the part of a payment on patients that is paid, as for the parts of CAIP that are declared.
func (g *Grounds) isShare(measure Measure) bool {
	of := func(r Rate) bool { return r.Measure == measure && r.Population != "" }
	for _, card := range cards() {
		if slices.ContainsFunc(card, of) {
			return true
		}
	}
	for _, versions := range g.rates {
		if slices.ContainsFunc(versions, func(v rateVersion) bool { return of(v.rate) }) {
			return true
		}
	}
	return false
}

// A quantity has at most nine digits before the point and six after it, or nine on either side of a fraction; times its
// factors it is at most a thousand million, so that no amount it is multiplied to is beyond what a ledger holds.
var quantityForm = regexp.MustCompile(`^\d{1,9}(\.\d{1,6})?$|^\d{1,9}/[1-9]\d{0,8}$`)

var mostQuantity = big.NewRat(1_000_000_000, 1)

// check refuses what is no number of 0 or more.
func (q Quantity) check(what string) error {
	if quantityForm.MatchString(string(q)) {
		return nil
	}
	return refuse(RuleQuantityForm, "write a number of 0 or more in at most nine digits, such as 328, 37.5 or 2/3", "%s is %q, which is no quantity", what, string(q))
}
