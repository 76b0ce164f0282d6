package domain

import (
	"maps"
	"math/big"
	"slices"
)

// This file makes up what officers do in the first year of the Network Contract, in the histories that begin in it.

var (
	somePersons   = []Person{"P-01", "P-02", "P-03", "P-04", "P-05", "P-06", "P-07", "P-08"}
	rolesOf       = []Body{"local:N1", "local:N1", "local:N1", "local:N1", "local:N2", "local:N3"}
	desCategories = []Category{coreFunding, director, participation, pharmacist, linkWorker, "enhanced access", careHomes, "investment and impact"}
)

// beginYear has lists, rates and payees stand when the year's money begins to be paid.
func (h *history) beginYear() {
	h.on("2019-06-03")
	for _, population := range []Population{PopulationRegistered, PopulationWeighted, PopulationAdjusted} {
		h.correctLists(population, somePractices)
	}
	h.attempt("", AdoptRateCard{Year: "2019-20"})
	h.attempt("", AdoptRateCard{Year: "2020-21", Rates: []RateChoice{{Rate: SumARRS}}})
	for _, network := range someNetworks {
		h.attempt("", nominate(network, one(h, somePayees), "2019-04-01"))
	}
	for range 2 {
		h.openFund()
		h.confirm()
	}
}

// yearActs lists what officers do in that year besides.
func (h *history) yearActs() []act {
	return []act{
		{20, h.run}, {8, h.adjust}, {3, h.revise}, {4, h.raiseMaximum}, {3, h.correct}, {3, h.nominate}, {3, h.count}, {2, h.adoptRates}, {8, h.setBudget}, {40, h.engage}, {16, h.changeRole}, {4, h.setBaseline}, {12, h.endRole}, {50, h.submit},
		{70, h.approve}, {8, h.enrol}, {2, h.leave}, {8, h.reject}, {30, h.recover}, {10, h.net}, {20, h.uplift}, {8, h.redistribute},
	}
}

// act is something an officer may do, and how often.
type act struct {
	weight int
	do     func()
}

// correctLists records the practices' lists anew for the 1 January before the year, mostly grown: as a list of its own, or as
// a correction of some lines of the last; of the former now and then for later months alone.
func (h *history) correctLists(population Population, practices []Body) {
	c := RecordListSizes{Population: population, At: Date(string(h.in[:4]) + "-01-01"), Source: Source{Title: "corrected"}}
	last := h.lastList(population, c.At)
	switch {
	case last != 0 && h.chance(40):
		c.Corrects = last
		practices = slices.DeleteFunc(slices.Clone(practices), func(Body) bool { return h.chance(50) })
	case last != 0 && h.chance(20):
		c.UsedFrom = h.month(1 + h.dice.IntN(12)).First()
	}
	for _, p := range practices {
		size := h.year.sizes[p] + 1 + h.dice.Int64N(60)
		if h.year.sizes[p] == 0 {
			size = 2_000 + h.dice.Int64N(12_000)
		} else if h.chance(10) {
			size = max(0, h.year.sizes[p]-h.dice.Int64N(60))
		}
		h.year.sizes[p] = size
		c.Lines = append(c.Lines, lineOf(p, size))
	}
	h.attempt("", c)
}

// lastList is the last list of a population that stands for a day; 0 if there is none.
func (h *history) lastList(population Population, day Date) (number int64) {
	for _, list := range h.ledger.lists {
		if list.population == population && list.standsFor == day {
			number = list.number
		}
	}
	return number
}

// month is the nth of the year of the Network Contract.
func (h *history) month(n int) Service { return monthOfYear(h.in, n) }

func (h *history) correct() {
	h.correctLists(one(h, []Population{PopulationRegistered, PopulationWeighted, PopulationAdjusted}), somePractices)
}

// count records beds or points, which no rate of 2019/20 is paid on.
func (h *history) count() {
	line := QuantityLine{Body: one(h, someNetworks), Quantity: one(h, []Quantity{"0", "12", "37.5", "2/3", "250", "311", "-1"})}
	if h.chance(20) {
		line.Factors = []Factor{{"prevalence", one(h, []Quantity{"1.07", "8/9"})}}
	}
	h.attempt("", counted(one(h, []Measure{beds, beds, points}), h.month(1+h.dice.IntN(12)).First(), line))
}

// leave has a practice leave its network and join none for now.
func (h *history) leave() {
	practice := one(h, somePractices)
	all := h.ledger.registry.enrolments[practice]
	if last := all[len(all)-1]; last.to == "" {
		h.attempt("", RecordMembership{Network: last.network, Members: []Member{{practice, last.from, max(last.from, DateIn(h.now))}}, Source: letter})
	}
}

func (h *history) nominate() {
	from := one(h, []Date{h.in.First(), DateIn(h.now), h.month(1 + h.dice.IntN(12)).First()})
	h.attempt("", nominate(one(h, someNetworks), one(h, []Body{"local:P1", "local:P2", "local:P3", "local:G1", "local:N1"}), from))
}

func (h *history) adoptRates() {
	choice := RateChoice{Rate: one(h, cards()["2019-20"]).Rate}
	if h.chance(50) {
		choice.Document = specification
	}
	h.attempt("", AdoptRateCard{Year: "2019-20", Rates: []RateChoice{choice}})
}

func (h *history) setBudget() {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" })
	if f == nil {
		return
	}
	limit := -f.balances[at(Limit, Bucket{For: f.service()})]
	first := f.From
	c := SetBudget{Fund: f.Fund, Months: []BudgetMonth{{Service(PeriodOf(first)), h.upTo(limit - 1)}}}
	if last := Service(PeriodOf(f.To)); last != c.Months[0].Month {
		c.Months = append(c.Months, BudgetMonth{last, limit - c.Months[0].Pence})
	}
	h.attempt("", c)
}

// fundOf draws a fund that pays for a category on evidence; now and then any other.
func (h *history) fundOf(category Category) FundCode {
	f := h.aFund(func(f *fundState) bool { return f.closed == "" && slices.Contains(f.Categories, category) })
	if f == nil || h.chance(3) {
		return one(h, someFunds)
	}
	return f.Fund
}

func (h *history) run() {
	rate := h.aRate()
	c := run(h.fundOf(rate.Category), rate.Rate, h.through())
	if h.chance(40) {
		c.Networks = []Body{one(h, someNetworks), one(h, someNetworks)}
	}
	c.MissingAtMost = one(h, []Quantity{"100", "100", "100", "30", ""})
	switch done := h.attempt("", c); {
	case !done && h.chance(30):
		h.cureFall(rate)
	case !done && h.chance(40):
		h.attempt("", AdjustEntitlement{Fund: c.Fund, Rate: c.Rate, Through: c.Through, Networks: c.Networks, Reason: "made good before the run"})
	}
}

// aRate draws a rate of the year that is run; now and then one that is not.
func (h *history) aRate() Rate {
	if h.in == "2026-27" {
		code := one(h, laterRates)
		return laterRate(code)
	}
	return cardRate(one(h, []RateCode{"CORE_PCN", "CD", "NPP", "CORE_PCN", "CD", "NPP", "ARRS_CP", "EXT_HOURS"}))
}

// through draws a month up to which something is run: mostly that of today.
func (h *history) through() Service {
	return Service(PeriodOf(min(DateIn(h.now), h.in.Last()).AddDays(-one(h, []int{0, 0, 0, 20, 70}))))
}

// adjust makes what was raised good, mostly of all networks.
func (h *history) adjust() {
	rate := h.aRate()
	c := AdjustEntitlement{Fund: h.fundOf(rate.Category), Rate: rate.Rate, Through: h.through(), Reason: "made good"}
	if h.chance(70) {
		c.Fund = h.raisedIn(rate.Rate, c.Fund)
	}
	if h.chance(30) {
		c.Networks = []Body{one(h, someNetworks)}
	}
	h.attempt("", c)
}

// raisedIn is the fund of the last item that was raised at a rate, or the other if none was.
func (h *history) raisedIn(rate RateCode, other FundCode) FundCode {
	for _, id := range h.itemIDs() {
		if item := h.ledger.items[id]; item.Rate == rate {
			other = item.Fund
		}
	}
	return other
}

// revise has a rate paid at another amount from a month on, now and then at what it was first.
func (h *history) revise() {
	rate := h.aRate()
	if rate.Kind != RateEntitlement {
		return
	}
	c := ReviseRate{Year: h.in, Rate: rate.Rate, From: h.month(1 + h.dice.IntN(12)).First(), Amount: h.someAmount(rate), Reason: "issued again", Document: letter}
	if h.chance(50) {
		c.From = rate.From
	}
	h.attempt("", c)
}

// someAmount draws what a rate may be paid at: something near what it was first, or that.
func (h *history) someAmount(rate Rate) string {
	if h.chance(20) {
		return rate.Amount
	}
	pounds, _ := new(big.Rat).SetString(rate.Amount)
	return pounds.Mul(pounds, big.NewRat(900+h.dice.Int64N(200), 1000)).FloatString(4)
}

// raiseMaximum has a role's maximum rise, as it did in every year.
func (h *history) raiseMaximum() {
	role := one(h, []RateCode{"ARRS_CP", "ARRS_SPLW"})
	versions := h.ledger.rates[rateKey{"2019-20", role}]
	if len(versions) == 0 {
		return
	}
	pounds := new(big.Rat).SetInt64(1 + h.dice.Int64N(900))
	now, _ := new(big.Rat).SetString(versions[len(versions)-1].rate.Amount)
	h.attempt("", ReviseRate{Year: "2019-20", Rate: role, Amount: now.Add(now, pounds).FloatString(0), Reason: "the pay award", Document: letter})
}

// cureFall recovers what a network was raised beyond its lists of today.
func (h *history) cureFall(rate Rate) {
	for _, id := range h.itemIDs() {
		item := h.ledger.items[id]
		if item.Rate != rate.Rate {
			continue
		}
		for _, charge := range item.Charges {
			if c := (claimant{item.Beneficiary, item.Practice}); h.chance(40) {
				if raised := h.ledger.raised[c.key(rate)][charge.For]; raised > 0 {
					h.attempt("", recoverPence(id, charge.For, h.upTo(charge.Pence)))
				}
			}
		}
	}
}

func (h *history) itemIDs() (ids []ItemID) {
	for _, code := range sortedKeys(h.ledger.funds) {
		ids = append(ids, h.ledger.funds[code].items...)
	}
	return ids
}

func (h *history) engage() {
	from := max(DateIn(h.now).AddDays(-h.dice.IntN(60)), "2019-07-01")
	if h.chance(5) {
		from = DateIn(h.now).AddDays(-200)
	}
	c := engage(h.aPerson(false), one(h, rolesOf), one(h, []RateCode{"ARRS_CP", "ARRS_CP", "ARRS_SPLW", "CD"}), from, h.someHours())
	if baseline, set := h.ledger.baselines[baselineKey{c.Network, c.Role}]; set {
		c.Held = one(h, []Quantity{"0.5", baseline.WTE, baseline.WTE, "3"})
	}
	h.attempt("", c)
}

func (h *history) someHours() Hours {
	return one(h, []Hours{"37.5", "37.5", "40", "18.75", "22.5", "7.25", "0.01", "41"})
}

// changeRole has a person work other hours, or in the other role, from a day of the last weeks on.
func (h *history) changeRole() {
	c := changeRole(h.aPerson(true), DateIn(h.now).AddDays(-h.dice.IntN(50)), one(h, []RateCode{"", "ARRS_CP", "ARRS_SPLW", "ARRS_SPLW"}), hours(h.someHours()))
	if claims := h.ledger.claimsFor(c.Person); len(claims) > 0 && h.chance(50) {
		c.From = claims[len(claims)-1].Month.First().AddDays(h.dice.IntN(31))
	}
	c.Held = one(h, []Quantity{"", "3", "3", "3"})
	h.attempt("", c)
}

func (h *history) setBaseline() {
	h.attempt("", baseline(one(h, someNetworks), one(h, []RateCode{"ARRS_CP", "ARRS_SPLW"}), one(h, []Quantity{"0", "1", "1.5", "2.25"})))
}

// aPerson draws a person who is in a role, or in none; now and then anyone.
func (h *history) aPerson(inRole bool) Person {
	fits := slices.DeleteFunc(slices.Clone(somePersons), func(p Person) bool {
		all := h.ledger.roles[p]
		return (len(all) > 0 && all[len(all)-1].to == "") != inRole
	})
	if len(fits) == 0 || h.chance(10) {
		return one(h, somePersons)
	}
	return one(h, fits)
}

func (h *history) endRole() {
	person := h.aPerson(true)
	to := DateIn(h.now).AddDays(-h.dice.IntN(50))
	if all := h.ledger.roles[person]; len(all) > 0 && h.chance(20) {
		to = all[len(all)-1].from.AddDays(h.dice.IntN(40))
	}
	if claims := h.ledger.claimsFor(person); len(claims) > 0 && h.chance(50) {
		to = claims[len(claims)-1].Month.First().AddDays(h.dice.IntN(31))
	}
	h.attempt("", endRole(person, to))
}

// someCost draws what a post cost in a month.
func (h *history) someCost(role RateCode) Costs {
	c := Costs{Salary: 50_000 + Pence(h.dice.Int64N(550_000)), NI: Pence(h.dice.Int64N(60_000)), Pension: Pence(h.dice.Int64N(80_000))}
	if role == supplierFeeRole || h.chance(2) {
		c.Fees = Pence(h.dice.Int64N(20_000))
	}
	if h.chance(3) {
		return Costs{}
	}
	return c
}

func (h *history) submit() {
	service := Service(PeriodOf(DateIn(h.now).AddDays(-h.dice.IntN(120))))
	network := one(h, rolesOf)
	var lines []ClaimLine
	for _, p := range somePersons {
		post, in := h.ledger.inPost(p, network, service)
		if again := h.ledger.claimed(claimedPost{p, network, post.role, service}); in && (!again || h.chance(5)) || h.chance(1) {
			lines = append(lines, ClaimLine{Person: p, Costs: h.someCost(post.role)})
		}
	}
	h.attempt("", claim(network, service, lines...))
}

// uplift claims more for posts of a network that were approved; now and then for others.
func (h *history) uplift() {
	c := ClaimUplift{Network: one(h, rolesOf), Reference: "uplift", Declaration: !h.chance(3)}
	for _, number := range slices.Sorted(maps.Keys(h.ledger.claims)) {
		claim := h.ledger.claims[number]
		for _, line := range claim.lines {
			_, err := h.ledger.approvedClaim(line.claimedPost)
			if again, _ := h.ledger.standing(line.claimedPost, true, 0); claim.Network == c.Network && err == nil && again == 0 && h.chance(30) || h.chance(1) {
				c.Lines = append(c.Lines, UpliftLine{Person: line.person, Month: line.month, Costs: Costs{Salary: Pence(h.dice.Int64N(100_000)), NI: 1}})
			}
		}
	}
	if h.attempt("", c) && h.governed && h.chance(70) {
		h.approveThrough(h.number - 1)
	}
}

// approveThrough has a claim verified and approved at once, by whoever may; now and then that is a mistake.
func (h *history) approveThrough(claim int64) {
	h.attempt("", VerifyClaim{Claim: claim, Evidence: "payslips"})
	if h.attempt("", ApproveClaim{Claim: claim, Fund: h.fundOf(pharmacist)}) && h.chance(60) {
		h.reverseAnew()
	}
}

// redistribute gives some of what networks leave unclaimed of the sum of 2020/21, which is shared, to others.
func (h *history) redistribute() {
	from, to := one(h, someNetworks[:3]), one(h, someNetworks[:3])
	for range 2 {
		if from == to {
			to = one(h, someNetworks[:3])
		}
	}
	left, _ := h.ledger.sumLeft(sumKey{from, "2020-21", SumARRS})
	estimate := h.upTo(left)
	decision := paper
	decision.Date = DateIn(h.now)
	h.attempt("", RedistributeUnclaimed{Year: "2020-21", Sum: SumARRS, Decision: decision, Lines: []RedistributionLine{gives(from, to, estimate, h.upTo(estimate))}})
}

func (h *history) approve() {
	if len(h.ledger.claims) == 0 {
		return
	}
	h.attempt("", ApproveClaim{Claim: h.aClaim(), Fund: h.fundOf(pharmacist)})
}

// aClaim draws a claim, mostly one that is not decided.
func (h *history) aClaim() int64 {
	numbers := slices.Sorted(maps.Keys(h.ledger.claims))
	number := one(h, numbers)
	for range 5 {
		if claim := h.ledger.claims[number]; claim.rejected || claim.approved != nil {
			number = one(h, numbers)
		}
	}
	return number
}

func (h *history) reject() {
	if len(h.ledger.claims) > 0 {
		h.attempt("", RejectClaim{Claim: h.aClaim(), Reason: "no payslip"})
	}
}

// recover takes back some of what any payable raised.
func (h *history) recover() {
	ids := h.itemIDs()
	ids = slices.DeleteFunc(ids, func(id ItemID) bool { return len(h.ledger.items[id].Charges) == 0 })
	if claims := slices.DeleteFunc(slices.Clone(ids), func(id ItemID) bool { return h.ledger.items[id].Claim == 0 }); len(claims) > 0 && h.chance(70) {
		ids = claims
	}
	if len(ids) == 0 {
		return
	}
	item := h.ledger.items[one(h, ids)]
	i := h.dice.IntN(len(item.Charges))
	charge := item.Charges[i]
	c := recoverPence(item.ID, charge.For, h.upTo(charge.Pence-item.recovered[i]))
	if item.Claim != 0 {
		c.Person = charge.Person
		if !h.ledger.claims[item.Claim].uplift && h.chance(50) {
			c.For = ""
		}
		if h.chance(60) {
			c.Pence, c.Proved = 0, h.someCost("")
		}
	}
	h.attempt(one(h, []Date{"", "", "", DateIn(h.now).AddDays(-10)}), c)
}

// net pays a payee and takes off what it owes.
func (h *history) net() {
	owed := h.openItems(Receivables)
	if len(owed) == 0 {
		return
	}
	receivable := one(h, owed)
	for _, payable := range h.openItems(Payables) {
		if payable.Payee != receivable.Payee {
			continue
		}
		pence := min(receivable.left(), payable.left(), MostPence)
		if h.chance(10) {
			pence++
		}
		h.attempt("", SettlePayment{
			Reference: "BACS", Lines: []SettleLine{{Item: payable.ID, Pence: min(payable.left(), MostPence)}}, Netted: []SettleLine{{Item: receivable.ID, Pence: pence}},
		})
		return
	}
}
