package domain

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// The functions here say in words how a figure was come by, with its own numbers. Reports, statements and explanations
// print the same sentence.

// Pounds prints a rate in pounds as it is published: £1.50, £0.5143, £37,810.00; nothing where there is none.
func Pounds(amount string) string {
	if amount == "" {
		return ""
	}
	whole, part, _ := strings.Cut(amount, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for len(part) < 2 {
		part += "0"
	}
	return sign + "£" + groupThousands(whole) + "." + part
}

// numberOf prints a number of things: 1 month, 27,524 patients.
func numberOf(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return groupThousands(strconv.Itoa(n)) + " " + thing + "s"
}

// Words prints a quantity: 328, 37.5, 2/3.
func (q Quantity) Words() string {
	r, ok := new(big.Rat).SetString(string(q))
	if !ok {
		return string(q)
	}
	return ratWords(r)
}

// ratWords prints a number as a decimal where it has few places, and as a fraction where it has not: 37.5, 39,678 13/31.
func ratWords(r *big.Rat) string {
	places, exact := r.FloatPrec()
	if !exact || places > 6 {
		whole, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
		if whole.Sign() <= 0 {
			return r.RatString()
		}
		return groupThousands(whole.String()) + " " + rest.String() + "/" + r.Denom().String()
	}
	whole, part, cut := strings.Cut(r.FloatString(places), ".")
	if !strings.HasPrefix(whole, "-") {
		whole = groupThousands(whole)
	}
	if cut {
		whole += "." + part
	}
	return whole
}

// CountWords says what a rate is multiplied by: 27,524 patients, 328 beds, or both.
func (r Rate) CountWords(on Footing) string {
	quantity := on.Quantity
	switch {
	case r.Population != "" && r.Measure == "" && quantity != "":
		return quantity.Words() + " patients"
	case r.Population != "" && r.Measure != "":
		return numberOf(int(on.Patients), "patient") + " × " + cmpQuantity(quantity).Words()
	case r.Population != "" || r.Measure == "" && on.Patients != 0:
		return numberOf(int(on.Patients), "patient")
	case r.Measure != "":
		quantity = cmpQuantity(quantity)
		if quantity == "1" {
			return "1 " + string(r.Unit)
		}
		return quantity.Words() + " " + string(r.Unit) + "s"
	}
	return "1 network"
}

// cmpQuantity is the quantity, or none of it.
func cmpQuantity(q Quantity) Quantity {
	if q == "" {
		return "0"
	}
	return q
}

// AnnualWords is the arithmetic of what a rate comes to for its whole period: 27,524 patients × £1.44 = £39,634.56 for the
// year. The rate is the version that the footing names.
func (r Rate) AnnualWords(on Footing) string {
	words := fmt.Sprintf("%s × %s = %s", r.CountWords(on), Pounds(r.Amount), on.Annual)
	switch n := len(r.Months()); {
	case r.Instalments == PayOnce:
		return words + ", paid once"
	case n == 12:
		return words + " for the year"
	default:
		return words + " for " + numberOf(n, "month")
	}
}

// InstalmentWords adds to the arithmetic of the annual amount which instalments an amount is, from one month to another:
// instalment 1 of 12 is £3,302.88. Where months before stand on another list or rate, the instalments are not those of this
// annual amount alone, and the words say so.
func (r Rate) InstalmentWords(on Footing, first, last Service, own Pence) string {
	words, months := r.AnnualWords(on), r.Months()
	from, to := slices.Index(months, first), slices.Index(months, last)
	if r.Instalments == PayOnce || from < 0 || to < 0 {
		return words + "; " + monthName(first) + " brings " + own.String()
	}
	words += "; "
	if r.instalments(on.Annual, from, to) != own {
		words += "with what each month stands on, "
	}
	if from == to {
		return words + fmt.Sprintf("instalment %d of %d is %s", to+1, len(months), own)
	}
	return words + fmt.Sprintf("instalments %d to %d of %d are %s", from+1, to+1, len(months), own)
}

// RaisedWords is the arithmetic of what a run raised for one month: which instalment of the annual amount it is, and what
// of it was raised before. InAll is what was raised for the months up to this one; where months before stand on another
// list or rate, the instalment cannot be read off it, and the words say so.
func (r Rate) RaisedWords(on Footing, month Service, pence, inAll Pence) string {
	k := slices.Index(r.Months(), month)
	if k < 0 {
		return fmt.Sprintf("%s raised for %s", pence, month) // the rate is not known: history has been cut short
	}
	if r.Instalments == PayOnce || r.instalments(on.Annual, 0, k) != inAll {
		return r.InstalmentWords(on, month, month, pence)
	}
	own := r.instalments(on.Annual, k, k)
	words := r.InstalmentWords(on, month, month, own)
	if own > pence {
		words += fmt.Sprintf("; %s was raised before, %s now", own-pence, pence)
	}
	return words
}

// AdjustedWords is the arithmetic of a difference: what a month stood on, and what it stands on now, each at the version of
// the rate that its footing names: was 100 beds × £120.00 = £12,000.00 for the year (rate of event 17); is 100 beds × £114.48
// = £11,448.00 for the year (rate of event 27).
func AdjustedWords(before, now Rate, part AdjustedPart) string {
	return fmt.Sprintf("was %s (%s); is %s (%s)", before.AnnualWords(part.Was), part.Was.versions(), now.AnnualWords(part.Now), part.Now.versions())
}

// versions names the events of a footing: rate of event 17, list 12.
func (f Footing) versions() string {
	words := fmt.Sprintf("rate of event %d", f.Rate)
	if f.List != 0 {
		words += fmt.Sprintf(", list %d", f.List)
	}
	if f.Counted != 0 {
		words += fmt.Sprintf(", quantity of event %d", f.Counted)
	}
	return words
}

// instalments is what equal instalments of an annual amount come to, from one to another.
func (r Rate) instalments(annual Pence, from, to int) (sum Pence) {
	for _, own := range Instalments(slices.Repeat([]Pence{annual}, to+1), len(r.Months()))[from:] {
		sum += own
	}
	return sum
}

// Words is the arithmetic of one post of a claim: 70 % of £4,500.00 = £3,150.00; maximum £3,150.83.
func (a ApprovedLine) Words() string {
	words := fmt.Sprintf("%s %% of %s = %s; maximum %s", a.Percent, a.Cost, a.Part, a.Maximum)
	right := min(a.Part, a.Maximum)
	if a.Before != 0 {
		words += fmt.Sprintf("; %s was approved before, %s now", a.Before, a.Pence)
		right -= a.Before
	}
	switch {
	case a.Pence < right:
		words += fmt.Sprintf("; paid to the %s left of the network's sum", a.Pence)
	case a.Part > a.Maximum:
		words += "; paid to the maximum"
	}
	return words
}

// monthName prints July 2019 for 2019-20/M04; a whole year stays as it is.
func monthName(s Service) string {
	if s == "" || s == s.WholeYear() {
		return string(s)
	}
	_, name, _ := strings.Cut(s.First().String(), " ")
	return name
}

// monthNames prints April 2021, or April 2021 to July 2021.
func monthNames(first, last Service) string {
	if first == last {
		return monthName(first)
	}
	return monthName(first) + " to " + monthName(last)
}
