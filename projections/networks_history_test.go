package projections_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/projections"
)

const (
	hardFund = domain.FundCode("HARD") // is charged with nothing that is not set aside
	warnFund = domain.FundCode("WARN") // may be overspent
)

// openNetworks sets a ledger up in which entitlements can be run and roles claimed.
func (c *clerk) openNetworks(t *rapid.T) {
	source := domain.Source{Title: "a paper"}
	c.do(t, domain.CreateLedger{Ledger: "random", Commissioner: ccg, Kind: domain.KindLive})
	c.do(t, domain.RegisterBody{Body: federation, Kind: domain.KindFederation})
	c.do(t, domain.RegisterBody{Body: trust, Kind: domain.KindTrust})
	for i, network := range []domain.Body{north, city} {
		c.do(t, domain.RegisterBody{Body: network, Kind: domain.KindNetwork})
		for _, practice := range []domain.Body{[]domain.Body{mill, castle}[i], []domain.Body{bridge, "ods:X00004"}[i]} {
			c.do(t, domain.RegisterBody{Body: practice, Kind: domain.KindPractice})
			c.do(t, domain.RecordMembership{Network: network, Source: source, Members: []domain.Member{{Practice: practice, From: "2019-01-01"}}})
		}
		c.do(t, domain.NominatePayee{Network: network, Payee: []domain.Body{mill, federation}[i], From: "2019-04-01", Source: source})
	}
	for _, population := range []domain.Population{domain.PopulationRegistered, domain.PopulationWeighted} {
		c.do(t, domain.RecordListSizes{Population: population, At: "2019-01-01", Source: source, Lines: []domain.ListLine{
			{Practice: mill, Patients: 31}, {Practice: bridge, Patients: 20}, {Practice: castle, Patients: 17}, {Practice: "ods:X00004", Patients: 3},
		}})
	}
	c.do(t, domain.AdoptRateCard{Year: "2019-20"})
	terms := domain.Terms{Title: "a fund", Year: "2019-20", Basis: domain.BasisEvidence, Source: source, Categories: []domain.Category{
		"core PCN funding", "clinical director", "network participation", "clinical pharmacist", "social prescribing link worker"}}
	for _, f := range []struct {
		code  domain.FundCode
		cover domain.Cover
	}{{hardFund, domain.CoverHard}, {warnFund, domain.CoverWarn}} {
		terms.Fund, terms.Cover = f.code, f.cover
		c.do(t, domain.OpenFund{Terms: terms})
		c.do(t, domain.ConfirmFunding{Fund: f.code, Pence: 20_000_00, Title: "all of it", Source: source})
	}
	terms.Fund, terms.Cover, terms.Basis = advanceFund, domain.CoverHard, domain.BasisAdvance
	c.do(t, domain.OpenFund{Terms: terms})
	c.do(t, domain.ConfirmFunding{Fund: advanceFund, Pence: 5_000, Title: "all of it", Source: source})
}

var someMonths = []domain.Service{"2019-20/M04", "2019-20/M05", "2019-20/M06", "2019-20/M07", "2019-20/M09", "2019-20/M12"}

// someNetworkCommand makes a command that may well be refused.
func (c *clerk) someNetworkCommand(t *rapid.T) domain.Command {
	f := anyOf(t, "fund", hardFund, warnFund)
	month := anyOf(t, "month", someMonths...)
	network := anyOf(t, "network", north, city)
	person := domain.Person(fmt.Sprintf("person-%d", rapid.IntRange(1, 6).Draw(t, "person")))
	source := domain.Source{Title: "a paper"}
	switch rapid.IntRange(0, 14).Draw(t, "command") {
	case 0:
		return domain.NominatePayee{Network: network, Payee: anyOf(t, "payee", federation, trust), From: month.First(), Source: source}
	case 1, 2:
		category := anyOf(t, "category", "", "core PCN funding", "network participation", domain.Category("clinical pharmacist"))
		return domain.AllocateFund{Fund: f, Decision: domain.Decision{Body: "committee", Date: "2019-07-01", Paper: "1"}, Lines: []domain.Line{
			{Bucket: domain.Bucket{Beneficiary: anyOf(t, "beneficiary", north, city, ""), Category: category}, Pence: domain.Pence(rapid.Int64Range(1, 8_000_00).Draw(t, "pence"))},
		}}
	case 3, 4:
		return domain.RunEntitlement{Fund: f, Rate: anyOf(t, "rate", "CORE_PCN", "CD", domain.RateCode("NPP")), Through: month}
	case 5:
		return domain.EngageRole{Person: person, Network: network, Role: anyOf(t, "role", "ARRS_CP", domain.RateCode("ARRS_SPLW")),
			From: anyOf(t, "from", domain.Date("2019-07-01"), "2019-07-01", "2019-08-11"), Post: domain.Post{Hours: anyOf(t, "hours", domain.Hours("37.5"), "20", "11.25")}, Source: source}
	case 6:
		return domain.EndRole{Person: person, To: month.Last(), Reason: "left"}
	case 7, 8:
		if engaged := c.views.Roles.All(); len(engaged) > 0 {
			post := anyOf(t, "post", engaged...)
			person, network = post.Person, post.Network
		}
		lines := []domain.ClaimLine{{Person: person, Costs: c.someCosts(t)}}
		return domain.SubmitClaim{Network: network, Month: month, Reference: "a claim", Declaration: true, Lines: lines}
	case 9, 10:
		return domain.ApproveClaim{Claim: c.someClaim(t), Fund: f}
	case 11:
		return domain.RejectClaim{Claim: c.someClaim(t), Reason: "not so"}
	case 12:
		return c.someRecovery(t, month)
	case 13:
		return c.somePayment(t)
	}
	return domain.RecordReceipt{Reference: "received", Lines: c.openLines(t, domain.Receivables)}
}

func (c *clerk) someCosts(t *rapid.T) domain.Costs {
	return costs(domain.Pence(rapid.Int64Range(1, 5_000_00).Draw(t, "salary")), domain.Pence(rapid.Int64Range(0, 500_00).Draw(t, "ni")), 0)
}

// someClaim names a claim that waits, or none.
func (c *clerk) someClaim(t *rapid.T) int64 {
	waiting := []int64{1} // no claim
	for _, claim := range c.views.Claims.All() {
		if claim.State() == projections.ClaimWaiting {
			waiting = append(waiting, claim.Number)
		}
	}
	return waiting[len(waiting)-1]
}

func (c *clerk) someRecovery(t *rapid.T, month domain.Service) domain.Command {
	var payables []projections.Item
	for _, item := range c.views.Items.All() {
		if item.Account == domain.Payables && len(item.Charges) > 0 {
			payables = append(payables, item)
		}
	}
	if len(payables) == 0 {
		return domain.RaiseRecovery{Item: "1.1", Reason: "too much"}
	}
	item := anyOf(t, "item", payables...)
	charge := anyOf(t, "charge", item.Charges...)
	recovery := domain.RaiseRecovery{Item: item.ID, Reason: "too much", Person: charge.Person}
	if item.Claim != 0 {
		recovery.Proved = c.someCosts(t)
	} else {
		recovery.For, recovery.Pence = charge.For, domain.Pence(rapid.Int64Range(1, max(1, int64(charge.Pence))).Draw(t, "too much"))
	}
	return recovery
}

// somePayment pays open items, and nets what the same payees owe where that is less.
func (c *clerk) somePayment(t *rapid.T) domain.Command {
	payment := domain.SettlePayment{Reference: "paid", Lines: c.openLines(t, domain.Payables)}
	paid := map[domain.Body]domain.Pence{}
	for _, line := range payment.Lines {
		item, _ := c.views.Items.Item(line.Item)
		paid[item.Payee] += line.Pence
	}
	for _, item := range c.views.Items.All() {
		if net := min(item.Open(), paid[item.Payee]); item.Account == domain.Receivables && net > 0 {
			payment.Netted = append(payment.Netted, domain.SettleLine{Item: item.ID, Pence: net})
			paid[item.Payee] -= net
		}
	}
	return payment
}

// checkNetworks checks what holds of entitlements and claims beside all that holds of any views.
func (c *clerk) checkNetworks(t *rapid.T) {
	c.checkAll(t)
	for _, b := range c.views.Balances.All() {
		if b.Fund == hardFund && b.Account == domain.Allocated {
			if held := c.views.Purposes.HeldAt(b.Account, b.Fund, b.Bucket); held != b.Balance() {
				t.Errorf("%+v holds %s, of which %s know where they were set aside", b.Bucket, b.Balance(), held)
			}
		}
	}
	var raised, approved domain.Pence // net of recoveries, by the views and by the items
	for _, e := range c.views.Entitlements.All() {
		raised -= e.Pence()
		for _, m := range e.Months {
			if m.Pence < 0 {
				t.Errorf("%+v has less than nothing for %s", e.EntitlementKey, m.For)
			}
		}
	}
	for _, claim := range c.views.Claims.All() {
		approved -= claim.Approval.Pence() - claim.Recovered()
		if claim.Paid > claim.Approval.Pence() || claim.Received > claim.Recovered() {
			t.Errorf("claim %d is paid or received beyond what was approved or recovered: %+v", claim.Number, claim)
		}
	}
	for _, item := range c.views.Items.All() {
		of, sign := item, domain.Pence(1)
		if item.Recovers != "" {
			of, _ = c.views.Items.Item(item.Recovers)
			sign = -1
		}
		switch {
		case of.Rate != "":
			raised += sign * item.Pence()
		case of.Claim != 0:
			approved += sign * item.Pence()
		}
	}
	if raised != 0 || approved != 0 {
		t.Errorf("the items differ from the entitlements by %s and from the claims by %s", raised, approved)
	}
	for _, network := range []domain.Body{north, city} {
		var used domain.Pence
		for _, claim := range c.views.Claims.All() {
			if claim.Network == network {
				used += claim.Approval.Pence() - claim.Recovered()
			}
		}
		if sum := c.views.Rates.NetworkSum("2019-20"); used > sum {
			t.Errorf("%s used %s of its sum of %s", network, used, sum)
		}
	}
}

func TestRandomHistoriesOfNetworks(t *testing.T) {
	kinds, netted := map[string]int{}, 0
	rapid.Check(t, func(t *rapid.T) {
		c := &clerk{views: projections.NewViews(), day: "2019-07-15"}
		c.openNetworks(t)
		for range rapid.IntRange(20, 60).Draw(t, "commands") {
			c.do(t, c.someNetworkCommand(t))
			c.checkNetworks(t)
			if next := c.day.AddDays(rapid.IntRange(0, 12).Draw(t, "days")); next < "2020-03-31" {
				c.day = next
			}
		}
		c.day = "2020-03-31"
		for _, f := range []domain.FundCode{hardFund, warnFund, advanceFund} {
			c.do(t, domain.CloseFund{Fund: f, Reason: "end of the year"})
			c.checkNetworks(t)
		}
		for range rapid.IntRange(5, 20).Draw(t, "late commands") {
			c.do(t, c.someNetworkCommand(t))
			c.checkNetworks(t)
		}
		if kept, folded := c.views.Digest(), fold(c.events).Digest(); kept != folded {
			t.Errorf("views kept up have digest %s, folded afresh %s", kept, folded)
		}
		for _, r := range c.events {
			kinds[domain.EventKindOf(r.Event).Name]++
			if e, ok := r.Event.(domain.PaymentSettled); ok {
				netted += len(e.Netted)
			}
		}
	})
	t.Logf("events met: %v; %d items netted", kinds, netted)
}
