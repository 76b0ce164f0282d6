package domain

import "slices"

// A rateVersion is a rate as it was adopted, revised or overridden, for the days on which it is paid.
type rateVersion struct {
	number   int64 // of the event
	rate     Rate
	from, to Date
	local    bool // overridden by the commissioner
}

// rateKey names a rate within the ledger.
type rateKey struct {
	year Year
	code RateCode
}

// rateOn returns the version of a rate that is paid on a day, for an area: of several the one recorded last.
func (g *Grounds) rateOn(key rateKey, area CostArea, d Date) (version rateVersion, ok bool) {
	if v := g.versionOn(key, area, d); v != nil {
		return *v, true
	}
	return version, false
}

// versionOn is what [Grounds.rateOn] finds, as it is kept: it is not to be changed. Nil if there is none.
func (g *Grounds) versionOn(key rateKey, area CostArea, d Date) *rateVersion {
	versions := g.rates[key]
	for i := len(versions) - 1; i >= 0; i-- {
		if v := &versions[i]; v.rate.Area == area && v.from <= d && d <= v.to {
			return v
		}
	}
	return nil
}

// adoptRates records rates as they are paid from now on, each for its period.
func (g *Grounds) adoptRates(number int64, e RateCardAdopted) {
	for _, r := range e.Rates {
		key := rateKey{e.Year, r.Rate}
		set(&g.rates, key, append(g.rates[key], rateVersion{number: number, rate: r, from: r.From, to: r.To}))
	}
}

// changeRate records a rate as it is paid from a day on, which may be long past.
func (g *Grounds) changeRate(number int64, c RateChange, local bool) {
	key := rateKey{c.Year, c.Rate}
	set(&g.rates, key, append(g.rates[key], rateVersion{number, c.Now, c.From, c.To, local}))
}

// adopted returns the newest version of a rate that may be paid, whatever its days, or refuses one that nobody adopted.
func (g *Grounds) adopted(year Year, code RateCode) (Rate, error) {
	versions := g.rates[rateKey{year, code}]
	if len(versions) == 0 {
		return Rate{}, refuse(RuleRateNotAdopted, "adopt it first (AdoptRateCard): pcnledger show rates --year "+string(year), "rate %q of %s is not adopted; nothing is paid on it",
			string(code), year)
	}
	return versions[len(versions)-1].rate, nil
}

// Version returns the rate that is paid on a day, and the number of the event that it was adopted, revised or overridden in.
func (g *Grounds) Version(year Year, code RateCode, area CostArea, d Date) (rate Rate, number int64, ok bool) {
	v, ok := g.rateOn(rateKey{year, code}, area, d)
	return v.rate, v.number, ok
}

// onOwnWord says that a rate is adopted or revised on an officer's word: it is on no card, or less than secondary there, and
// what vouches for it is a document that the ledger has not seen.
func onOwnWord(e Event) bool {
	switch e := e.(type) {
	case RateCardAdopted:
		return slices.ContainsFunc(e.Rates, func(r Rate) bool { return !r.Standing.payable() || !onCard(r.Year, r.Rate) })
	case RateRevised:
		return !e.Now.Standing.payable() || !onCard(e.Year, e.Rate)
	}
	return false
}
