package domain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// RuleRateOnCard is for a rate of one's own that the year's card has.
const RuleRateOnCard Rule = "rate-on-card"

// Rates are written as they are printed: digits and a point. A penny is the hundredth of a pound, and no rate of the
// Network Contract has more than four places.
var (
	poundsForm   = regexp.MustCompile(`^\d{1,9}(\.\d{1,6})?$`)
	rateCodeForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,39}$`)
)

// checkPounds refuses an amount that is no exact number of pounds above zero.
func checkPounds(text, what string) error {
	if poundsForm.MatchString(text) && mustDecimal(text).Sign() > 0 {
		return nil
	}
	return refuse(RuleRateForm, "give pounds above zero, as printed: 1.761", "%s is %q", what, text)
}

// checkPercent refuses a part of a role's cost that is none, and any for what is no role.
func (r Rate) checkPercent() error {
	if r.Kind != RateReimbursedRole {
		if r.Percent == "" {
			return nil
		}
		return refuse(RuleRateForm, "leave the percentage out", "rate %s is no reimbursed role; it has a percentage, %q", r.Rate, r.Percent)
	}
	if poundsForm.MatchString(r.Percent) && mustDecimal(r.Percent).Sign() > 0 && mustDecimal(r.Percent).LessThanOrEqual(mustDecimal("100")) {
		return nil
	}
	return refuse(RuleRateForm, "give the part of a role's cost that is reimbursed, above 0 and at most 100", "the percentage of rate %s is %q", r.Rate, r.Percent)
}

// ownRates checks rates of the user's own like the lines of a card, fills in what goes without saying, and returns those
// that are not adopted yet.
func (l *Ledger) ownRates(year Year, own []Rate) (rates []Rate, err error) {
	var checked []Rate
	for i, r := range own {
		r, err := r.asOwn(year)
		if err == nil {
			err = r.checkAlongside(checked)
		}
		adopted := false
		if err == nil {
			adopted, err = l.checkAdoption(r)
		}
		if err == nil && !adopted {
			err = l.checkOnePeriod(r)
		}
		if err != nil {
			return nil, onLine(i, err)
		}
		checked = append(checked, r)
		if !adopted {
			rates = append(rates, r)
		}
	}
	return rates, nil
}

// asOwn is a rate of the user's own with its defaults, or a refusal that names the member that is wrong.
func (r Rate) asOwn(year Year) (Rate, error) {
	if !rateCodeForm.MatchString(string(r.Rate)) {
		return r, refuse(RuleRateForm, "give capital letters, digits and _: LEAD_GP_SESSION", "%q is no code of a rate (rate)", string(r.Rate))
	}
	if onCard(year, r.Rate) {
		return r, refuse(RuleRateOnCard, "adopt it (rates), and then revise it (ReviseRate) or override it (OverrideRate); or give your own another code",
			"the card of %s has a rate %s", year, r.Rate)
	}
	if err := checkText(r.Title, fmt.Sprintf("the title of rate %s", r.Rate), `"Session of a Lead GP"`); err != nil {
		return r, err
	}
	if err := r.ownPeriod(year); err != nil {
		return r, err
	}
	r = r.withDefaults(year)
	for _, check := range []func() error{r.checkWords, r.checkUnit, r.checkAmounts, r.checkPercent, r.checkDays, r.checkOrigin} {
		if err := check(); err != nil {
			return r, err
		}
	}
	return r, nil
}

// ownPeriod refuses a year that is not that of the command.
func (r Rate) ownPeriod(year Year) error {
	if r.Year == "" || r.Year == year {
		return nil
	}
	return refuse(RuleRateDates, "adopt each year by itself", "rate %s is for %s and the rates of %s are adopted (year)", r.Rate, r.Year, year)
}

// withDefaults fills in what a rate of one's own need not say: the whole year, in monthly instalments from its first
// month, to the nominated payee, for a category of the rate's own title, rounded to the penny.
func (r Rate) withDefaults(year Year) Rate {
	r.Year = year
	r.From, r.To = cmp.Or(r.From, year.First()), cmp.Or(r.To, year.Last())
	r.Payee, r.Rounding = cmp.Or(r.Payee, PayNominated), cmp.Or(r.Rounding, RoundPenny)
	r.Standing, r.Source = cmp.Or(r.Standing, StandingUnverified), cmp.Or(r.Source, r.Document.Title)
	if r.Kind != RateNetworkSum {
		r.Category = cmp.Or(r.Category, Category(r.Title))
	}
	if r.Kind == RateEntitlement || r.Kind == RateNetworkSum {
		r.Instalments, r.Membership = cmp.Or(r.Instalments, PayMonthly), cmp.Or(r.Membership, MembersOnFirst)
	}
	if r.Kind == RateReimbursedRole {
		r.Percent, r.Sum = cmp.Or(r.Percent, "100"), cmp.Or(r.Sum, SumARRS)
	}
	if r.Kind == RateReimbursedRole || r.Kind == RateSupplierFee {
		r.FullTime = cmp.Or(r.FullTime, "37.5")
	}
	if months := r.Months(); len(months) > 0 {
		r.First = cmp.Or(r.First, months[0])
	}
	return r
}

// checkWords refuses a member that takes one of a few words and has another.
func (r Rate) checkWords() error {
	oneOf := func(member, text string, words ...string) error {
		if slices.Contains(words, text) {
			return nil
		}
		words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
		if len(words) == 0 {
			return refuse(RuleRateForm, "leave it out", "the %s of rate %s is %q; a rate of one's own has none", member, r.Rate, text)
		}
		return refuse(RuleRateForm, "give one of these: "+strings.Join(words, ", "), "the %s of rate %s is %q", member, r.Rate, text)
	}
	return cmp.Or(
		oneOf("kind", string(r.Kind), string(RateEntitlement), string(RateReimbursedRole), string(RateNetworkSum), string(RateSupplierFee)),
		oneOf("use", string(r.Use), ""),
		oneOf("of", r.Of, ""),
		oneOf("area", string(r.Area), "", string(AreaOuter), string(AreaInner), string(AreaLondon)),
		oneOf("population", string(r.Population), "", string(PopulationRegistered), string(PopulationWeighted), string(PopulationAdjusted)),
		oneOf("membership", string(r.Membership), "", string(MembersOnFirst), string(MembersByDay), string(MembersAtReference)),
		oneOf("instalments", string(r.Instalments), "", string(PayMonthly), string(PayOnce)),
		oneOf("payee", string(r.Payee), string(PayNominated), string(PayPractice)),
		oneOf("rounding", string(r.Rounding), string(RoundPenny), string(RoundPound)),
		oneOf("standing", string(r.Standing), string(StandingPrimary), string(StandingSecondary), string(StandingInferred), string(StandingUnverified), string(StandingConflict)),
	)
}

// orNone names what is given, or says that it is not.
func orNone(name, value string) string {
	if value == "" {
		return "no " + name
	}
	return fmt.Sprintf("%s %q", name, value)
}

// checkUnit refuses a unit that does not go with what is counted.
func (r Rate) checkUnit() error {
	wrong := func(remedy string) error {
		return refuse(RuleRateForm, remedy, "rate %s (%s) has %s, %s and %s", r.Rate, r.Kind, orNone("unit", string(r.Unit)), orNone("population", string(r.Population)), orNone("measure", string(r.Measure)))
	}
	switch {
	case r.Kind == RateReimbursedRole || r.Kind == RateSupplierFee:
		if r.Unit != UnitWTE || r.Population != "" || r.Measure != "" {
			return wrong("give the unit WTE, and no population or measure")
		}
	case r.Unit == UnitPatient:
		if r.Population == "" {
			return wrong("say which list it is paid on (population): registered, weighted or adjusted")
		}
	case r.Unit == UnitNetwork:
		if r.Population != "" {
			return wrong("leave the population out, or give the unit patient")
		}
	case slices.Contains([]Unit{UnitBed, UnitPoint, UnitSession, UnitWTE}, r.Unit):
		if r.Population != "" || r.Measure == "" {
			return wrong("say what is counted (measure), and no population")
		}
	default:
		return wrong("give the unit: patient, bed, point, session, WTE or network")
	}
	return nil
}

// checkAmounts refuses a number that is none.
func (r Rate) checkAmounts() error {
	if r.Amount == "" {
		return refuse(RuleRateAmount, "give the amount in pounds for one unit and the whole period (amount)", "rate %s has no amount", r.Rate)
	}
	if err := checkPounds(r.Amount, fmt.Sprintf("the amount of rate %s", r.Rate)); err != nil {
		return err
	}
	for _, n := range []struct{ member, text string }{{"limit", r.Limit}, {"largelimit", r.LargeLimit}, {"minutes", r.Minutes}} {
		if n.text != "" && !poundsForm.MatchString(n.text) {
			return refuse(RuleRateForm, "give a number, or leave it out", "the %s of rate %s is %q", n.member, r.Rate, n.text)
		}
	}
	if r.FullTime == "" || r.FullTime == "9 sessions" {
		return nil
	}
	_, err := Hours(r.FullTime).rat()
	return err
}

// checkDays refuses a period outside its year or within a month, and a first payment outside its period.
func (r Rate) checkDays() error {
	if r.From < r.Year.First() || r.To > r.Year.Last() || r.From > r.To {
		return refuse(RuleRateDates, fmt.Sprintf("give days from %s to %s (from, to)", r.Year.First(), r.Year.Last()), "rate %s of %s runs from %s to %s", r.Rate, r.Year, r.From, r.To)
	}
	if r.From != monthOf(r.From).First() || r.To != monthOf(r.To).Last() {
		return refuse(RuleRateDates, "give whole months (from, to): a month is paid at the rate of its 1st", "rate %s of %s runs from %s to %s", r.Rate, r.Year, r.From, r.To)
	}
	if !slices.Contains(r.Months(), r.First) {
		return refuse(RuleRateDates, "give a month of its period (first)", "rate %s of %s is first paid for %q", r.Rate, r.Year, string(r.First))
	}
	if r.Membership == MembersAtReference && r.Reference == "" {
		return refuse(RuleRateForm, "give the reference date (reference), or count practices by month or day", "the practices of rate %s are those of a reference date, and it has none", r.Rate)
	}
	return nil
}

// checkOrigin refuses a rate that nobody can look up.
func (r Rate) checkOrigin() error {
	if r.Source == "" {
		return refuse(RuleTextMissing, `say where it stands (source), for example "service agreement of 1 April 2021"`, "rate %s has no source", r.Rate)
	}
	return r.relyOn(r.Document)
}

// checkAlongside refuses a rate of one's own that stands twice.
func (r Rate) checkAlongside(others []Rate) error {
	if slices.ContainsFunc(others, r.sameDays) {
		return refuse(RuleRateAdopted, "name it once", "rate %s%s stands twice for the same days", r.Rate, inArea(r.Area))
	}
	return r.oneAmong(others)
}

// checkOnePeriod refuses a second period of a rate that is adopted and has only one.
func (l *Ledger) checkOnePeriod(r Rate) error {
	var others []Rate
	for _, v := range l.rates[rateKey{r.Year, r.Rate}] {
		others = append(others, v.rate)
	}
	return r.oneAmong(others)
}

// oneAmong refuses what differs in kind from others of its code, and a second period or area of what is no role: what is
// due by a month follows from the months of one period.
func (r Rate) oneAmong(others []Rate) error {
	for _, other := range others {
		if other.Rate == r.Rate && (other.Kind != r.Kind || r.Kind == RateEntitlement || r.Kind == RateNetworkSum) {
			return refuse(RuleRateAdopted, "give it another code", "rate %s of %s is there already as %s from %s to %s; it has one period", r.Rate, r.Year, other.Kind, other.From, other.To)
		}
	}
	return nil
}
