package reports

import (
	"cmp"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A streamKey is one kind of money of one payee for one network.
type streamKey struct {
	name    string // CORE_PCN 2019-20, or a fund's code
	network domain.Body
	payee   domain.Body
}

// A stream is what became of that money. Entitled is what was approved and not recovered, and what is to come: so that
// entitled, less what was paid, plus what was recovered, is what remains: what is to come, what is approved and to be paid,
// and what is in transit. An entry that was taken back is in none of the sums.
type stream struct {
	streamKey
	title     string
	claims    bool         // it is claimed
	claimed   domain.Pence // what the posts cost, by claims that are not rejected
	approved  domain.Pence // raised by a run, approved of claims, released in advance, spent on evidence
	spent     domain.Pence // of advances: reported
	paid      domain.Pence
	inTransit domain.Pence // released to the bank, and not known to have arrived
	recovered domain.Pence // claimed or called back from the payee, less what proved spent after all
	received  domain.Pence // of that: in money or netted
	givenUp   domain.Pence // of that: written off as a loss
	toCome    domain.Pence
}

func (s stream) entitled() domain.Pence  { return s.approved - s.recovered + s.toCome }
func (s stream) remaining() domain.Pence { return s.entitled() - s.paid + s.recovered }
func (s stream) unpaid() domain.Pence    { return s.approved - s.paid - s.inTransit }
func (s stream) owed() domain.Pence      { return s.recovered - s.received - s.givenUp }

// streams collects them by key.
type streams map[streamKey]*stream

func (s streams) of(key streamKey, title string) *stream {
	known, ok := s[key]
	if !ok {
		known = &stream{streamKey: key, title: title}
		s[key] = known
	}
	return known
}

// arrsStream names the stream of a year's claims.
func arrsStream(year domain.Year) string { return "ARRS " + string(year) }

func rateStream(year domain.Year, code domain.RateCode) string {
	return string(code) + " " + string(year)
}

// streamOf names the stream of an item, and its title.
func streamOf(v *projections.Views, i projections.Item) (name, title string) {
	payable := payableOf(v, i)
	switch {
	case payable.Rate != "":
		rate, _ := v.Rates.Rate(yearOf(payable), payable.Rate)
		return rateStream(yearOf(payable), payable.Rate), rate.Title
	case payable.Claim != 0:
		return arrsStream(yearOf(payable)), arrsTitle
	}
	return string(i.Fund), fundTitle(v, i.Fund)
}

const arrsTitle = "Additional roles, by claims"

func fundTitle(v *projections.Views, fund domain.FundCode) string {
	f, _ := v.Funds.Fund(fund)
	return f.Title
}

// streamsOf returns the streams of a payee or a network, by name, network and payee.
func streamsOf(v *projections.Views, o Options) []stream {
	all := streams{}
	all.addItems(v)
	all.addEntitlements(v)
	all.addClaims(v, o)
	all.addAdvances(v)
	var selected []stream
	for _, s := range all {
		if (o.Payee == "" || s.payee == o.Payee) && (o.Network == "" || s.network == o.Network) {
			selected = append(selected, *s)
		}
	}
	slices.SortFunc(selected, func(a, b stream) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.network, b.network), cmp.Compare(a.payee, b.payee))
	})
	return selected
}

func (s streams) addItems(v *projections.Views) {
	for _, i := range v.Items.All() {
		name, title := streamOf(v, i)
		to := s.of(streamKey{name, i.Beneficiary, i.Payee}, title)
		if i.Account == domain.Payables {
			to.approved += i.Pence() - i.Used(projections.UseReversed)
			to.paid += i.Used(projections.UsePaid)
			to.inTransit += i.InTransit()
		} else {
			to.recovered += i.Pence() - i.Used(projections.UseSpent) - i.Used(projections.UseReversed)
			to.received += i.Received()
			to.givenUp += i.Used(projections.UseWrittenOff)
		}
	}
}

// addEntitlements adds what is to come: to the practice whose list it is, or to who is nominated now.
func (s streams) addEntitlements(v *projections.Views) {
	sums := v.Grounds.Sums()
	for _, e := range v.Entitlements.All() {
		rate, _ := v.Rates.Rate(e.Year, e.Rate)
		if len(e.Raised) == 0 {
			continue // every run of it was taken back
		}
		payee := e.Practice
		if payee == "" {
			payee = payeeNow(v, e.Beneficiary, e.Year, e.Payees[len(e.Payees)-1])
		}
		to := s.of(streamKey{rateStream(e.Year, e.Rate), e.Beneficiary, payee}, rate.Title)
		to.toCome += v.Entitlements.ToComeToMembers(e, rate, sums)
	}
}

// payeeNow is who is nominated on the day of the last event, or was on the last day of a year that is over.
func payeeNow(v *projections.Views, network domain.Body, year domain.Year, otherwise domain.Body) domain.Body {
	if nominee, ok := v.Registry.Nominee(network, min(v.Ledger.Date(), year.Last())); ok {
		return nominee.Payee
	}
	return otherwise
}

// addClaims adds what was claimed, to whoever is paid for the month; and what is left of each network's sums, to who is
// nominated now.
func (s streams) addClaims(v *projections.Views, o Options) {
	for _, c := range v.Claims.All() {
		to := s.of(streamKey{arrsStream(c.Month.Year()), c.Network, claimPayee(v, c)}, arrsTitle)
		to.claims = true
		if c.State() != projections.ClaimIsRejected {
			to.claimed += c.Cost()
		}
	}
	x := indexClaims(v, v.Claims.All())
	for _, sum := range sumsOf(v, Options{Network: o.Network}, x) {
		if sum.err != nil {
			continue // nobody can say what is left of it
		}
		to := s.of(streamKey{arrsStream(sum.year), sum.network, payeeNow(v, sum.network, sum.year, "")}, arrsTitle)
		to.claims = true
		to.toCome += sum.Pence - x.bySum[sum.sumOfNetwork].used()
	}
}

// claimPayee is who a claim was approved for, or who is nominated for its month.
func claimPayee(v *projections.Views, c projections.Claim) domain.Body {
	if c.Approval.Payee != "" {
		return c.Approval.Payee
	}
	nominee, _ := v.Registry.Nominee(c.Network, c.Month.First())
	return nominee.Payee
}

// addAdvances adds, for funds that pay in advance, what is set aside and not released, and what was reported as spent.
func (s streams) addAdvances(v *projections.Views) {
	for _, b := range v.Balances.All() {
		if f, _ := v.Funds.Fund(b.Fund); f.Basis != domain.BasisAdvance || b.Balance() == 0 {
			continue
		}
		key := streamKey{string(b.Fund), b.Beneficiary, b.Payee}
		switch b.Account {
		case domain.Allocated:
			s.of(key, fundTitle(v, b.Fund)).toCome += b.Balance()
		case domain.Expenditure:
			s.of(key, fundTitle(v, b.Fund)).spent += b.Balance()
		}
	}
}
