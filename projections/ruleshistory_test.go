package projections_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/projections"
)

// yearMonth is a month of 2024/25.
func yearMonth(n int) domain.Service { return domain.Service(fmt.Sprintf("2024-25/M%02d", n)) }

// openRules has two networks with lists, beds, rates of 2024/25 and posts, and money set aside for them.
func (c *clerk) openRules(t *rapid.T) {
	source := domain.Source{Title: "a paper"}
	c.do(t, domain.CreateLedger{Ledger: "random", Commissioner: ccg, Kind: domain.KindLive})
	for i, network := range []domain.Body{north, city} {
		practice := []domain.Body{mill, castle}[i]
		c.do(t, domain.RegisterBody{Body: network, Kind: domain.KindNetwork})
		c.do(t, domain.RegisterBody{Body: practice, Kind: domain.KindPractice})
		c.do(t, domain.RecordMembership{Network: network, Source: source, Members: []domain.Member{{Practice: practice, From: "2023-01-01"}}})
		c.do(t, domain.NominatePayee{Network: network, Payee: practice, From: "2023-04-01", Source: source})
	}
	for _, population := range []domain.Population{domain.PopulationRegistered, domain.PopulationWeighted} {
		c.do(t, domain.RecordListSizes{Population: population, At: "2024-01-01", Source: source, Lines: []domain.ListLine{
			{Practice: mill, Patients: 30_001}, {Practice: castle, Patients: 19_998},
		}})
	}
	c.do(t, domain.AdoptRateCard{Year: "2024-25"})
	c.do(t, domain.RecordQuantity{Measure: beds, From: "2024-04-01", Source: source, Lines: []domain.QuantityLine{{Body: north, Quantity: "328"}, {Body: city, Quantity: "100"}}})
	for _, code := range []domain.FundCode{laterCore, laterRoles} {
		c.do(t, domain.OpenFund{Terms: domain.Terms{Fund: code, Title: "a fund", Year: "2024-25", Cover: domain.CoverWarn, Basis: domain.BasisEvidence, Source: source,
			Categories: []domain.Category{careHome, pharmacy, "core PCN funding", "social prescribing link worker"}}})
		c.do(t, domain.ConfirmFunding{Fund: code, Pence: pounds(400_000), Title: "the year", Source: source})
		c.do(t, domain.AllocateFund{Fund: code, Decision: domain.Decision{Body: "committee", Date: "2024-04-01", Paper: "1"}, Lines: []domain.Line{
			{Bucket: domain.Bucket{Beneficiary: north}, Pence: pounds(200_000)}, {Bucket: domain.Bucket{Beneficiary: city}, Pence: pounds(150_000)},
		}})
	}
	for i, network := range []domain.Body{north, city} {
		c.do(t, domain.EngageRole{Person: persons[i], Network: network, Role: "ARRS_CP", From: "2024-04-01", Post: domain.Post{Hours: "37.5"}, Source: source})
	}
}

var persons = []domain.Person{"token-aaaa01", "token-bbbb02"}

// someRule makes a command about rates, quantities, entitlements, posts or claims that may well be refused.
func (c *clerk) someRule(t *rapid.T) domain.Command {
	source, month := domain.Source{Title: "a letter"}, yearMonth(rapid.IntRange(1, 12).Draw(t, "month"))
	rate := anyOf[domain.RateCode](t, "rate", "CARE_HOME", "CORE_PCN_REG")
	who := rapid.IntRange(0, 1).Draw(t, "who")
	network, person := []domain.Body{north, city}[who], persons[who]
	costs := domain.Costs{Salary: domain.Pence(rapid.Int64Range(1, 60).Draw(t, "salary") * 100_00)}
	switch rapid.IntRange(0, 16).Draw(t, "command") {
	case 0, 1:
		return domain.RunEntitlement{Fund: laterCore, Rate: rate, Through: month}
	case 2, 3, 4:
		return domain.AdjustEntitlement{Fund: laterCore, Rate: rate, Through: month, Reason: "another amount"}
	case 5, 6:
		revised := anyOf(t, "revised", rate, rate, "ARRS_CP")
		amount := fmt.Sprint(rapid.IntRange(3, 9).Draw(t, "amount") * map[domain.RateCode]int{"CARE_HOME": 20, "CORE_PCN_REG": 1, "ARRS_CP": 9_000}[revised])
		return domain.ReviseRate{Year: "2024-25", Rate: revised, From: month.First(), Reason: "a revision", Document: source, Amount: amount}
	case 7:
		return domain.RecordQuantity{Measure: beds, From: month.First(), Source: source, Lines: []domain.QuantityLine{
			{Body: network, Quantity: domain.Quantity(fmt.Sprint(rapid.IntRange(0, 400).Draw(t, "beds")))},
		}}
	case 8:
		return domain.ChangeRole{Person: person, From: month.First(), Post: domain.Post{Hours: anyOf[domain.Hours](t, "hours", "18.75", "30", "37.5")}, Source: source}
	case 9, 16:
		return domain.SubmitClaim{Network: network, Month: yearMonth(rapid.IntRange(1, 4).Draw(t, "claimed")), Reference: "a claim", Declaration: true, Lines: []domain.ClaimLine{{Person: person, Costs: costs}}}
	case 10, 11:
		return domain.ApproveClaim{Claim: c.waitingClaim(t), Fund: laterRoles}
	case 12, 14, 15:
		return c.someUplift(t, costs)
	case 13:
		return c.someTooMuch(t, costs)
	}
	return domain.SettlePayment{Reference: "paid", Lines: c.openLines(t, domain.Payables)}
}

// waitingClaim is the number of a claim that waits, if there is one.
func (c *clerk) waitingClaim(t *rapid.T) int64 {
	var waiting []int64
	for _, claim := range c.views.Claims.All() {
		if claim.Decision == 0 {
			waiting = append(waiting, claim.Number)
		}
	}
	if len(waiting) == 0 {
		return 1
	}
	return anyOf(t, "claim", waiting...)
}

// someUplift claims more for a month that is approved, if there is one.
func (c *clerk) someUplift(t *rapid.T, costs domain.Costs) domain.Command {
	uplift := domain.ClaimUplift{Network: north, Reference: "an uplift", Declaration: true, Lines: []domain.UpliftLine{{Person: persons[0], Month: yearMonth(1), Costs: costs}}}
	for _, claim := range c.views.Claims.All() {
		if claim.Approval.Claim != 0 && !claim.Uplift {
			uplift.Network, uplift.Lines[0].Person, uplift.Lines[0].Month = claim.Network, claim.Lines[0].Person, claim.Month
		}
	}
	return uplift
}

// someTooMuch takes something back of any payable: of a claim at the cost that was proved.
func (c *clerk) someTooMuch(t *rapid.T, proved domain.Costs) domain.Command {
	items := c.views.Items.All()
	if len(items) == 0 {
		return domain.RaiseRecovery{Item: "1.1", Reason: "too much"}
	}
	item := anyOf(t, "item", items...)
	recovery := domain.RaiseRecovery{Item: item.ID, Reason: "too much", For: item.Parts[0].For}
	if claim, is := c.views.Claims.Claim(item.Claim); is && item.Claim != 0 {
		recovery.Person, recovery.Proved = claim.Lines[0].Person, proved
	} else {
		recovery.Pence = 1
	}
	return recovery
}

// takeLastBack takes the last entry back where it moved money. Nothing can have been built on it.
func (c *clerk) takeLastBack() {
	was := c.events[len(c.events)-1]
	if !canBeTakenBack(was) {
		return
	}
	r := domain.Recorded{
		Stamp: domain.Stamp{Number: was.Number + 1, Time: was.Time, Actor: "clerk", Auth: "demo"},
		Fact: domain.Fact{
			Event:     domain.EntryReversed{Entry: was.Number, Dated: was.Effective, In: was.Period, Reason: "taken back", Was: domain.Was{Event: was.Event}},
			Effective: was.Effective, Period: was.Period,
		},
	}
	c.ledger.Apply(r)
	c.views.Apply(r)
	c.events = append(c.events, r)
}

// raisedNaively adds up, from the events alone, what is raised for each entitlement and month: what entries raised or
// adjusted, less what was recovered, without what was taken back.
func raisedNaively(events []domain.Recorded) map[string]domain.Pence {
	sums, corrected, of := map[string]domain.Pence{}, correctedIn(events), map[domain.ItemID]string{}
	name := func(rate domain.RateCode, beneficiary domain.Body, month domain.Service) string {
		return fmt.Sprint(rate, " ", beneficiary, " ", month)
	}
	for _, r := range events {
		if corrected[r.Number] != 0 {
			continue
		}
		switch e := r.Event.(type) {
		case domain.EntitlementRun:
			for i, line := range e.Lines {
				of[domain.ItemID(fmt.Sprintf("%d.%d", r.Number, i+1))] = string(e.Rate)
				for _, part := range line.Parts {
					sums[name(e.Rate, line.Beneficiary, part.For)] += part.Pence
				}
			}
		case domain.EntitlementAdjusted:
			for i, line := range e.Lines {
				of[domain.ItemID(fmt.Sprintf("%d.%d", r.Number, i+1))] = string(e.Rate)
				for _, part := range line.Parts {
					pence := part.Pence
					if line.Of != "" {
						pence = -pence
					}
					sums[name(e.Rate, line.Beneficiary, part.For)] += pence
				}
			}
		case domain.RecoveryRaised:
			if rate := of[e.Item]; rate != "" {
				sums[name(domain.RateCode(rate), e.Beneficiary, e.For)] -= e.Pence
			}
		}
	}
	return withoutNothing(sums)
}

func withoutNothing(sums map[string]domain.Pence) map[string]domain.Pence {
	for name, pence := range sums {
		if pence == 0 {
			delete(sums, name)
		}
	}
	return sums
}

// claimedNaively adds up, from the events alone, what is approved of each person and month, less what was recovered.
func claimedNaively(events []domain.Recorded) map[string]domain.Pence {
	sums, corrected := map[string]domain.Pence{}, correctedIn(events)
	for _, r := range events {
		if corrected[r.Number] != 0 {
			continue
		}
		switch e := r.Event.(type) {
		case domain.ClaimApproved:
			for _, line := range e.Lines {
				month := line.For
				if month == "" {
					month = e.Month
				}
				sums[fmt.Sprint(line.Person, " ", month)] += line.Pence
			}
		case domain.RecoveryRaised:
			if e.Claim != 0 {
				sums[fmt.Sprint(e.Person, " ", e.For)] -= e.Pence
			}
		}
	}
	return withoutNothing(sums)
}

// checkRules compares the views with what the events alone come to.
func (c *clerk) checkRules(t *rapid.T) {
	raised, claimed := map[string]domain.Pence{}, map[string]domain.Pence{}
	for _, e := range c.views.Entitlements.All() {
		var standing domain.Pence
		for _, m := range e.Months {
			raised[fmt.Sprint(e.Rate, " ", e.Beneficiary, " ", m.For)] += m.Pence
			standing += m.Pence
		}
		if e.Pence() != standing {
			t.Errorf("%v is %s, its months %s", e.EntitlementKey, e.Pence(), standing)
		}
	}
	for _, claim := range c.views.Claims.All() {
		for _, line := range claim.Approval.Lines {
			month := line.For
			if month == "" {
				month = claim.Month
			}
			claimed[fmt.Sprint(line.Person, " ", month)] += line.Pence - claim.RecoveredFor(line.Person, line.Role, month)
		}
		if claim.Paid > claim.Approval.Pence() || claim.Received > claim.Recovered() {
			t.Errorf("claim %d: approved %s, paid %s; recovered %s, received %s", claim.Number, claim.Approval.Pence(), claim.Paid, claim.Recovered(), claim.Received)
		}
	}
	if diff := cmp.Diff(raisedNaively(c.events), withoutNothing(raised)); diff != "" {
		t.Errorf("what is raised differs (-events +views):\n%s", diff)
	}
	if diff := cmp.Diff(claimedNaively(c.events), withoutNothing(claimed)); diff != "" {
		t.Errorf("what is approved differs (-events +views):\n%s", diff)
	}
	checkSums(t, c.views)
	if err := c.views.TrialBalance.Check(); err != nil {
		t.Error(err)
	}
}

// TestRandomHistoriesOfTheMoneyRules has rates revised, beds counted anew, posts changed, claims uplifted, what
// was too much recovered and adjusted in both directions, and entries taken back.
func TestRandomHistoriesOfTheMoneyRules(t *testing.T) {
	kinds := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		c := &clerk{views: projections.NewViews(), day: "2025-03-01"}
		c.openRules(t)
		for range rapid.IntRange(10, 60).Draw(t, "commands") {
			if rapid.IntRange(0, 11).Draw(t, "taken back") == 0 {
				c.takeLastBack()
			} else {
				c.do(t, c.someRule(t))
			}
			c.checkRules(t)
		}
		if kept, folded := c.views.Digest(), fold(c.events).Digest(); kept != folded {
			t.Errorf("views kept up have digest %s, folded afresh %s", kept, folded)
		}
		checkUnwinding(t, c.events, false)
		for _, r := range c.events {
			kinds[domain.EventKindOf(r.Event).Name]++
			if e, is := r.Event.(domain.EntitlementAdjusted); is {
				if slices.ContainsFunc(e.Lines, func(l domain.AdjustmentLine) bool { return l.Of != "" }) {
					kinds["adjusted down"]++
				}
				if slices.ContainsFunc(e.Lines, func(l domain.AdjustmentLine) bool { return l.Of == "" }) {
					kinds["adjusted up"]++
				}
			}
			if e, is := r.Event.(domain.ClaimApproved); is && slices.ContainsFunc(e.Lines, func(l domain.ApprovedLine) bool { return l.For != "" && l.Before != 0 }) {
				kinds["uplift approved"]++
			}
			if e, is := r.Event.(domain.EntryReversed); is {
				kinds["reversed "+domain.EventKindOf(e.Was.Event).Name]++
			}
		}
	})
	for _, met := range []string{"EntitlementRun", "adjusted up", "adjusted down", "reversed EntitlementAdjusted", "RateRevised", "QuantityRecorded",
		"RoleChanged", "ClaimApproved", "uplift approved", "RecoveryRaised"} {
		if kinds[met] == 0 {
			t.Errorf("no history has %s: %v", met, kinds)
		}
	}
}
