package domain

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// onCostOn is the on-cost of a day that the cards know.
func onCostOn(t *testing.T, d Date) OnCost {
	t.Helper()
	o, ok := OnCostOn(d)
	if !ok {
		t.Fatalf("no on-cost is known for %s", d)
	}
	return o
}

// printed is the maximum that the cards have for a role, an area and a day as first published, in pounds.
func printed(t *testing.T, code RateCode, area CostArea, d Date) *big.Rat {
	t.Helper()
	return cardLine(t, YearOf(d), code, area, d, "").amount().Rat()
}

func inPounds(r *big.Rat) Pence { return poundsToPence(r) }

// The eight published maxima that follow from an earlier one: of October 2022 by 5 % to July 2023 and by 5.5 % to October
// 2024 (The Pharmacist, July 2023 and September 2024), and then by the change of national insurance alone to April 2025
// (The Pharmacist, April 2025). The last rows are T11 of MONEY.md.
func TestEightPublishedMaximaFollowFromTheOnCostFormula(t *testing.T) {
	const october22, july23, october24, april25 Date = "2022-10-01", "2023-07-01", "2024-10-01", "2025-04-01"
	for _, c := range []struct {
		role     RateCode
		from, to Date
		raise    *big.Rat
		want     Pence // as printed, in whole pounds
	}{
		{"ARRS_CP", october22, july23, big.NewRat(105, 100), pounds(62_340)},
		{"ARRS_PT", october22, july23, big.NewRat(105, 100), pounds(40_159)},
		{"ARRS_CC", october22, july23, big.NewRat(105, 100), pounds(33_396)},
		{"ARRS_PT", july23, october24, big.NewRat(1055, 1000), pounds(42_437)},
		{"ARRS_PT", october24, april25, big.NewRat(1, 1), pounds(43_352)},
		{"ARRS_AP", october24, april25, big.NewRat(1, 1), pounds(73_334)},
		{"ARRS_CP", july23, october24, big.NewRat(1055, 1000), pounds(65_838)},
		{"ARRS_CP", october24, april25, big.NewRat(1, 1), pounds(66_972)},
	} {
		salary := onCostOn(t, c.from).Salary(printed(t, c.role, "", c.from))
		got := onCostOn(t, c.to).Maximum(salary.Mul(salary, c.raise))
		if card := inPounds(printed(t, c.role, "", c.to)); card != c.want {
			t.Errorf("the card of %s on %s has %s; printed is %s", c.role, c.to, card, c.want)
		}
		if got != c.want {
			t.Errorf("%s of %s makes %s on %s; printed is %s", c.role, c.from, got, c.to, c.want)
		}
	}
}

// T11 in pence, which MONEY.md has as 65,837.8 and 66,971.9.
func TestAClinicalPharmacistStepByStep(t *testing.T) {
	salary := onCostOn(t, "2023-07-01").Salary(printed(t, "ARRS_CP", "", "2023-07-01"))
	salary.Mul(salary, big.NewRat(1055, 1000))
	if cost := inPounds(onCostOn(t, "2024-10-01").Cost(salary)); cost != 65_837_77 {
		t.Errorf("October 2024 costs %s; want £65,837.77", cost)
	}
	salary = onCostOn(t, "2024-10-01").Salary(printed(t, "ARRS_CP", "", "2024-10-01"))
	if cost := inPounds(onCostOn(t, "2025-04-01").Cost(salary)); cost != 66_971_92 {
		t.Errorf("April 2025 costs %s; want £66,971.92", cost)
	}
}

// T9 and T10 of MONEY.md: GPs of 2025/26 at £82,418 (Humberside LMC), of 2024/25 at £73,114, in London £2,162 more (Pulse
// PCN, 27 September 2024; a practice finance page of January 2025). With £73,113 it is a pound and more less than printed.
func TestTheMaximaOfGPsFollowFromTheirSalaries(t *testing.T) {
	for _, c := range []struct {
		on      Date
		area    CostArea
		salary  int64
		cost    Pence // exact, to the penny
		maximum Pence
		asCard  bool
	}{
		{"2025-04-01", "", 82_418, 105_882_41, pounds(105_882), true},
		{"2024-10-01", "", 73_114, 92_461_73, pounds(92_462), true},
		{"2024-10-01", "", 73_113, 92_460_44, pounds(92_460), false},
		{"2024-10-01", AreaLondon, 73_114 + 2_162, 95_232_98, pounds(95_233), true},
	} {
		o, salary := onCostOn(t, c.on), big.NewRat(c.salary, 1)
		if cost, maximum := inPounds(o.Cost(salary)), o.Maximum(salary); cost != c.cost || maximum != c.maximum {
			t.Errorf("£%d on %s costs %s, at most %s; want %s and %s", c.salary, c.on, cost, maximum, c.cost, c.maximum)
		}
		if card := inPounds(printed(t, "ARRS_GP", c.area, c.on)); (card == c.maximum) != c.asCard {
			t.Errorf("the card has %s on %s, and £%d makes %s", card, c.on, c.salary, c.maximum)
		}
	}
}

// T12 of MONEY.md (The Pharmacist, September 2024): £5,735 × 1.2818 more in outer and £8,172 × 1.2818 more in inner London,
// for salaries whose 15 or 20 % is above that. The maxima of pharmacy technicians follow from 15 and 20 % themselves, and
// those of inner London before from the limits of their years, £7,377 (Chemist+Druggist, October 2022) and £7,746 (Suvera).
func TestTheMaximaOfLondonFollowFromItsSupplements(t *testing.T) {
	for _, c := range []struct {
		role          RateCode
		area          CostArea
		on            Date
		percent, most int64
		want          Pence // as printed
	}{
		{"ARRS_CP", AreaOuter, "2024-10-01", 15, 5_735, pounds(73_189)},
		{"ARRS_CP", AreaInner, "2024-10-01", 20, 8_172, pounds(76_313)},
		{"ARRS_PT", AreaOuter, "2024-10-01", 15, 5_735, pounds(48_991)},
		{"ARRS_PT", AreaInner, "2024-10-01", 20, 8_172, pounds(51_176)},
		{"ARRS_CP", AreaOuter, "2025-04-01", 15, 5_735, pounds(74_392)},
		{"ARRS_CP", AreaInner, "2025-04-01", 20, 8_172, pounds(77_545)},
		{"ARRS_CP", AreaInner, "2022-10-01", 20, 7_377, pounds(68_768)},
		{"ARRS_CP", AreaInner, "2023-07-01", 20, 7_746, pounds(72_269)},
	} {
		o, elsewhere := onCostOn(t, c.on), printed(t, c.role, "", c.on)
		got := o.InLondon(elsewhere, HighCost(o.Salary(elsewhere), c.percent, c.most))
		if card := inPounds(printed(t, c.role, c.area, c.on)); got != c.want || card != c.want {
			t.Errorf("%s %s on %s: %s, and the card has %s; printed is %s", c.role, c.area, c.on, got, card, c.want)
		}
	}
}

// T1 of MONEY.md, in the terms of the card (Practice Index, 2019): (37,810 + 34,113) × 9/12 = 53,942.25.
func TestTheSumOf2019FollowsFromItsTwoMaxima(t *testing.T) {
	sum := new(big.Rat).Add(printed(t, "ARRS_CP", "", "2019-07-01"), printed(t, "ARRS_SPLW", "", "2019-07-01"))
	if got := inPounds(sum.Mul(sum, big.NewRat(9, 12))); got != 53_942_25 {
		t.Errorf("the two posts come to %s; want £53,942.25", got)
	}
}

// T3 of MONEY.md (NHS England C1050): from 0.25 to 1 whole-time post for a quarter of a year, 0.722 × 3 ÷ 4 = 0.5415,
// printed as £0.542 a patient.
func TestTheTopUpOfTheClinicalDirectorFollowsFromItsRate(t *testing.T) {
	topUp := new(big.Rat).Mul(printed(t, "CD", "", "2021-01-01"), big.NewRat(3, 4))
	if got := topUp.FloatString(4); got != "0.5415" {
		t.Errorf("the top-up is £%s; want £0.5415", got)
	}
	card := printed(t, "CD_COVID_TOPUP", "", "2021-01-01")
	if thousandths := roundRat(topUp.Mul(topUp, big.NewRat(1000, 1))); card.Cmp(big.NewRat(int64(thousandths), 1000)) != 0 {
		t.Errorf("the card has £%s", card.FloatString(3))
	}
}

// The maxima of August 2025 that the card infers are the published ones with a pay rise of 3.6 %, of GPs 4 % (The
// Pharmacist, 2025). The salaries are taken in whole pounds.
func TestTheInferredMaximaOfAugust2025AreWhatTheirNotesSay(t *testing.T) {
	o, n := onCostOn(t, "2025-04-01"), 0
	for _, r := range RateCard("2025-26") {
		if r.Edition != "August 2025" {
			continue
		}
		raise := big.NewRat(1036, 1000)
		if r.Rate == "ARRS_GP" {
			raise = big.NewRat(104, 100)
		}
		salary := o.Salary(printed(t, r.Rate, "", r.From))
		if off := o.Maximum(salary.Mul(salary, raise)) - inPounds(r.amount().Rat()); off < -pounds(1) || off > pounds(1) {
			t.Errorf("%s: the card has £%s, which is %s off", r.Rate, r.Amount, off)
		}
		n++
	}
	if n != 7 {
		t.Errorf("the card infers %d maxima; want 7", n)
	}
}

func TestNoOnCostIsKnownBeforeOctober2022(t *testing.T) {
	for _, d := range []Date{"2019-07-01", "2022-09-30", "2030-04-01"} {
		if o, ok := OnCostOn(d); ok {
			t.Errorf("on %s national insurance is %s", d, o.NI)
		}
	}
}

// The salary that a maximum implies makes that maximum again.
func TestAMaximumAndItsSalary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, _ := OnCostOn(Date(rapid.SampledFrom([]string{"2022-10-01", "2024-10-01", "2025-04-01"}).Draw(t, "day")))
		maximum := rapid.Int64Range(15_000, 200_000).Draw(t, "maximum")
		if got := o.Maximum(o.Salary(big.NewRat(maximum, 1))); got != pounds(maximum) {
			t.Errorf("£%d implies a salary that makes %s", maximum, got)
		}
	})
}
