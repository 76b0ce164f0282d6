package domain

// This file makes up what officers do in 2026/27: rates are overridden as well as revised, and some are paid on what is counted.

const careHomes Category = "care home premium"

// laterRates are the rates that histories of 2026/27 run: two of the card and two of the commissioner's own.
var laterRates = []RateCode{"ENHANCED_ACCESS", "ENHANCED_ACCESS", "NPP", "CARE_HOME", "CARE_HOME", "POINTS"}

// ownLater are the commissioner's own: one in instalments, one paid all at once.
var ownLater = []Rate{
	{
		Rate: "CARE_HOME", Year: "2026-27", Title: "Care home premium", Kind: RateEntitlement, Unit: UnitBed, Amount: "134.50", Measure: beds, From: "2026-04-01", To: "2027-03-31",
		Instalments: PayMonthly, First: "2026-27/M01", Payee: PayNominated, Category: careHomes, Source: "a schedule (made up)", Standing: StandingSecondary,
	},
	{
		Rate: "POINTS", Year: "2026-27", Title: "Points", Kind: RateEntitlement, Unit: UnitPoint, Amount: "198.13", Measure: points, From: "2026-04-01", To: "2027-03-31",
		Instalments: PayOnce, First: "2026-27/M03", Payee: PayNominated, Category: "investment and impact", Source: "a schedule (made up)", Standing: StandingSecondary,
	},
}

// laterRate is a rate as it was first adopted.
func laterRate(code RateCode) Rate {
	for _, r := range append(RateCard("2026-27"), ownLater...) {
		if r.Rate == code {
			return r
		}
	}
	panic("no rate of 2026/27 is called " + string(code))
}

// beginLater has lists, rates, quantities and payees stand when the year's money begins to be paid.
func (h *history) beginLater() {
	h.on("2026-06-03")
	for _, population := range []Population{PopulationAdjusted, PopulationWeighted} {
		h.correctLists(population, somePractices)
	}
	h.attempt("", AdoptRateCard{Year: h.in, Rates: []RateChoice{{Rate: "ENHANCED_ACCESS"}, {Rate: "NPP"}}, Own: ownLater})
	for _, network := range someNetworks {
		h.attempt("", nominate(network, one(h, somePayees), h.in.First()))
		for _, measure := range []Measure{beds, points} {
			h.attempt("", counted(measure, h.in.First(), QuantityLine{Body: network, Quantity: one(h, []Quantity{"40", "112.5", "328"})}))
		}
	}
	for range 2 {
		h.openFund()
		h.confirm()
	}
}

// laterActs lists what officers do in that year besides.
func (h *history) laterActs() []act {
	return []act{
		{30, h.run}, {24, h.adjust}, {5, h.revise}, {10, h.override}, {8, h.count}, {5, h.correct}, {3, h.nominate}, {4, h.setBudget}, {5, h.enrol}, {2, h.leave}, {12, h.recover}, {8, h.net},
	}
}

// override has a rate paid at the commissioner's own amount for some months; now and then one that cannot be.
func (h *history) override() {
	n := 2 + h.dice.IntN(8)
	c := OverrideRate{Year: h.in, Rate: one(h, []RateCode{"ENHANCED_ACCESS", "ENHANCED_ACCESS", "NPP"}), From: h.month(n).First(), Reason: "agreed", Agreement: letter}
	if h.chance(10) {
		c.Rate, c.From = one(h, laterRates), h.month(1+h.dice.IntN(12)).First()
	}
	c.Amount = h.someAmount(laterRate(c.Rate))
	if h.chance(50) {
		c.To = h.month(n + h.dice.IntN(4)).Last()
	}
	h.attempt("", c)
}
