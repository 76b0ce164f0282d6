package domain

import (
	"math/big"
	"slices"
)

// This file works entitlements out with a pencil: from the events as they stand recorded, month by month, whatever the order
// they came in.

// checkRaised requires that what was raised for each payment up to a run's month, less what was recovered, is the rule's
// result on the rates, lists, quantities and memberships of today.
func (h *history) checkRaised(e EntitlementRun) {
	asked := h.meant(h.asked[len(h.asked)-1].command).(RunEntitlement)
	rate := h.firstAdopted(e.Year, e.Rate)
	if rate.Payee == PayPractice && len(asked.Networks) > 0 {
		return // another network's months of a practice may be left out
	}
	for _, receiver := range receiversOf(rate) {
		if len(asked.Networks) > 0 && !slices.Contains(asked.Networks, receiver) {
			continue
		}
		var raised, want Pence
		for m, own := range h.ownMonths(rate, receiver, e.Through) {
			raised += h.year.raised[raisedKey{rateKey{e.Year, e.Rate}, receiver}][m]
			want += own
		}
		if raised != want {
			h.fail("%s of %s through %s: %s is raised and not recovered; the rule makes it %s", e.Rate, receiver, e.Through, raised, want)
		}
	}
}

// checkAdjusted requires that after an adjustment every month that was raised stands at the rule's result of today, and that
// none was raised that was not; but what other funds raised of it stays.
func (h *history) checkAdjusted(e EntitlementAdjusted) {
	asked := h.meant(h.asked[len(h.asked)-1].command).(AdjustEntitlement)
	rate := h.firstAdopted(e.Year, e.Rate)
	if rate.Payee == PayPractice && len(asked.Networks) > 0 {
		return
	}
	for _, receiver := range receiversOf(rate) {
		if len(asked.Networks) > 0 && !slices.Contains(asked.Networks, receiver) {
			continue
		}
		key := raisedKey{rateKey{e.Year, e.Rate}, receiver}
		for m, own := range h.ownMonths(rate, receiver, e.Through) {
			if len(h.year.touched[key][m]) == 0 {
				own = 0
			}
			if raised := h.year.raised[key][m]; raised != own && (raised < own || raised-own > h.elsewhere(e.Fund, key, m)) {
				h.fail("%s of %s for %s is adjusted to %s; the rule makes it %s", e.Rate, receiver, m, raised, own)
			}
		}
	}
}

// elsewhere is what stands raised for a month in other funds than one: that fund's adjustment does not take it back.
func (h *history) elsewhere(fund FundCode, key raisedKey, m Service) (sum Pence) {
	for id, item := range h.ledger.items {
		if item.Fund == fund || item.Rate != key.rate.code || h.ledger.reversed[id.number()] != 0 || item.payment() != key {
			continue
		}
		for n, charge := range item.Charges {
			if charge.For == m {
				sum += charge.Pence - item.recovered[n]
			}
		}
	}
	return sum
}

func receiversOf(rate Rate) []Body {
	if rate.Payee == PayPractice {
		return somePractices
	}
	return someNetworks
}

// ownMonths is each month's own result: of instalments what it adds to the year's amounts so far in equal parts, rounded once;
// of what is paid all at once what it adds to the least that the amount comes to from it on, to the end of the rate's period.
func (h *history) ownMonths(rate Rate, receiver Body, through Service) map[Service]Pence {
	var months []Service
	var amounts []Pence
	for _, m := range rate.Months() {
		if rate.Instalments == PayOnce && m >= rate.First || rate.Instalments != PayOnce && m <= through {
			months, amounts = append(months, m), append(amounts, h.amountOn(rate, receiver, m))
		}
	}
	own, before, sum := map[Service]Pence{}, Pence(0), Pence(0)
	for i, m := range months {
		due := slices.Min(amounts[i:])
		if rate.Instalments != PayOnce {
			sum += amounts[i]
			due = Pence(halfUp(big.NewRat(int64(sum), int64(len(rate.Months())))))
		}
		if m <= through {
			own[m] = due - before
		}
		before = due
	}
	return own
}

// amountOn is what a rate comes to for its whole period by what counts in a month, in pence.
func (h *history) amountOn(rate Rate, receiver Body, m Service) Pence {
	pounds := h.poundsFor(rate, m)
	if rate.Measure != "" {
		pounds.Mul(pounds, h.quantityFor(rate, receiver, m))
	}
	if rate.Population != "" {
		pounds.Mul(pounds, big.NewRat(h.listOn(rate, receiver, m), 1))
	}
	return Pence(halfUp(pounds.Mul(pounds, big.NewRat(100, 1))))
}

// firstAdopted is a rate as it was adopted first.
func (h *history) firstAdopted(year Year, code RateCode) Rate {
	for _, r := range h.log {
		if e, is := r.Event.(RateCardAdopted); is && e.Year == year {
			for _, rate := range e.Rates {
				if rate.Rate == code {
					return rate
				}
			}
		}
	}
	h.fail("rate %s of %s was raised and not adopted", code, year)
	return Rate{}
}

// poundsFor is the amount of a rate for a month: that which was recorded last of those whose days hold its 1st.
func (h *history) poundsFor(rate Rate, m Service) *big.Rat {
	amount := ""
	changed := func(c RateChange) {
		if c.Year == rate.Year && c.Rate == rate.Rate && c.From <= m.First() && m.First() <= c.To {
			amount = c.Now.Amount
		}
	}
	for _, r := range h.log {
		switch e := r.Event.(type) {
		case RateCardAdopted:
			for _, adopted := range e.Rates {
				if adopted.Year == rate.Year && adopted.Rate == rate.Rate && adopted.From <= m.First() && m.First() <= adopted.To {
					amount = adopted.Amount
				}
			}
		case RateRevised:
			changed(e.RateChange)
		case RateOverridden:
			changed(e.RateChange)
		}
	}
	pounds, ok := new(big.Rat).SetString(amount)
	if !ok {
		h.fail("rate %s for %s is %q", rate.Rate, m, amount)
	}
	return pounds
}

// quantityFor is what was counted of a receiver for a month: of what counts from its first day or before (of what is paid all
// at once, from its last) the newest day's, and of that the last recorded, times the factors.
func (h *history) quantityFor(rate Rate, receiver Body, m Service) *big.Rat {
	quantity, newest, day := new(big.Rat), Date(""), m.First()
	if rate.Instalments == PayOnce {
		day = m.Last()
	}
	for _, r := range h.log {
		e, is := r.Event.(QuantityRecorded)
		if !is || e.Measure != rate.Measure || e.From > day || e.From < newest {
			continue
		}
		for _, line := range e.Lines {
			if line.Body != receiver {
				continue
			}
			newest = e.From
			quantity.SetString(string(line.Quantity))
			for _, f := range line.Factors {
				factor, _ := new(big.Rat).SetString(string(f.Factor))
				quantity.Mul(quantity, factor)
			}
		}
	}
	return quantity
}

// listOn counts a receiver's patients in a month: a network's members', or a practice's own while it is in a network.
func (h *history) listOn(rate Rate, receiver Body, m Service) (patients int64) {
	var members []Body
	for _, p := range somePractices {
		if in := h.ledger.registry.networkOf(p, m.First()); in != "" && (p == receiver || in == receiver) {
			members = append(members, p)
		}
	}
	day := rate.Reference
	if day == "" {
		day = m.First()
	}
	var newest Date
	lists := map[int64]map[Body]int64{}
	for _, r := range h.log {
		e, is := r.Event.(ListSizesRecorded)
		if !is || e.Population != rate.Population {
			continue
		}
		lists[r.Number] = withCorrection(lists[e.Corrects], e)
		if e.StandsFor > day || e.StandsFor < newest || e.UsedFrom > m.First() {
			continue
		}
		sum, any := int64(0), false
		for _, member := range members {
			if size, listed := lists[r.Number][member]; listed {
				sum, any = sum+size, true
			}
		}
		if any {
			newest, patients = e.StandsFor, sum
		}
	}
	return patients
}

// withCorrection is a list with the lines of one that corrects it.
func withCorrection(list map[Body]int64, e ListSizesRecorded) map[Body]int64 {
	sizes := map[Body]int64{}
	for practice, size := range list {
		sizes[practice] = size
	}
	for _, line := range e.Lines {
		sizes[line.Practice] = line.Patients
	}
	return sizes
}
