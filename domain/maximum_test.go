package domain

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const someone Person = "P-0001"

// cardGrounds are what is known where the cards of some years are adopted as far as a primary or secondary source prints an
// amount, and one person is in some posts of North.
func cardGrounds(years []Year, times ...engagement) *Grounds {
	g := new(Grounds)
	for i, year := range years {
		e := RateCardAdopted{Year: year}
		for _, r := range RateCard(year) {
			if r.first() && r.paid() && r.Standing.payable() && r.Amount != "" {
				e.Rates = append(e.Rates, r)
			}
		}
		g.adoptRates(int64(i+1), e)
	}
	for i := range times {
		times[i].network = north
	}
	set(&g.roles, someone, times)
	return g
}

// through lists the maxima of a year's months from one on.
func through(t *testing.T, g *Grounds, role RateCode, from Service) (months []Pence) {
	t.Helper()
	for _, m := range monthsThrough(Service(string(from.Year()) + "/M12")) {
		if m < from {
			continue
		}
		most, err := g.maximumOf(someone, north, role, m)
		if err != nil {
			t.Fatal(err)
		}
		months = append(months, most)
	}
	return months
}

func whole(role RateCode, from Date, area CostArea) engagement {
	return engagement{role: role, from: from, Post: Post{Hours: "37.5", Area: area}}
}

// TestMaximaThatChangeWithinTheYear has each month at the maximum in force for it. The maxima are printed: 57,318 and
// 59,312 by NHS England's letters of 2022, 62,340 of 1 July 2023, 65,838 (outer London 73,189, inner 76,313) and the GP's
// 92,462 (London 95,233) of 1 October 2024; each card names where.
func TestMaximaThatChangeWithinTheYear(t *testing.T) {
	for _, c := range []struct {
		name string
		g    *Grounds
		role RateCode
		from Service
		want []Pence
	}{
		{"a pharmacist in 2022/23: 57,318 to September, 59,312 from October", cardGrounds([]Year{"2022-23"}, whole("ARRS_CP", "2020-09-01", "")), "ARRS_CP", "2022-23/M01",
			[]Pence{4_776_50, 4_776_50, 4_776_50, 4_776_50, 4_776_50, 4_776_50, 4_942_67, 4_942_66, 4_942_67, 4_942_67, 4_942_66, 4_942_67}},
		{"a pharmacist in 2023/24: 59,312 to June, 62,340 from July", cardGrounds([]Year{"2023-24"}, whole("ARRS_CP", "2020-09-01", "")), "ARRS_CP", "2023-24/M01",
			[]Pence{4_942_67, 4_942_66, 4_942_67, 5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_195_00}},
		{"a pharmacist in 2024/25: 62,340 to September, 65,838 from October", cardGrounds([]Year{"2024-25"}, whole("ARRS_CP", "2020-09-01", "")), "ARRS_CP", "2024-25/M01",
			[]Pence{5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_195_00, 5_486_50, 5_486_50, 5_486_50, 5_486_50, 5_486_50, 5_486_50}},
		{"a pharmacist in inner London from August 2024: 72,269, then 76,313", cardGrounds([]Year{"2024-25"}, whole("ARRS_CP", "2024-08-01", AreaInner)), "ARRS_CP", "2024-25/M05",
			[]Pence{6_022_42, 6_022_41, 6_359_42, 6_359_42, 6_359_41, 6_359_42, 6_359_42, 6_359_41}},
		{"a pharmacist in outer London from October 2024: 73,189", cardGrounds([]Year{"2024-25"}, whole("ARRS_CP", "2024-10-01", AreaOuter)), "ARRS_CP", "2024-25/M07",
			[]Pence{6_099_08, 6_099_09, 6_099_08, 6_099_08, 6_099_09, 6_099_08}},
		{"a pharmacist who moves from outer to inner London on 16 October 2024: 15 and 16 days of 31", cardGrounds([]Year{"2024-25"},
			engagement{role: "ARRS_CP", from: "2024-10-01", to: "2024-10-15", Post: Post{Hours: "37.5", Area: AreaOuter}}, whole("ARRS_CP", "2024-10-16", AreaInner)),
			"ARRS_CP", "2024-25/M07", []Pence{6_233_45, 6_359_42, 6_359_41, 6_359_42, 6_359_42, 6_359_41}},
		{"a GP of nine sessions in London: 95,233", cardGrounds([]Year{"2024-25"}, engagement{role: "ARRS_GP", from: "2024-10-01", Post: Post{Sessions: "9", Area: AreaLondon}}),
			"ARRS_GP", "2024-25/M07", []Pence{7_936_08, 7_936_09, 7_936_08, 7_936_08, 7_936_09, 7_936_08}},
		{"a GP of four and a half sessions: half of 92,462", cardGrounds([]Year{"2024-25"}, engagement{role: "ARRS_GP", from: "2024-10-01", Post: Post{Sessions: "4.5"}}),
			"ARRS_GP", "2024-25/M07", []Pence{3_852_58, 3_852_59, 3_852_58, 3_852_58, 3_852_59, 3_852_58}},
		{"a GP of 18.75 hours: the same half", cardGrounds([]Year{"2024-25"}, engagement{role: "ARRS_GP", from: "2024-10-01", Post: Post{Hours: "18.75"}}),
			"ARRS_GP", "2024-25/M07", []Pence{3_852_58, 3_852_59, 3_852_58, 3_852_58, 3_852_59, 3_852_58}},
		{"a GP of 9.6 sessions is one whole-time post", cardGrounds([]Year{"2024-25"}, engagement{role: "ARRS_GP", from: "2025-02-01", Post: Post{Sessions: "9.6"}}),
			"ARRS_GP", "2024-25/M11", []Pence{7_705_17, 7_705_16}},
		{"twenty hours a week: 20 of 37.5", cardGrounds([]Year{"2024-25"}, engagement{role: "ARRS_CP", from: "2025-02-01", Post: Post{Hours: "20"}}),
			"ARRS_CP", "2024-25/M11", []Pence{2_926_13, 2_926_14}},
		{"half time from 16 November 2019: 15 of 30 days whole, 15 half", cardGrounds([]Year{"2019-20"},
			engagement{role: "ARRS_CP", from: "2019-11-01", to: "2019-11-15", Post: Post{Hours: "37.5"}}, engagement{role: "ARRS_CP", from: "2019-11-16", Post: Post{Hours: "18.75"}}),
			"ARRS_CP", "2019-20/M08", []Pence{2_363_13, 1_575_41, 1_575_42, 1_575_42, 1_575_41}},
		{"a trainee nursing associate to 14 February 2021: half of February", trainee(), "ARRS_TNA", "2020-21/M10", []Pence{2_139_25, 1_069_63, 0}},
		{"who is a nursing associate from 15 February: the other half", trainee(), "ARRS_NA", "2020-21/M10", []Pence{0, 1_213_96, 2_427_92}},
		{"a GP whose maximum was revised in August 2025 from 1 April", revisedGP(), "ARRS_GP", "2025-26/M01", slices.Repeat([]Pence{9_179_00}, 12)},
	} {
		if diff := cmp.Diff(c.want, through(t, c.g, c.role, c.from)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// trainee qualifies in the middle of a month: 25,671 and 29,135 a year (BMA, October 2020).
func trainee() *Grounds {
	return cardGrounds([]Year{"2020-21"}, engagement{role: "ARRS_TNA", from: "2020-10-01", to: "2021-02-14", Post: Post{Hours: "37.5"}}, whole("ARRS_NA", "2021-02-15", ""))
}

// revisedGP has the card's 105,882 replaced by 110,148, which the card says is calculated.
func revisedGP() *Grounds {
	g := cardGrounds([]Year{"2025-26"}, engagement{role: "ARRS_GP", from: "2024-10-01", Post: Post{Sessions: "9"}})
	now := g.rates[rateKey{"2025-26", "ARRS_GP"}][0].rate
	now.Amount = "110148"
	g.changeRate(9, RateChange{Year: "2025-26", Rate: "ARRS_GP", From: "2025-04-01", To: "2026-03-31", Now: now}, false)
	return g
}

// TestMaximumSaysHowItWasWorkedOut opens the maximum of a month in which a pharmacist's hours changed.
func TestMaximumSaysHowItWasWorkedOut(t *testing.T) {
	g := cardGrounds([]Year{"2022-23"}, engagement{role: "ARRS_CP", from: "2022-09-01", to: "2022-10-15", Post: Post{Hours: "37.5"}},
		engagement{role: "ARRS_CP", from: "2022-10-16", Post: Post{Hours: "15"}})
	most, err := g.Maximum(someone, north, "ARRS_CP", "2022-23/M07")
	if err != nil {
		t.Fatal(err)
	}
	var terms []string
	for _, term := range most.Terms {
		terms = append(terms, strings.Join([]string{string(term.Month), term.Post.words(), term.Share().RatString(), term.Version.Amount}, ", "))
	}
	if diff := cmp.Diff([]string{"2022-23/M06, 37.5 hours, 1, 57318", "2022-23/M07, 37.5 hours, 15/31, 59312", "2022-23/M07, 15 hours, 32/155, 59312"}, terms); diff != "" {
		t.Errorf("the terms differ (-want +got):\n%s", diff)
	}
	// 57,318 ÷ 12 = 4,776.50; 59,312 ÷ 12 × (75 + 32) ÷ 155 = 3,412.0344
	if most.Before != 4_776_50 || most.Through != 8_188_53 || most.Pence() != 3_412_03 {
		t.Errorf("got %s less %s = %s", most.Through, most.Before, most.Pence())
	}
}

// TestMonthsWithoutAMaximum has such a month refused by role, area and month, and add nothing to a later one.
func TestMonthsWithoutAMaximum(t *testing.T) {
	years := []Year{"2020-21", "2021-22", "2024-25"}
	for _, c := range []struct {
		role  RateCode
		area  CostArea
		month Service
		rule  Rule
		says  []string
	}{
		{"ARRS_CP", "", "2021-22/M04", RuleRateNotAdopted, []string{"Clinical pharmacist (ARRS_CP)", "2021-22/M04", "AdoptRateCard"}},
		{"ARRS_AP", "", "2024-25/M06", RuleRateNotAdopted, []string{"Advanced practitioner (ARRS_AP)", "2024-25/M06"}},
		{"ARRS_CP", AreaOuter, "2024-25/M06", RuleRoleArea, []string{"Clinical pharmacist (ARRS_CP)", "outer London", "2024-25/M06"}},
		{"ARRS_PARA", "", "2020-21/M12", RuleRateMonth, []string{"Paramedic (ARRS_PARA)", "2020-21/M12", "it is reimbursed from 1 April 2021"}},
	} {
		g := cardGrounds(years, whole(c.role, "2020-04-01", c.area))
		_, err := g.maximumOf(someone, north, c.role, c.month)
		refusal := refusalOf(err)
		if refusal == nil || refusal.Rule != c.rule {
			t.Errorf("%s in %s: got %v, want %s", c.role, c.month, err, c.rule)
			continue
		}
		for _, says := range c.says {
			if !strings.Contains(refusal.Error(), says) {
				t.Errorf("%s in %s: %q does not say %q", c.role, c.month, refusal, says)
			}
		}
	}
	g := cardGrounds(years, whole("ARRS_AP", "2020-04-01", ""))
	if most, err := g.maximumOf(someone, north, "ARRS_AP", "2024-25/M07"); err != nil || most != 6_011_75 {
		t.Errorf("October 2024 of an advanced practitioner: got %s, %v, want £6,011.75: a twelfth of 72,141", most, err)
	}
	if most, err := g.maximumOf(someone, south, "ARRS_AP", "2024-25/M06"); err != nil || most != 0 {
		t.Errorf("a month out of post: got %s, %v, want nothing", most, err)
	}
}

// TestMaximaOfChangingPosts has the months of a year sum to its maxima by its days, rounded once, however a post changes
// within it, and no difference where a time in post is recorded in two parts.
func TestMaximaOfChangingPosts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, exact := new(Grounds), new(big.Rat)
		day := Date("2022-03-01")
		var times []engagement
		for range rapid.IntRange(1, 6).Draw(t, "times") {
			day = day.AddDays(rapid.IntRange(1, 40).Draw(t, "gap"))
			e := engagement{network: north, role: "ARRS_CP", from: day, Post: Post{Hours: Hours(big.NewRat(rapid.Int64Range(1, 4000).Draw(t, "hours"), 100).FloatString(2))}}
			day = day.AddDays(rapid.IntRange(0, 120).Draw(t, "days"))
			e.to = day
			times = append(times, e)
		}
		for i, m := range monthsThrough("2022-23/M12") {
			amount := big.NewRat(rapid.Int64Range(1, 20_000_000).Draw(t, "maximum"), 100)
			rate := Rate{Year: "2022-23", Rate: "ARRS_CP", Kind: RateReimbursedRole, Amount: amount.FloatString(2), From: m.First(), To: m.Last()}
			g.adoptRates(int64(i+1), RateCardAdopted{Year: "2022-23", Rates: []Rate{rate}})
			days := daysOf(m)
			for _, d := range days {
				for _, e := range times {
					if hours, _ := new(big.Rat).SetString(string(e.Hours)); e.from <= d && d <= e.to {
						if hours.Cmp(fullTime) > 0 {
							hours = fullTime
						}
						part := new(big.Rat).Quo(hours, fullTime)
						part.Mul(part, amount).Mul(part, big.NewRat(100, 12*int64(len(days))))
						exact.Add(exact, part)
					}
				}
			}
			set(&g.roles, someone, times)
			var sum Pence
			for _, month := range monthsThrough(m) {
				most, err := g.maximumOf(someone, north, "ARRS_CP", month)
				if err != nil || most < 0 {
					t.Fatalf("%s: %s, %v", month, most, err)
				}
				sum += most
			}
			if sum != roundRat(exact) {
				t.Fatalf("the months through %s sum to %s; the days come to %s pence", m, sum, exact.FloatString(3))
			}
		}
		before := maximaOf2022(t, g)
		at := rapid.IntRange(0, len(times)-1).Draw(t, "split")
		if first := times[at]; first.from < first.to {
			first.to = first.from.AddDays(rapid.IntRange(0, int(daysBetween(first.from, first.to))-1).Draw(t, "after"))
			rest := times[at]
			rest.from, rest.Supplier = first.to.AddDays(1), true
			set(&g.roles, someone, slices.Concat(times[:at], []engagement{first, rest}, times[at+1:]))
			if diff := cmp.Diff(before, maximaOf2022(t, g)); diff != "" {
				t.Fatalf("recorded in two parts, %+v and %+v, it differs:\n%s", first, rest, diff)
			}
		}
	})
}

func maximaOf2022(t *rapid.T, g *Grounds) (months []Pence) {
	for _, m := range monthsThrough("2022-23/M12") {
		most, err := g.maximumOf(someone, north, "ARRS_CP", m)
		if err != nil {
			t.Fatal(err)
		}
		months = append(months, most)
	}
	return months
}
