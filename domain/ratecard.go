package domain

import (
	"cmp"
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed ratecards/*.csv
var rateCardFiles embed.FS

// cards are the rate cards that come with the programme, by year.
var cards = sync.OnceValue(func() map[Year][]Rate {
	all := map[Year][]Rate{}
	files, err := rateCardFiles.ReadDir("ratecards")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		year := Year(strings.TrimSuffix(file.Name(), ".csv"))
		text, err := rateCardFiles.ReadFile("ratecards/" + file.Name())
		if err != nil {
			panic(err)
		}
		all[year] = parseCard(year, string(text))
	}
	return all
})

// RateCard returns the card of a year that comes with the programme, in its order; none if there is no such card.
func RateCard(year Year) []Rate { return slices.Clone(cards()[year]) }

// parseCard reads a card. It comes with the programme, so a fault in it is the programmer's.
func parseCard(year Year, text string) []Rate {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("rate card %s: %s", year, err))
	}
	var rates []Rate
	for _, row := range rows[1:] {
		at := func(column string) string { return row[slices.Index(rows[0], column)] }
		rates = append(rates, Rate{
			Year: year, Rate: RateCode(at("rate")), Area: CostArea(at("area")), Edition: at("edition"), Use: RateUse(at("use")), Title: at("title"),
			Kind: RateKind(at("kind")), Unit: Unit(at("unit")), Amount: at("amount"), Percent: at("percent"), Population: Population(at("population")),
			Measure: Measure(at("measure")), Reference: Date(at("reference")), Membership: MembershipRule(at("membership")), From: Date(at("from")),
			To: Date(at("to")), Instalments: Payment(at("instalments")), First: Service(at("first")), Payee: RatePayee(at("payee")),
			Category: Category(at("category")), Sum: RateCode(at("sum")), FullTime: at("fulltime"), Limit: at("limit"), LargeLimit: at("largelimit"),
			Shared: at("shared") == "yes", Minutes: at("minutes"), Rounding: Rounding(at("rounding")), Of: at("of"), Source: at("source"), Standing: Standing(at("standing")), Note: at("note"),
		})
	}
	return rates
}

// AdoptRateCard asks that rates of a year's card be paid. Without names it adopts every rate as first published that is
// read in a primary or secondary source; a rate that is less sure is named, with the document that the officer relies on.
// Own are rates that no card has: local ones, and those of a contract that is newer than the programme.
type AdoptRateCard struct {
	Year  Year         `json:"year"`
	Rates []RateChoice `json:"rates,omitzero"`
	Own   []Rate       `json:"own,omitzero"` // each with its document
}

// A RateChoice names lines of a card to adopt: all that have the code, for every area and part of the year, or only some.
type RateChoice struct {
	Rate     RateCode `json:"rate"`
	Area     CostArea `json:"area,omitzero"`
	From     Date     `json:"from,omitzero"`
	Edition  string   `json:"edition,omitzero"` // which, where sources disagree
	Amount   string   `json:"amount,omitzero"`  // in pounds, where the card found none
	Document Source   `json:"document,omitzero"`
}

// RateCardAdopted says which rates are paid from now on, each with where it comes from.
type RateCardAdopted struct {
	Year  Year   `json:"year"`
	Rates []Rate `json:"rates"`
}

func (c AdoptRateCard) decide(l *Ledger, _ moment) (Event, error) {
	card := RateCard(c.Year)
	if len(card) == 0 {
		return nil, refuse(RuleRateUnknown, "choose a year that has a card: "+cardYears(), "there is no rate card for %q", string(c.Year))
	}
	e := RateCardAdopted{Year: c.Year}
	if len(c.Rates) == 0 {
		for _, r := range card {
			if r.adoptable() && r.Standing.payable() && !l.hasAdopted(r) && len(l.rivals(r, nil)) == 0 {
				e.Rates = append(e.Rates, r)
			}
		}
	}
	seen := map[RateChoice]bool{}
	for i, choice := range c.Rates {
		rates, err := l.chooseRates(card, choice, e.Rates)
		named := choice
		named.Document, named.Amount = Source{}, ""
		if err == nil && seen[named] {
			err = refuse(RuleRateAdopted, "name it once", "rate %s is named twice", choice.Rate)
		}
		if err != nil {
			return nil, onLine(i, err)
		}
		seen[named] = true
		e.Rates = append(e.Rates, rates...)
	}
	if len(e.Rates) == 0 {
		return nil, ErrUnchanged
	}
	return e, nil
}

// adoptable says that a line of a card is a rate as first published, on which something can be paid.
func (r Rate) adoptable() bool {
	return r.Use == "" && r.Kind != RateOnCost && r.Kind != RatePublishedTotal
}

// hasAdopted says that a rate is adopted for the same area and days, in whatever words.
func (l *Ledger) hasAdopted(r Rate) bool {
	return slices.ContainsFunc(l.rates[rateKey{r.Year, r.Rate}], func(v rateVersion) bool { return v.rate.Area == r.Area && v.rate.From == r.From })
}

// chooseRates returns the lines of a card that a choice names and that are not adopted yet, or refuses one of them.
func (l *Ledger) chooseRates(card []Rate, c RateChoice, alongside []Rate) (rates []Rate, err error) {
	known := false
	for _, r := range card {
		if r.Rate != c.Rate || c.Area != "" && r.Area != c.Area || c.From != "" && r.From != c.From || r.Edition != c.Edition {
			continue
		}
		known = true
		r.Document = c.Document
		if r.Amount == "" {
			r.Amount = c.Amount
		}
		adopted, err := l.checkChoice(r, slices.Concat(alongside, rates))
		if err != nil {
			return nil, err
		}
		if !adopted {
			rates = append(rates, r)
		}
	}
	if !known {
		return nil, refuse(RuleRateUnknown, "choose one of the card: "+cardRates(card), "the card of %s has no rate %q", card[0].Year, string(c.Rate))
	}
	return rates, nil
}

// checkChoice says whether a rate is adopted already as it is chosen, or refuses it.
func (l *Ledger) checkChoice(r Rate, alongside []Rate) (adopted bool, err error) {
	if !r.Standing.payable() && r.Document.Title == "" {
		return false, refuse(RuleRateStanding, "give the document that says what is to be paid (document: title, address)",
			"rate %s of %s is %s (%s): %s", r.Rate, r.Year, r.Standing, r.Standing.words(), cmp.Or(r.Note, "it has no note"))
	}
	for _, v := range l.rates[rateKey{r.Year, r.Rate}] {
		if v.rate == r {
			return true, nil
		}
	}
	if l.hasAdopted(r) {
		return false, refuse(RuleRateAdopted, "leave it out; a rate that changes is revised (ReviseRate), not adopted again", "rate %s of %s is adopted already, on another document",
			r.Rate, r.Year)
	}
	return false, nil
}

// rivals lists the lines of a card that say otherwise than a rate about the same: sources disagree.
func (l *Ledger) rivals(r Rate, alongside []Rate) []Rate { return nil }

func cardYears() string {
	years := ""
	for i, y := range sortedKeys(cards()) {
		if i > 0 {
			years += ", "
		}
		years += string(y)
	}
	return years
}

func cardRates(card []Rate) string {
	codes := ""
	for i, r := range card {
		if i > 0 {
			codes += ", "
		}
		codes += string(r.Rate)
	}
	return codes
}
