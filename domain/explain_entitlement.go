package domain

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// explainRun opens each line of a run.
func (w *Workings) explainRun(r Recorded, e EntitlementRun) ([]Explanation, error) {
	run, err := w.runAgain(e.Year, e.Rate, e.Through)
	if err != nil {
		return nil, err
	}
	all := make([]Explanation, 0, len(e.Lines))
	for i := range e.Lines {
		x, err := w.explainLine(run, r, e, i)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}

// runAgain is a run as it was worked out, without what decides whether it may be.
func (w *Workings) runAgain(year Year, code RateCode, through Service) (*entitlementRun, error) {
	rate, err := w.ledger.adopted(year, code)
	if err != nil {
		return nil, err
	}
	run := &entitlementRun{reckoner: reckoner{Grounds: &w.ledger.Grounds}, ledger: &w.ledger, rate: rate, through: through, n: len(rate.Months())}
	for _, month := range rate.Months() {
		if month <= through {
			run.months = append(run.months, month)
		}
	}
	return run, nil
}

// dueMonths are what a claimant's months come to: how each was reckoned, and its own result.
type dueMonths struct {
	months     []Service
	reckonings []Reckoning
	own        []Pence
}

// dueFor reckons every month of a run for a claimant.
func (r *entitlementRun) dueFor(c claimant) (d dueMonths, err error) {
	annual := make([]Pence, len(r.months))
	d = dueMonths{months: r.months, reckonings: make([]Reckoning, len(r.months))}
	for i, month := range r.months {
		if d.reckonings[i], err = r.reckon(r.rate, c, month); err != nil {
			return d, err
		}
		annual[i] = d.reckonings[i].Annual
	}
	d.own, err = r.own(c, annual)
	return d, err
}

// footings are what the months stand on.
func (d dueMonths) footings() map[Service]Footing {
	footings := map[Service]Footing{}
	for i, month := range d.months {
		footings[month] = d.reckonings[i].Footing
	}
	return footings
}

// at is the place of a month.
func (d dueMonths) at(month Service) int { return slices.Index(d.months, month) }

// between adds up the own results of the months from one to another.
func (d dueMonths) between(first, last Service) (sum Pence) {
	for i, month := range d.months {
		if first <= month && month <= last {
			sum += d.own[i]
		}
	}
	return sum
}

func (w *Workings) explainLine(run *entitlementRun, r Recorded, e EntitlementRun, i int) (Explanation, error) {
	line := &e.Lines[i]
	c := line.claimant()
	due, err := run.dueFor(c)
	if err != nil {
		return Explanation{}, err
	}
	parts, err := run.parts(c, due.own, due.footings())
	if err != nil {
		return Explanation{}, err
	}
	x := money("item "+string(itemID(r.Number, i+1)), 0)
	for _, part := range parts {
		x.Pence += part.Pence
	}
	x.Value = x.Pence.String()
	x.holds(line.Pence)
	x.Formula = run.rate.Title + " of " + c.words() + ": each month's own result, less what was raised for it before"
	x.Inputs = append(x.Inputs, w.payeeInput(line.Beneficiary, line.Practice, line.Payee, run.through.First()),
		Input{Name: "the run", Value: fmt.Sprintf("fund %s, due on %s", e.Fund, e.Due), Event: r.Number})
	if len(parts) == 0 {
		return x, nil
	}
	first, last := parts[0].For, parts[len(parts)-1].For
	x.Numbers = due.sentence(first, last, x.Pence)
	x.Parts = w.explainAnnuals(run, c, due)
	for _, part := range parts {
		x.Parts = append(x.Parts, w.explainMonth(run, c, due, part, recordedPart(line, part.For), r.Number))
	}
	if n := len(parts); n != len(line.Parts) {
		x.Recorded = fmt.Sprintf("%s for %s", line.Pence, numberOf(len(line.Parts), "month"))
	}
	return x, nil
}

// words names whom a payment is counted for.
func (c claimant) words() string {
	if c.practice != "" {
		return c.practice.Bare() + " in " + c.network.Bare()
	}
	return c.network.Bare()
}

// sentence is the arithmetic of an amount for some months, as reports print it.
func (d dueMonths) sentence(first, last Service, pence Pence) string {
	on, own := d.reckonings[d.at(last)], d.between(first, last)
	words := on.Version.InstalmentWords(on.Footing, first, last, own)
	if own != pence {
		words += fmt.Sprintf("; %s was raised before, %s now", own-pence, pence)
	}
	return words
}

// recordedPart is what an event holds for a month, with what it stands on.
func recordedPart(line *EntitlementLine, month Service) EntitlementPart {
	for _, part := range line.Parts {
		if part.For == month {
			on := line.on(part)
			part.On = &on
			return part
		}
	}
	return EntitlementPart{}
}

// explainMonth opens one month's own result.
func (w *Workings) explainMonth(run *entitlementRun, c claimant, due dueMonths, part, recorded EntitlementPart, number int64) Explanation {
	x := money(monthName(part.For), part.Pence)
	x.holds(recorded.Pence)
	i := due.at(part.For)
	if on := due.reckonings[i].Footing; recorded.On != nil && *recorded.On != on && x.Recorded == "" {
		x.Recorded = fmt.Sprintf("%s on %s", recorded.Pence, recorded.On.words())
	}
	x.Formula, x.Numbers = due.ownWords(run.rate, i)
	key := c.key(run.rate)
	if before := run.ledger.raised[key][part.For]; before != 0 {
		x.Numbers += fmt.Sprintf("; %s of it was raised before", before)
		x.Inputs = append(x.Inputs, w.raisedInput(key, part.For, before))
	}
	if own := due.own[i] - run.ledger.raised[key][part.For]; own != part.Pence {
		x.note("%s less is raised, to make good what rounding moved in a month that was raised already", own-part.Pence)
	}
	for _, d := range recorded.Draws {
		x.Inputs = append(x.Inputs, d.input(number))
	}
	return x
}

// ownWords is the rule of a month's own result, in words and in numbers.
func (d dueMonths) ownWords(rate Rate, i int) (formula, numbers string) {
	sum := d.between(d.months[0], d.months[i])
	if rate.Instalments == PayOnce {
		return d.onceWords(i, sum)
	}
	n := len(rate.Months())
	formula = fmt.Sprintf("the annual amounts of months 1 to %d ÷ %d, rounded to the penny, half away from zero; less the same for the months before", i+1, n)
	if i == 0 {
		formula = fmt.Sprintf("the annual amount ÷ %d, rounded to the penny, half away from zero", n)
		return formula, fmt.Sprintf("%s ÷ %d = %s", d.reckonings[0].Annual, n, d.own[0])
	}
	var annual Pence
	for _, r := range d.reckonings[:i+1] {
		annual += r.Annual
	}
	return formula, fmt.Sprintf("%s ÷ %d = %s; less %s = %s", annual, n, sum, sum-d.own[i], d.own[i])
}

// onceWords is the rule of what is paid all at once, in words and in numbers; sum is what the months up to this one bring.
func (d dueMonths) onceWords(i int, sum Pence) (formula, numbers string) {
	whole, before := d.reckonings[i].Annual, sum-d.own[i]
	switch later := whole - sum; {
	case later > 0:
		return "the whole amount as it stands in the month, less what the months before brought, and less what later months take off",
			fmt.Sprintf("%s − %s − %s = %s", whole, before, later, d.own[i])
	case before != 0:
		return "the whole amount as it stands in the month, less what the months before brought", fmt.Sprintf("%s − %s = %s", sum, before, d.own[i])
	}
	return "the whole amount, in the first month in which there is one", d.own[i].String()
}

// words says what a footing is.
func (f Footing) words() string {
	words := []string{fmt.Sprintf("the rate of event %d", f.Rate)}
	if f.List != 0 {
		words = append(words, fmt.Sprintf("list %d with %s", f.List, numberOf(int(f.Patients), "patient")))
	}
	if f.Counted != 0 {
		words = append(words, fmt.Sprintf("the quantity %s of event %d", f.Quantity.Words(), f.Counted))
	}
	return strings.Join(append(words, "an annual amount of "+f.Annual.String()), ", ")
}

// explainAnnuals opens the annual amounts, one for all months in a row that stand on the same.
func (w *Workings) explainAnnuals(run *entitlementRun, c claimant, due dueMonths) (all []Explanation) {
	for first := 0; first < len(due.months); {
		last := first
		for last+1 < len(due.months) && sameReckoning(due.reckonings[first], due.reckonings[last+1]) {
			last++
		}
		all = append(all, w.explainAnnual(run.rate, c, due.reckonings[first], monthNames(due.months[first], due.months[last])))
		first = last + 1
	}
	return all
}

// sameReckoning says that two months stand on the same.
func sameReckoning(a, b Reckoning) bool {
	return a.Footing == b.Footing && slices.Equal(a.Members, b.Members)
}

// explainAnnual opens what a rate comes to for its whole period.
func (w *Workings) explainAnnual(rate Rate, c claimant, on Reckoning, months string) Explanation {
	x := money("annual amount for "+months, on.Annual)
	if rate.Instalments == PayOnce {
		x.Figure = "whole amount for " + months
	}
	x.Formula = rate.countFormula() + " × rate, rounded once to the " + cmp.Or(string(rate.Rounding), string(RoundPenny)) + ", half away from zero"
	x.Numbers = on.Version.AnnualWords(on.Footing)
	x.Inputs = append(x.Inputs, w.rateInput(on.Version, on.Rate))
	if rate.Measure != "" {
		x.Inputs = append(x.Inputs, w.quantityInputs(rate, c, on)...)
		for _, line := range on.Kept {
			if len(line.Factors) > 0 {
				x.note("%s", line.productWords(rate.Measure))
			}
		}
	}
	if rate.Population != "" {
		x.Parts = append(x.Parts, w.explainPatients(rate, c, on))
	}
	if hours, asked := on.Version.AccessMinutes(on.Patients); asked {
		x.note("surgeries are to be open %s a week: %s × %s minutes for 1,000, to the nearest quarter of an hour", hours, numberOf(int(on.Patients), "patient"), on.Version.Minutes)
	}
	return x
}

func (r Rate) countFormula() string {
	switch {
	case r.Population != "" && r.Measure != "":
		return "patients × " + string(r.Measure)
	case r.Population != "":
		return "patients"
	case r.Measure != "":
		return string(r.Measure)
	}
	return "network"
}

// rateInput is a version of a rate and where it is published.
func (w *Workings) rateInput(rate Rate, number int64) Input {
	in := Input{Name: fmt.Sprintf("rate %s of %s", rate.Rate, rate.Year), Value: rate.words(), Event: number, Source: rate.Source, Standing: rate.Standing, Note: rate.Note}
	if rate.Document != (Source{}) {
		in.Document, in.File, in.SHA256 = rate.Document.Title, rate.Document.File, rate.Document.SHA256
	}
	if change, changed := w.changes[number]; changed {
		in.Note = strings.TrimPrefix(in.Note+"; "+change, "; ")
	}
	if rate.Edition != "" {
		in.Name += ", edition " + rate.Edition
	}
	return in
}

// words prints a rate with what it is for: £1.44 a patient.
func (r Rate) words() string {
	words := Pounds(r.Amount) + " a " + string(r.Unit)
	if n := len(r.Months()); n != 12 {
		words += " for " + numberOf(n, "month")
	}
	return words
}

// quantityInputs are the quantity that counts for a month, and each factor of it.
func (w *Workings) quantityInputs(rate Rate, c claimant, on Reckoning) []Input {
	if len(on.Kept) == 0 {
		return []Input{{Name: string(rate.Measure), Value: "0", Note: "nothing is recorded for " + c.words() + " by " + monthName(on.Month)}}
	}
	var all []Input
	for _, line := range on.Kept {
		all = append(all, Input{Name: string(rate.Measure) + " of " + line.Body.Bare(), Value: line.Quantity.Words()}.from(on.Counted, w.sources[on.Counted]))
		for _, f := range line.Factors {
			all = append(all, Input{Name: "times " + f.Name, Value: f.Factor.Words()}.from(on.Counted, w.sources[on.Counted]))
		}
	}
	return all
}

// productWords prints a quantity times its factors: 150.5 × 1.02 × 0.97 = 148.9047 IIF points.
func (line QuantityLine) productWords(measure Measure) string {
	words := line.Quantity.Words()
	for _, f := range line.Factors {
		words += " × " + f.Factor.Words()
	}
	return words + " = " + Quantity(line.product().RatString()).Words() + " " + string(measure)
}

// explainPatients opens how many patients count.
func (w *Workings) explainPatients(rate Rate, c claimant, on Reckoning) Explanation {
	x := Explanation{Figure: "patients of " + c.words(), Value: Quantity(patientsOf(on)).Words() + " patients"}
	if x.Value == "1 patients" {
		x.Value = "1 patient"
	}
	x.Formula = fmt.Sprintf("the %s lists of the practices that count, added up", rate.Population)
	if c.practice != "" {
		x.Formula = fmt.Sprintf("the %s list of the practice", rate.Population)
	}
	var terms []string
	for _, m := range on.Members {
		in := w.memberInput(rate, c, on, m)
		x.Inputs = append(x.Inputs, in)
		terms = append(terms, strings.TrimSuffix(strings.TrimSuffix(in.Value, " patients"), " patient"))
	}
	if len(terms) > 1 && len(terms) <= mostTerms {
		x.Numbers = strings.Join(terms, " + ") + " = " + x.Value
	}
	for _, m := range on.Members {
		if !m.Listed {
			x.note("%s has no patients in list %d and nothing is paid for it", m.Practice.Bare(), on.List)
		}
	}
	if len(on.Members) == 0 {
		x.note("no practice counts for %s in %s: nothing is due for the month", c.words(), monthName(on.Month))
	}
	if c.practice == "" {
		x.note("%s", rate.Membership.Assumption())
	}
	return x
}

// mostTerms is how many practices are added up in words; longer sums are read off the inputs.
const mostTerms = 12

// patientsOf is how many patients count: whole ones, or by days.
func patientsOf(on Reckoning) string {
	sum := Quantity("0").rat()
	for _, m := range on.Members {
		if share := Quantity(fmt.Sprint(m.Patients)).rat(); m.Of == 0 {
			sum.Add(sum, share)
		} else {
			sum.Add(sum, share.Mul(share, big.NewRat(m.Days, m.Of)))
		}
	}
	return sum.RatString()
}

// memberInput is one practice's list, and since when it has been in the network.
func (w *Workings) memberInput(rate Rate, c claimant, on Reckoning, m Counted) Input {
	in := Input{Name: m.Practice.Bare(), Value: numberOf(int(m.Patients), "patient")}
	if m.Of != 0 && m.Days != m.Of {
		in.Value = fmt.Sprintf("%s × %d ÷ %d days", groupThousands(fmt.Sprint(m.Patients)), m.Days, m.Of)
	}
	if number := w.listLine(on.List, m.Practice); number != 0 {
		in = in.from(number, w.sources[number])
	}
	day := rate.memberDay(on.Month)
	for _, e := range w.ledger.registry.enrolments[m.Practice] {
		if e.covers(day) || m.Of != 0 && e.network == c.network && e.from <= on.Month.Last() {
			said := w.said[statement{what: "member", who: m.Practice, in: e.network, from: e.from}]
			in.Note = fmt.Sprintf("in %s from %s%s by event %d: %s", e.network.Bare(), e.from, until(e.to), said, w.sources[said].Title)
		}
	}
	return in
}

// listLine is the event that a practice's line of a list stands in: the list, or the one that it corrects.
func (w *Workings) listLine(number int64, practice Body) int64 {
	for i := len(w.ledger.lists) - 1; i >= 0; i-- {
		list := w.ledger.lists[i]
		if list.number != number {
			continue
		}
		if slices.ContainsFunc(list.digest.Lines, func(line ListLine) bool { return line.Practice == practice }) {
			return number
		}
		number = list.digest.Corrects
	}
	return 0
}

// raisedInput is what was raised for a month before.
func (w *Workings) raisedInput(key raisedKey, month Service, before Pence) Input {
	in := Input{Name: "raised for " + monthName(month) + " before", Value: before.String()}
	if numbers := w.raised[key][month]; len(numbers) > 0 {
		in.Event = numbers[len(numbers)-1]
		if len(numbers) > 1 {
			in.Note = "by events " + strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ", "), "[]") + " together"
		}
	}
	return in
}

// payeeInput is who is paid, and since when.
func (w *Workings) payeeInput(network, practice, payee Body, d Date) Input {
	in := Input{Name: "payee", Value: payee.Bare()}
	if practice != "" && practice == payee {
		in.Note = "the practice itself is paid"
		return in
	}
	for _, n := range w.ledger.registry.nominations[network] {
		if n.from <= d && n.payee == payee {
			number := w.said[statement{what: "payee", who: network, from: n.from}]
			in = in.from(number, w.sources[number])
			in.Note = "nominated from " + n.from.String()
		}
	}
	return in
}

// input is an allocation that an amount is charged to.
func (d Draw) input(number int64) Input {
	whose := []string{string(d.For)}
	for _, word := range []string{string(d.Category), d.Beneficiary.Bare(), d.Payee.Bare()} {
		if word != "" {
			whose = append(whose, word)
		}
	}
	return Input{Name: "charged to what is " + string(d.Account) + " for " + strings.Join(whose, ", "), Value: d.Pence.String(), Event: number}
}
