package intake_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/intake"
)

const rateHeader = "year,rate,title,kind,unit,population,measure,amount,from,to,source,standing,document,address,percent,membership,reference,first\n"

var rating = intake.RateOptions{Ledger: "oxfordshire"}

func adopted(t testing.TB, file string) (all []domain.AdoptRateCard) {
	t.Helper()
	made, err := intake.RateCard(strings.NewReader(file), "rates.csv", rating)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range made.Commands {
		all = append(all, n.Command.(domain.AdoptRateCard))
	}
	return all
}

func TestRatesOfACommissionersOwnAreAdoptedYearByYearEachWithItsDocument(t *testing.T) {
	got := adopted(t, "year,rate,title,unit,population,measure,amount,from,to,source,standing\n"+
		"# the Lead GP sessions of the neighbourhoods\n"+
		"2019-20,LEAD_GP,Lead GP session,session,,lead GP sessions,287.50,2019-07-01,2020-03-31,Executive Committee paper 18/104,primary\n"+
		"2018-19,NEIGHBOURHOOD,Neighbourhood support,patient,registered,,0.305,2018-12-01,2019-03-31,Executive Committee paper 18/97,primary\n")
	for _, c := range got {
		for i, r := range c.Own {
			if r.Document.Title != r.Source || r.Document.File != "rates.csv" || len(r.Document.SHA256) != 64 {
				t.Errorf("the document of %s is %+v", r.Rate, r.Document)
			}
			c.Own[i].Document = domain.Source{}
		}
	}
	want := []domain.AdoptRateCard{
		{Year: "2018-19", Own: []domain.Rate{{
			Rate: "NEIGHBOURHOOD", Year: "2018-19", Title: "Neighbourhood support", Kind: domain.RateEntitlement, Unit: domain.UnitPatient, Amount: "0.305",
			Population: domain.PopulationRegistered, Membership: domain.MembersOnFirst, From: "2018-12-01", To: "2019-03-31", Instalments: domain.PayMonthly,
			Payee: domain.PayNominated, Category: "Neighbourhood support", Rounding: domain.RoundPenny, Source: "Executive Committee paper 18/97", Standing: domain.StandingPrimary,
		}}},
		{Year: "2019-20", Own: []domain.Rate{{
			Rate: "LEAD_GP", Year: "2019-20", Title: "Lead GP session", Kind: domain.RateEntitlement, Unit: domain.UnitSession, Amount: "287.50",
			Measure: "lead GP sessions", From: "2019-07-01", To: "2020-03-31", Instalments: domain.PayMonthly, Payee: domain.PayNominated,
			Category: "Lead GP session", Rounding: domain.RoundPenny, Source: "Executive Committee paper 18/104", Standing: domain.StandingPrimary,
		}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The programme's own cards are of the form: each of their entitlements and roles reads as what it is there.
func TestTheRatesOfTheCardsReadAsTheyAre(t *testing.T) {
	for _, year := range []domain.Year{"2019-20", "2021-22", "2024-25", "2026-27"} {
		raw, err := os.ReadFile(filepath.Join("..", "domain", "ratecards", string(year)+".csv"))
		must(t, err)
		rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
		must(t, err)
		kept := [][]string{append([]string{"year"}, rows[0]...)}
		want := map[domain.RateCode]domain.Rate{}
		seen := map[string]bool{}
		card := domain.RateCard(year)
		for i, row := range rows[1:] {
			r := card[i]
			paid := (r.Standing == domain.StandingPrimary || r.Standing == domain.StandingSecondary) && (r.Kind == domain.RateEntitlement || r.Kind == domain.RateReimbursedRole)
			if !paid || r.Use != "" || r.Amount == "" || r.Source == "" || r.Edition != "" || r.Area != "" || seen[string(r.Rate)] {
				continue
			}
			seen[string(r.Rate)] = true
			kept = append(kept, append([]string{string(year)}, row...))
			want[r.Rate] = r
		}
		for _, got := range adopted(t, string(written(t, kept)))[0].Own {
			got.Document = domain.Source{}
			if want[got.Rate].Membership == "" {
				got.Membership = ""
			}
			if diff := cmp.Diff(want[got.Rate], got); diff != "" {
				t.Errorf("%s of %s:\n%s", got.Rate, year, diff)
			}
			delete(want, got.Rate)
		}
		if len(want) != 0 || len(kept) < 3 {
			t.Errorf("%s: %d rates are not read, of %d", year, len(want), len(kept)-1)
		}
	}
}

// rateRow is a row that is right but for what is changed.
func rateRow(changes ...string) string {
	row := map[string]string{
		"year": "2024-25", "rate": "LEAD_GP", "title": "Lead GP", "unit": "patient", "population": "registered", "amount": "0.50", "from": "2024-04-01",
		"to": "2025-03-31", "source": "paper 12", "standing": "primary",
	}
	for i := 0; i < len(changes); i += 2 {
		row[changes[i]] = changes[i+1]
	}
	var fields []string
	for column := range strings.SplitSeq(strings.TrimSpace(rateHeader), ",") {
		fields = append(fields, row[column])
	}
	return strings.Join(fields, ",") + "\n"
}

var badRates = []struct {
	name string
	rows string
	want []at
}{
	{"a header alone has no rate", "", []at{{}}},
	{"a rate without a unit is refused", rateRow("unit", ""), []at{{2, 5, "unit"}}},
	{"a rate of an unknown unit is refused", rateRow("unit", "head"), []at{{2, 5, "unit"}}},
	{"a rate without a source is refused", rateRow("source", ""), []at{{2, 11, "source"}}},
	{"a rate that begins before its year is refused", rateRow("from", "2024-03-01"), []at{{2, 9, "from"}}},
	{"a rate that goes on after its year is refused", rateRow("to", "2025-04-30"), []at{{2, 10, "to"}}},
	{"a rate that ends before it begins is refused", rateRow("from", "2024-10-01", "to", "2024-09-30"), []at{{2, 10, "to"}}},
	{"a rate that begins within a month is refused", rateRow("from", "2024-04-02"), []at{{2, 9, "from"}}},
	{"a rate that ends within a month is refused", rateRow("to", "2025-03-30"), []at{{2, 10, "to"}}},
	{"an amount of nothing is refused", rateRow("amount", "0.00"), []at{{2, 8, "amount"}}},
	{"a rate that is unverified needs a document", rateRow("standing", "unverified"), []at{{2, 12, "standing"}}},
	{"a row that stands twice is refused", rateRow() + rateRow(), []at{{3, 2, "rate"}}},
	{"two rates for the same days are refused", rateRow() + rateRow("amount", "0.60", "from", "2025-01-01"), []at{{3, 2, "rate"}}},
	{"an unknown population is refused", rateRow("population", "raw"), []at{{2, 6, "population"}}},
	{"a rate for each patient needs a population", rateRow("population", ""), []at{{2, 6, "population"}}},
	{"a rate for each bed needs a measure", rateRow("unit", "bed", "population", ""), []at{{2, 5, "unit"}}},
	{"an unknown standing is refused", rateRow("standing", "certain"), []at{{2, 12, "standing"}}},
	{"a rate without a standing is refused", rateRow("standing", ""), []at{{2, 12, "standing"}}},
	{"an amount that is no number is refused", rateRow("amount", "£0.50"), []at{{2, 8, "amount"}}},
	{"a negative amount is refused", rateRow("amount", "-0.50"), []at{{2, 8, "amount"}}},
	{"a blank amount is refused", rateRow("amount", ""), []at{{2, 8, "amount"}}},
	{"a year that is none is refused", rateRow("year", "2024/25"), []at{{2, 1, "year"}}},
	{"a code that is none is refused", rateRow("rate", "lead gp"), []at{{2, 2, "rate"}}},
	{"a rate without a title is refused", rateRow("title", ""), []at{{2, 3, "title"}}},
	{"a kind that is none is refused", rateRow("kind", "published-total"), []at{{2, 4, "kind"}}},
	{"a part of more than the whole is refused", rateRow("kind", "reimbursed-role", "unit", "WTE", "percent", "101"), []at{{2, 15, "percent"}}},
	{"members at a reference date need the date", rateRow("membership", "reference"), []at{{2, 16, "membership"}}},
	{"a first month of another year is refused", rateRow("first", "2025-26/M01"), []at{{2, 18, "first"}}},
	{"all faults of a row are told together", rateRow("unit", "", "source", "", "amount", "x"), []at{{2, 5, "unit"}, {2, 8, "amount"}, {2, 11, "source"}}},
}

func TestBadRatesAreRefusedWithThePlaceAndTheRemedy(t *testing.T) {
	var wording strings.Builder
	for _, bad := range badRates {
		made, err := intake.RateCard(strings.NewReader(rateHeader+bad.rows), "rates.csv", rating)
		fmt.Fprintf(&wording, "# %s\n%v\n\n", bad.name, err)
		t.Run(bad.name, func(t *testing.T) { checkRefused(t, made, err, "rates.csv", bad.want) })
	}
	checkWording(t, "rate-errors.golden", wording.String())
}

func TestAWrongFileIsNoRateCard(t *testing.T) {
	made, err := intake.RateCard(strings.NewReader(claimHeader+claimRow()), "claims.csv", rating)
	checkRefused(t, made, err, "claims.csv", []at{{line: 1}})
	made, err = intake.RateCard(strings.NewReader(strings.Replace(rateHeader, ",unit", ",per", 1)), "rates.csv", rating)
	checkRefused(t, made, err, "rates.csv", []at{{1, 0, "unit"}})
}

func TestARateIsNamedInADryRun(t *testing.T) {
	made, err := intake.RateCard(strings.NewReader(rateHeader+rateRow()), "rates.csv", rating)
	must(t, err)
	want := []string{"line 2: 2024-25 LEAD_GP, Lead GP: £0.50 per registered patient from 1 April 2024 to 31 March 2025; paper 12, primary"}
	if !slices.Equal(made.Summary.Lines, want) {
		t.Errorf("got %q", made.Summary.Lines)
	}
}

func FuzzRateCard(f *testing.F) {
	f.Add([]byte(rateHeader + rateRow()))
	for _, bad := range badRates {
		f.Add([]byte(rateHeader + bad.rows))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		made, err := intake.RateCard(bytes.NewReader(raw), "rates.csv", rating)
		if err != nil {
			checkTold(t, made, err)
		}
	})
}
