package domain

import (
	"cmp"
	"embed"
	"encoding/csv"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"
)

// A RateCode names a rate of a year's card: CORE_PCN.
type RateCode string

// A RateKind says what a rate is paid for.
type RateKind string

// The kinds of rate.
const (
	RatePerPatient     RateKind = "per-patient"     // £ a patient for the rate's period
	RateReimbursedRole RateKind = "reimbursed-role" // £ a whole-time post a year, at most
	RateNetworkSum     RateKind = "network-sum"     // £ a network, printed: checked against what the ledger computes
)

// A Standing says how sure a rate is.
type Standing string

// The standings, the surest first.
const (
	StandingPrimary    Standing = "primary"    // read in a primary text
	StandingSecondary  Standing = "secondary"  // read in the trade press or in public code that quotes the text
	StandingInferred   Standing = "inferred"   // calculated from other figures
	StandingUnverified Standing = "unverified" // found in no text
	StandingConflict   Standing = "conflict"   // sources disagree
)

// payable says that a rate may be adopted on its card's own source.
func (s Standing) payable() bool { return s == StandingPrimary || s == StandingSecondary }

// words says what a standing means.
func (s Standing) words() string {
	switch s {
	case StandingInferred:
		return "calculated from other figures"
	case StandingUnverified:
		return "found in no text"
	case StandingConflict:
		return "sources disagree"
	}
	return "read in a text"
}

// A RatePayee says who is paid at a rate.
type RatePayee string

// The payees of rates.
const (
	PayNominated RatePayee = "nominated" // the network's nominated payee
	PayPractice  RatePayee = "practice"  // each member practice, on its own list
)

// A Rate is one line of a year's rate card.
type Rate struct {
	Rate       RateCode   `json:"rate"`
	Year       Year       `json:"year"`
	Title      string     `json:"title"`
	Kind       RateKind   `json:"kind"`
	Amount     string     `json:"amount"`              // in pounds, exact
	Population Population `json:"population,omitzero"` // which list it is paid on
	Reference  Date       `json:"reference,omitzero"`  // whose list: that of this day, else that of the month
	From       Date       `json:"from"`                // its period: the amount is for all of it
	To         Date       `json:"to"`                  // inclusive
	First      Service    `json:"first,omitzero"`      // the month of its first payment
	Payee      RatePayee  `json:"payee"`
	Category   Category   `json:"category,omitzero"` // what it is for, as funds permit it
	Percent    string     `json:"percent,omitzero"`  // of a role's cost that is reimbursed
	Source     string     `json:"source,omitzero"`
	Standing   Standing   `json:"standing"`
	Note       string     `json:"note,omitzero"`
	Document   Source     `json:"document,omitzero"` // what an officer relied on for a rate that is less than secondary
}

// Months returns the months of the rate's period, in order.
func (r Rate) Months() []Service {
	var months []Service
	for m := 1; m <= 12; m++ {
		month := Service(fmt.Sprintf("%s/M%02d", r.Year, m))
		if month.First() >= r.From && month.First() <= r.To {
			months = append(months, month)
		}
	}
	return months
}

// InPeriod returns the most that a whole-time post is reimbursed over all months in which its maximum runs.
func (r Rate) InPeriod() Pence { return poundsToPence(r.inPeriod()) }

// inPeriod is as many twelfths of a year's pounds as the rate has months.
func (r Rate) inPeriod() *big.Rat {
	pounds, _ := new(big.Rat).SetString(r.Amount)
	return pounds.Mul(pounds, big.NewRat(int64(len(r.Months())), 12))
}

// NetworkSum returns the most that one network can be reimbursed in a year whose adopted rates these are: the maxima of
// the roles for the months in which they run, rounded once, as Practice Index (2019) adds them up:
// (37,810 + 34,113) × 9 ÷ 12 = £53,942.25.
func NetworkSum(rates []Rate) Pence {
	sum := new(big.Rat)
	for _, r := range rates {
		if r.Kind == RateReimbursedRole {
			sum.Add(sum, r.inPeriod())
		}
	}
	return poundsToPence(sum)
}

// poundsToPence rounds half away from zero.
func poundsToPence(pounds *big.Rat) Pence {
	return roundRat(new(big.Rat).Mul(pounds, big.NewRat(100, 1)))
}

// amount is the rate in pounds.
func (r Rate) amount() decimal.Decimal { return mustDecimal(r.Amount) }

func mustDecimal(text string) decimal.Decimal {
	d, err := decimal.NewFromString(text)
	if err != nil {
		panic("a recorded rate that is no number: " + text)
	}
	return d
}

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
		rates = append(rates, Rate{
			Year: year, Rate: RateCode(row[0]), Title: row[1], Kind: RateKind(row[2]), Amount: row[3], Population: Population(row[4]),
			Reference: Date(row[5]), From: Date(row[6]), To: Date(row[7]), First: Service(row[8]), Payee: RatePayee(row[9]),
			Category: Category(row[10]), Percent: row[11], Source: row[12], Standing: Standing(row[13]), Note: row[14],
		})
		mustDecimal(row[3])
	}
	return rates
}

// AdoptRateCard asks that rates of a year's card be paid. Without names it adopts every rate that is read in a primary
// or secondary source; a rate that is less sure is named, with the document that the officer relies on.
type AdoptRateCard struct {
	Year  Year         `json:"year"`
	Rates []RateChoice `json:"rates,omitzero"`
}

// A RateChoice names a rate to adopt.
type RateChoice struct {
	Rate     RateCode `json:"rate"`
	Document Source   `json:"document,omitzero"`
}

// RateCardAdopted says which rates are paid from now on, each with where it comes from.
type RateCardAdopted struct {
	Year  Year   `json:"year"`
	Rates []Rate `json:"rates"`
}

// rateKey names a rate within the ledger.
type rateKey struct {
	year Year
	code RateCode
}

func (c AdoptRateCard) decide(l *Ledger, _ moment) (Event, error) {
	card := RateCard(c.Year)
	if len(card) == 0 {
		return nil, refuse(RuleRateUnknown, "choose a year that has a card: "+cardYears(), "there is no rate card for %q", string(c.Year))
	}
	choices := c.Rates
	if len(choices) == 0 {
		for _, r := range card {
			if _, adopted := l.rates[rateKey{c.Year, r.Rate}]; r.Standing.payable() && !adopted {
				choices = append(choices, RateChoice{Rate: r.Rate})
			}
		}
	}
	e := RateCardAdopted{Year: c.Year}
	seen := map[RateCode]bool{}
	for i, choice := range choices {
		rate, adopted, err := l.chooseRate(card, c.Year, choice)
		if err == nil && seen[choice.Rate] {
			err = refuse(RuleRateAdopted, "name it once", "rate %s is named twice", choice.Rate)
		}
		if err == nil {
			err = l.checkRivals(rate, e.Rates)
		}
		if err != nil {
			return nil, onLine(i, err)
		}
		seen[choice.Rate] = true
		if !adopted {
			e.Rates = append(e.Rates, rate)
		}
	}
	if len(e.Rates) == 0 {
		return nil, ErrUnchanged
	}
	return e, nil
}

// chooseRate returns a rate of a card as it is to be adopted, and whether it is already, or refuses it.
func (l *Ledger) chooseRate(card []Rate, year Year, choice RateChoice) (rate Rate, adopted bool, err error) {
	i := slices.IndexFunc(card, func(r Rate) bool { return r.Rate == choice.Rate })
	if i < 0 {
		return Rate{}, false, refuse(RuleRateUnknown, "choose one of the card: "+cardRates(card), "the card of %s has no rate %q", year, string(choice.Rate))
	}
	rate = card[i]
	rate.Document = choice.Document
	if !rate.Standing.payable() && rate.Document.Title == "" {
		return rate, false, refuse(RuleRateStanding, "give the document that says what is to be paid (document: title, address)",
			"rate %s of %s is %s (%s): %s", rate.Rate, year, rate.Standing, rate.Standing.words(), cmp.Or(rate.Note, "it has no note"))
	}
	known, is := l.rates[rateKey{year, rate.Rate}]
	if is && known != rate {
		return rate, false, refuse(RuleRateAdopted, "leave it out; a rate that changes is revised, not adopted again", "rate %s of %s is adopted already, on another document",
			rate.Rate, year)
	}
	return rate, is, nil
}

// checkRivals refuses a rate that another already answers: where sources disagree, one of them is paid.
func (l *Ledger) checkRivals(rate Rate, alongside []Rate) error {
	for _, other := range RateCard(rate.Year) {
		_, adopted := l.rates[rateKey{rate.Year, other.Rate}]
		adopted = adopted || slices.ContainsFunc(alongside, func(r Rate) bool { return r.Rate == other.Rate })
		disputed := rate.Standing == StandingConflict || other.Standing == StandingConflict
		if adopted && disputed && other.Rate != rate.Rate && other.Category == rate.Category {
			return refuse(RuleRateAdopted, "leave one of the two out", "rate %s is adopted for %s in %s; %s is what another source makes of the same, and one of them is paid",
				other.Rate, rate.Category, rate.Year, rate.Rate)
		}
	}
	return nil
}

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

func (l *Ledger) adoptRates(e RateCardAdopted) {
	for _, r := range e.Rates {
		set(&l.rates, rateKey{e.Year, r.Rate}, r)
	}
}

// adopted returns a rate that may be paid, or refuses one that nobody adopted.
func (l *Ledger) adopted(year Year, code RateCode) (Rate, error) {
	rate, ok := l.rates[rateKey{year, code}]
	if !ok {
		return rate, refuse(RuleRateNotAdopted, "adopt it first (AdoptRateCard): pcnledger show rates", "rate %q of %s is not adopted; nothing is paid on it",
			string(code), year)
	}
	return rate, nil
}
