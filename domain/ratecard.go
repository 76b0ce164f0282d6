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

// The rules of adopting rates.
const (
	RuleRateForm     Rule = "rate-form"           // a member of a rate that is none
	RuleRateConflict Rule = "rate-conflict"       // sources disagree, and nobody chose
	RuleRateWrong    Rule = "rate-known-wrong"    // kept in the card so that nobody pays on it
	RuleRateAmount   Rule = "rate-amount-missing" // no amount was found
	RuleRateRevision Rule = "rate-is-revision"    // replaces a rate that is adopted
)

// AdoptRateCard asks that rates of a year's card be paid. Without names or rates of the user's own it adopts every rate as
// first published that is read in a primary or secondary source; a rate that is less sure is named, with the document that
// the officer relies on. Own are rates that no card has: local ones, and those of a contract that is newer than the
// programme, whose year then need not have a card.
type AdoptRateCard struct {
	Year  Year         `json:"year"`
	Rates []RateChoice `json:"rates,omitzero"`
	Own   []Rate       `json:"own,omitzero"` // each with its source; less than secondary, with its document
}

// A RateChoice names lines of a card to adopt: all that have the code, for every area and part of the year, or only some.
// Where several sources print a rate for the same area and days it is the one that is primary or secondary; if that does
// not decide it, the choice is the officer's, by edition.
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
	card := cards()[c.Year]
	if c.Year == "" {
		return nil, refuse(RuleTextMissing, "give the year of the rates (year): 2026-27", "the year whose rates are adopted is missing")
	}
	if len(card) == 0 && (len(c.Rates) > 0 || len(c.Own) == 0) {
		return nil, refuse(RuleRateUnknown, "choose a year that has a card ("+cardYears()+"), or give its rates as your own (own)", "there is no rate card for %q", string(c.Year))
	}
	e := RateCardAdopted{Year: c.Year}
	if len(c.Rates) == 0 && len(c.Own) == 0 {
		e.Rates = l.wholeCard(card)
	}
	chosen, err := l.chosen(card, c.Rates)
	if err != nil {
		return nil, err
	}
	own, err := l.ownRates(c.Year, c.Own)
	if err != nil {
		return nil, err
	}
	e.Rates = slices.Concat(e.Rates, chosen, own)
	if len(e.Rates) == 0 {
		return nil, ErrUnchanged
	}
	return e, nil
}

// wholeCard lists the rates of a card that can be adopted without a further word, in its order.
func (l *Ledger) wholeCard(card []Rate) (rates []Rate) {
	for _, r := range card {
		if r.first() && r.paid() && r.Standing.payable() && !l.hasAdopted(r) && len(surest(r.editions(card))) == 1 {
			rates = append(rates, r)
		}
	}
	return rates
}

// first says that a line is a rate as first published, by whatever source.
func (r Rate) first() bool { return r.Use == "" && r.Of == "" }

// paid says that something can be paid on a line: the others are there to check by.
func (r Rate) paid() bool { return r.Kind != RateOnCost && r.Kind != RatePublishedTotal }

// sameDays says that two rates are about the same, for the same area and some of the same days.
func (r Rate) sameDays(other Rate) bool {
	return r.Rate == other.Rate && r.Area == other.Area && r.From <= other.To && other.From <= r.To
}

// editions lists what sources first published for the area and days of a rate, itself included.
func (r Rate) editions(card []Rate) (editions []Rate) {
	for _, other := range card {
		if other.first() && other.sameDays(r) {
			editions = append(editions, other)
		}
	}
	return editions
}

// surest lists those of several editions that can be paid on their own source; of one, that one.
func surest(editions []Rate) (sure []Rate) {
	if len(editions) == 1 {
		return editions
	}
	for _, r := range editions {
		if r.Standing.payable() {
			sure = append(sure, r)
		}
	}
	return sure
}

// hasAdopted says that a rate is adopted for the same area and some of the same days, in whatever edition.
func (l *Ledger) hasAdopted(r Rate) bool {
	return slices.ContainsFunc(l.rates[rateKey{r.Year, r.Rate}], func(v rateVersion) bool { return v.rate.sameDays(r) })
}

// chosen lists the rates that choices name and that are not adopted yet, or refuses one.
func (l *Ledger) chosen(card []Rate, choices []RateChoice) (chosen []Rate, err error) {
	seen := map[RateChoice]bool{}
	for i, choice := range choices {
		named := choice
		named.Document, named.Amount = Source{}, ""
		if seen[named] {
			return nil, onLine(i, refuse(RuleRateAdopted, "name it once", "rate %s is named twice", choice.Rate))
		}
		seen[named] = true
		rates, err := l.chooseRates(card, choice, chosen)
		if err != nil {
			return nil, onLine(i, err)
		}
		chosen = append(chosen, rates...)
	}
	return chosen, nil
}

// chooseRates returns the lines of a card that a choice names and that are not adopted yet, or refuses one of them.
func (l *Ledger) chooseRates(card []Rate, c RateChoice, alongside []Rate) (rates []Rate, err error) {
	lines, err := c.lines(card)
	if err != nil {
		return nil, err
	}
	if err := c.checkAmount(lines); err != nil {
		return nil, err
	}
	for _, r := range lines {
		r.Document, r.Amount = c.Document, cmp.Or(r.Amount, c.Amount)
		if slices.ContainsFunc(slices.Concat(alongside, rates), r.sameDays) {
			return nil, refuse(RuleRateAdopted, "name it once", "rate %s of %s is named twice for the same days", r.Rate, r.Year)
		}
		adopted, err := l.checkAdoption(r)
		if err != nil {
			return nil, err
		}
		if !adopted {
			rates = append(rates, r)
		}
	}
	return rates, nil
}

// lines returns the lines of a card that a choice names: of several editions of the same days, one.
func (c RateChoice) lines(card []Rate) (lines []Rate, err error) {
	for _, r := range card {
		if r.Rate != c.Rate || c.Area != "" && r.Area != c.Area || c.From != "" && r.From != c.From {
			continue
		}
		if r.Of != "" && (c.Edition == "" || c.Edition == r.Edition) {
			return nil, r.splitUnknown()
		}
		if c.Edition != "" && r.Edition == c.Edition {
			lines = append(lines, r)
		}
		if c.Edition != "" || !r.first() {
			continue
		}
		editions := r.editions(card)
		sure := surest(editions)
		if len(sure) != 1 {
			return nil, conflict(editions)
		}
		if r == sure[0] {
			lines = append(lines, r)
		}
	}
	if len(lines) == 0 {
		return nil, c.unknown(card)
	}
	return lines, nil
}

// unknown refuses a choice that no line of a card answers.
func (c RateChoice) unknown(card []Rate) error {
	var lines []string
	for _, r := range card {
		if r.Rate == c.Rate {
			lines = append(lines, r.line())
		}
	}
	if len(lines) == 0 {
		return refuse(RuleRateUnknown, "choose one of the card: "+cardRates(card), "the card of %s has no rate %q", card[0].Year, string(c.Rate))
	}
	return refuse(RuleRateUnknown, "choose one of its lines: "+strings.Join(lines, "; "), "the card of %s has no such line of rate %s", card[0].Year, c.Rate)
}

// line names a line of a card by what a choice can say of it.
func (r Rate) line() string {
	text := "from " + string(r.From)
	if r.Area != "" {
		text += ", area " + string(r.Area)
	}
	if r.Edition != "" {
		text += ", edition " + r.Edition
	}
	return text
}

// conflict refuses to choose between sources.
func conflict(editions []Rate) error {
	var texts []string
	for _, r := range editions {
		texts = append(texts, fmt.Sprintf("%s: £%s (%s; %s)", cmp.Or(r.Edition, "as first published"), r.Amount, r.Standing, cmp.Or(r.Source, "no source")))
	}
	return refuse(RuleRateConflict, "name the one you rely on (edition), with the document", "sources disagree on rate %s of %s%s: %s",
		editions[0].Rate, editions[0].Year, inArea(editions[0].Area), strings.Join(texts, "; "))
}

// checkAmount refuses a choice whose lines have no amount, or another than it gives.
func (c RateChoice) checkAmount(lines []Rate) error {
	if c.Amount != "" {
		if err := checkPounds(c.Amount, "the amount"); err != nil {
			return err
		}
	}
	blank := 0
	for _, r := range lines {
		switch {
		case !r.paid():
			return refuse(RuleRateKind, "leave it out: it is there to check by", "nothing is paid on %s of %s (%s: %s)", r.Rate, r.Year, r.Kind, r.Title)
		case r.Use == UseWrong:
			return refuse(RuleRateWrong, "leave it out, and adopt the rate as first published", "rate %s of %s, edition %q, is known to be wrong: %s", r.Rate, r.Year, r.Edition, r.Note)
		case r.Amount == "" && c.Amount == "":
			return refuse(RuleRateAmount, "give the amount and the document that says it (amount, document)", "no amount was found for %s of %s%s, %s to %s",
				r.Rate, r.Year, inArea(r.Area), r.From, r.To)
		case r.Amount == "":
			blank++
		case c.Amount != "" && !r.amount().Equal(mustDecimal(c.Amount)):
			return refuse(RuleRateConflict, "adopt it as the card has it, and revise it on your document (ReviseRate)", "rate %s of %s is £%s in the card (%s), not £%s",
				r.Rate, r.Year, r.Amount, cmp.Or(r.Source, "no source"), c.Amount)
		}
	}
	if blank > 1 {
		return refuse(RuleRateAmount, "name each part by itself (from): "+spans(lines), "rate %s has %d parts without an amount, and one amount is given", c.Rate, blank)
	}
	return nil
}

// checkAdoption says whether a rate is adopted already as it is chosen, or refuses it.
func (l *Ledger) checkAdoption(r Rate) (adopted bool, err error) {
	if err := r.relyOn(r.Document); err != nil {
		return false, err
	}
	for _, v := range l.rates[rateKey{r.Year, r.Rate}] {
		if v.rate == r {
			return true, nil
		}
	}
	switch {
	case !l.hasAdopted(r):
		return false, nil
	case r.Use == UseRevision:
		return false, refuse(RuleRateRevision, fmt.Sprintf("revise it (ReviseRate, edition %q)", r.Edition), "rate %s of %s is adopted already; edition %q replaces it", r.Rate, r.Year, r.Edition)
	}
	return false, refuse(RuleRateAdopted, "leave it out; a rate that changes is revised (ReviseRate), not adopted again",
		"rate %s of %s%s is adopted already for these days, on another document or in another edition", r.Rate, r.Year, inArea(r.Area))
}

// relyOn refuses a rate that is less than secondary without a document that says what is to be paid.
func (r Rate) relyOn(document Source) error {
	if r.Standing.payable() || document.given() {
		return nil
	}
	return refuse(RuleRateStanding, "give the document that says what is to be paid (document: title, address)",
		"rate %s of %s is %s (%s): %s", r.Rate, r.Year, r.Standing, r.Standing.words(), cmp.Or(r.Note, "its line does not say more"))
}

// onCard says that the card of a year has a code.
func onCard(year Year, code RateCode) bool {
	return slices.ContainsFunc(cards()[year], func(r Rate) bool { return r.Rate == code })
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

// cardRates lists the codes of a card on which something is paid, each once.
func cardRates(card []Rate) string {
	var codes []string
	for _, r := range card {
		if r.paid() && r.Of == "" && !slices.Contains(codes, string(r.Rate)) {
			codes = append(codes, string(r.Rate))
		}
	}
	return strings.Join(codes, ", ")
}
