package intake_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"pcnledger/domain"
	"pcnledger/intake"
)

const claimHeader = "claim_month,pcn_code,claim_reference,declaration,employee_id,profession,start_date,left_date,hours_per_week,sessions,monthly_salary,employer_ni,employer_pension,fees,area\n"

var claiming = intake.ClaimOptions{Ledger: "oxfordshire"}

// claimedIn is a sheet that is right.
func claimedIn(t testing.TB, file string, opts intake.ClaimOptions) intake.Import {
	t.Helper()
	made, err := intake.Claims(strings.NewReader(file), "claims.csv", opts)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// askedBy are the commands of an import without ids and sources of files.
func askedBy(made intake.Import) (all []domain.Command) {
	for _, n := range made.Commands {
		if c, ok := n.Command.(domain.EngageRole); ok {
			c.Source = domain.Source{Title: c.Source.Title}
			n.Command = c
		}
		all = append(all, n.Command)
	}
	return all
}

func TestASheetEngagesPeopleEndsTheirRolesAndSubmitsAClaimForEachNetworkAndMonth(t *testing.T) {
	made := claimedIn(t, claimHeader+
		"2022-06,U62251,JUN,yes,7f3a-19c2,ARRS_CP,2022-04-01,2022-06-17,37.5,,3725,412.35,535.66,,\n"+
		"2022-05,U62251,MAY,yes,7f3a-19c2,clinical  pharmacist,2022-04-01,,37.5,,3725.00,412.35,535.66,0,\n"+
		"2022-05,U62251,MAY,yes,b204-77e1,arrs_splw,2022-05-09,,18.75,,1200.1,90,150.5,250,\n"+
		"2022-23/M02,U23620,1,x,c9-331,ARRS_PT,2022-01-01,,20,,1500,0,0,,\n", claiming)
	source := domain.Source{Title: "claims sheet"}
	want := []domain.Command{
		domain.EngageRole{Person: "7f3a-19c2", Network: "ods:U62251", Role: "ARRS_CP", From: "2022-04-01", Post: domain.Post{Hours: "37.5"}, Source: source},
		domain.EndRole{Person: "7f3a-19c2", To: "2022-06-17", Reason: "left"},
		domain.EngageRole{Person: "b204-77e1", Network: "ods:U62251", Role: "ARRS_SPLW", From: "2022-05-09", Post: domain.Post{Hours: "18.75"}, Source: source},
		domain.EngageRole{Person: "c9-331", Network: "ods:U23620", Role: "ARRS_PT", From: "2022-01-01", Post: domain.Post{Hours: "20"}, Source: source},
		domain.SubmitClaim{Network: "ods:U62251", Month: "2022-23/M02", Reference: "MAY", Declaration: true, Lines: []domain.ClaimLine{
			{Person: "7f3a-19c2", Costs: domain.Costs{Salary: 372_500, NI: 41_235, Pension: 53_566}},
			{Person: "b204-77e1", Costs: domain.Costs{Salary: 120_010, NI: 9_000, Pension: 15_050, Fees: 25_000}},
		}},
		domain.SubmitClaim{Network: "ods:U23620", Month: "2022-23/M02", Reference: "1", Declaration: true, Lines: []domain.ClaimLine{
			{Person: "c9-331", Costs: domain.Costs{Salary: 150_000}},
		}},
		domain.SubmitClaim{Network: "ods:U62251", Month: "2022-23/M03", Reference: "JUN", Declaration: true, Lines: []domain.ClaimLine{
			{Person: "7f3a-19c2", Costs: domain.Costs{Salary: 372_500, NI: 41_235, Pension: 53_566}},
		}},
	}
	if diff := cmp.Diff(want, askedBy(made)); diff != "" {
		t.Error(diff)
	}
}

// What was imported in part is in the whole sheet under the same ids: the ledger has it already.
func TestTheWholeSheetHasTheIDsOfItsParts(t *testing.T) {
	first := "2022-05,U62251,MAY,yes,7f3a-19c2,ARRS_CP,2022-04-01,,37.5,,3725,412.35,535.66,,\n"
	second := "2022-06,U62251,JUN,yes,7f3a-19c2,ARRS_CP,2022-04-01,,37.5,,3725,412.35,535.66,,\n"
	part, whole := claimedIn(t, claimHeader+first, claiming), claimedIn(t, claimHeader+first+second, claiming)
	claims := func(made intake.Import) (ids []string) {
		for _, n := range made.Commands {
			if _, ok := n.Command.(domain.SubmitClaim); ok {
				ids = append(ids, n.ID)
			}
		}
		return ids
	}
	if got := claims(whole); len(got) != 2 || got[0] != claims(part)[0] || got[1] == got[0] {
		t.Errorf("the part has %v and the whole %v", claims(part), got)
	}
}

func TestAPersonWhoChangedRolesWithinAMonthIsClaimedForInBoth(t *testing.T) {
	made := claimedIn(t, claimHeader+
		"2022-05,U62251,MAY,yes,7f3a-19c2,ARRS_PT,2022-05-16,,37.5,,1000,0,0,,\n"+
		"2022-05,U62251,MAY,yes,7f3a-19c2,ARRS_CC,2022-04-01,2022-05-15,37.5,,900,0,0,,\n", claiming)
	claim := made.Commands[3].Command.(domain.SubmitClaim)
	if claim.Lines[0].Role != "ARRS_PT" || claim.Lines[1].Role != "ARRS_CC" {
		t.Errorf("roles %q and %q", claim.Lines[0].Role, claim.Lines[1].Role)
	}
	if first := made.Commands[0].Command.(domain.EngageRole); first.Role != "ARRS_CC" {
		t.Errorf("%s is engaged first, before the role that came earlier has ended", first.Role)
	}
}

func TestAGPIsClaimedForInSessionsAndARoleOfTheCommissionersOwnByItsCode(t *testing.T) {
	opts := claiming
	opts.Adopted = func(role domain.RateCode, _ domain.CostArea, on domain.Date) bool {
		return role == "ARRS_GP" || role == "LOCAL_COACH" && on == "2024-11-01"
	}
	made := claimedIn(t, claimHeader+
		"2024-11,U62251,NOV,yes,7f3a-19c2,ARRS_GP,2024-10-01,,,6,5000,600,700,,\n"+
		"2024-11,U62251,NOV,yes,8f3a-19c2,local_coach,2024-10-01,,30,,2000,100,200,,\n", opts)
	first, second := made.Commands[0].Command.(domain.EngageRole), made.Commands[1].Command.(domain.EngageRole)
	if first.Post != (domain.Post{Sessions: "6"}) || second.Role != "LOCAL_COACH" {
		t.Errorf("%+v and %+v", first, second)
	}
}

func TestTheTemplateClaimsForNobodyAndItsExampleIsRight(t *testing.T) {
	_, err := intake.Claims(strings.NewReader(intake.ClaimTemplate()), "template.csv", claiming)
	if err == nil || !strings.Contains(err.Error(), "no row of the file is a post") {
		t.Errorf("the template as it is: %v", err)
	}
	filled := strings.Replace(intake.ClaimTemplate(), "# 2022-05,", "2022-05,", 1)
	made := claimedIn(t, filled, claiming)
	if len(made.Commands) != 2 {
		t.Errorf("%d commands", len(made.Commands))
	}
}

// filled is the template as a workbook, with rows below its example.
func filled(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	var empty, full bytes.Buffer
	must(t, intake.ClaimTemplateWorkbook(&empty))
	book, err := excelize.OpenReader(&empty)
	must(t, err)
	below, err := book.GetRows("claims")
	must(t, err)
	for i, row := range rows {
		must(t, book.SetSheetRow("claims", fmt.Sprintf("A%d", len(below)+1+i), &row))
	}
	must(t, book.Write(&full))
	return full.Bytes()
}

func TestAWorkbookOfTheTemplateSaysTheSameAsTheSheet(t *testing.T) {
	raw := filled(t, []any{"2022-05", "U62251", "MAY-2022", "yes", "", "7f3a-19c2", "ARRS_CP", "2022-04-01", "", 37.5, "", 3725.1 + 0.2, "412.35", 535.66})
	made, err := intake.Claims(bytes.NewReader(raw), "may.xlsx", claiming)
	if err != nil {
		t.Fatal(err)
	}
	claim := made.Commands[1].Command.(domain.SubmitClaim)
	want := domain.Costs{Salary: 372_530, NI: 41_235, Pension: 53_566}
	if claim.Lines[0].Costs != want || claim.Month != "2022-23/M02" {
		t.Errorf("%s: %+v, want %+v", claim.Month, claim.Lines[0].Costs, want)
	}
}

// claimRow is a row that is right but for what is changed: column by column.
func claimRow(changes ...string) string {
	row := map[string]string{
		"claim_month": "2022-05", "pcn_code": "U62251", "claim_reference": "MAY", "declaration": "yes", "employee_id": "7f3a-19c2", "profession": "ARRS_CP",
		"start_date": "2022-04-01", "hours_per_week": "37.5", "monthly_salary": "3725.00", "employer_ni": "412.35", "employer_pension": "535.66",
	}
	for i := 0; i < len(changes); i += 2 {
		row[changes[i]] = changes[i+1]
	}
	var fields []string
	for column := range strings.SplitSeq(strings.TrimSpace(claimHeader), ",") {
		fields = append(fields, row[column])
	}
	return strings.Join(fields, ",") + "\n"
}

var badClaims = []struct {
	name string
	rows string
	want []at
}{
	{"a header alone claims for nobody", "", []at{{}}},
	{"a month that is none is refused", claimRow("claim_month", "May 2022"), []at{{2, 1, "claim_month"}}},
	{"a year is no month", claimRow("claim_month", "2022-23"), []at{{2, 1, "claim_month"}}},
	{"a network without a code is refused", claimRow("pcn_code", ""), []at{{2, 2, "pcn_code"}}},
	{"a total row is no network", claimRow("pcn_code", "TOTAL"), []at{{2, 2, "pcn_code"}}},
	{"a claim without a reference is refused", claimRow("claim_reference", ""), []at{{2, 3, "claim_reference"}}},
	{"a claim that is not declared is refused", claimRow("declaration", "no"), []at{{2, 4, "declaration"}}},
	{"a name is no token", claimRow("employee_id", "Ann Other"), []at{{2, 5, "employee_id"}}},
	{"a name without a space is no token", claimRow("employee_id", "AnnOther"), []at{{2, 5, "employee_id"}}},
	{"a National Insurance number is refused", claimRow("employee_id", "QQ 12 34 56 C"), []at{{2, 5, "employee_id"}}},
	{"a National Insurance number with hyphens is refused", claimRow("employee_id", "qq-123456-c"), []at{{2, 5, "employee_id"}}},
	{"an NHS number is refused", claimRow("employee_id", "943 476 5919"), []at{{2, 5, "employee_id"}}},
	{"an unknown role is refused", claimRow("profession", "Clinical pharmacologist"), []at{{2, 6, "profession"}}},
	{"a role that is not of the year is refused", claimRow("profession", "ARRS_GP"), []at{{2, 6, "profession"}}},
	{"a post that starts after the month is refused", claimRow("start_date", "2022-06-01"), []at{{2, 7, "start_date"}}},
	{"a date with slashes is refused", claimRow("start_date", "01/04/2022"), []at{{2, 7, "start_date"}}},
	{"a post that was left before the month is refused", claimRow("left_date", "2022-04-30"), []at{{2, 8, "left_date"}}},
	{"a post that was left before it started is refused", claimRow("left_date", "2022-03-30"), []at{{2, 8, "left_date"}}},
	{"hours over 40 are refused", claimRow("hours_per_week", "40.5"), []at{{2, 9, "hours_per_week"}}},
	{"no hours are refused", claimRow("hours_per_week", "0"), []at{{2, 9, "hours_per_week"}}},
	{"blank hours are refused", claimRow("hours_per_week", ""), []at{{2, 9, "hours_per_week"}}},
	{"hours and sessions together are refused", claimRow("sessions", "9"), []at{{2, 10, "sessions"}}},
	{"a year's salary is refused", claimRow("monthly_salary", "44700"), []at{{2, 11, "monthly_salary"}}},
	{"ten times the maximum is refused", claimRow("monthly_salary", "573180.00"), []at{{2, 11, "monthly_salary"}}},
	{"less than nothing is refused", claimRow("monthly_salary", "-1"), []at{{2, 11, "monthly_salary"}}},
	{"a pound sign is refused", claimRow("monthly_salary", "£3725"), []at{{2, 11, "monthly_salary"}}},
	{"parts of a penny are refused", claimRow("monthly_salary", "3725.005"), []at{{2, 11, "monthly_salary"}}},
	{"blank insurance is refused", claimRow("employer_ni", ""), []at{{2, 12, "employer_ni"}}},
	{"insurance above the limit is refused", claimRow("employer_ni", "1000.01"), []at{{2, 12, "employer_ni"}}},
	{"a pension above the limit is refused", claimRow("employer_pension", "10000.01"), []at{{2, 13, "employer_pension"}}},
	{"a pharmacist's fees are refused", claimRow("fees", "100"), []at{{2, 14, "fees"}}},
	{"fees above the limit are refused", claimRow("profession", "ARRS_SPLW", "fees", "1000.01"), []at{{2, 14, "fees"}}},
	{"a post that cost nothing is refused", claimRow("monthly_salary", "0", "employer_ni", "0", "employer_pension", "0"), []at{{2, 11, "monthly_salary"}}},
	{"an area that is none is refused", claimRow("area", "Camden"), []at{{2, 15, "area"}}},
	{"a row that stands twice is refused", claimRow() + claimRow(), []at{{3, 5, "employee_id"}}},
	{"a claim with two references is refused", claimRow() + claimRow("employee_id", "b204-77e1", "claim_reference", "MAY-2"), []at{{3, 3, "claim_reference"}}},
	{"two posts at once are refused", claimRow() + claimRow("profession", "ARRS_PT", "start_date", "2022-05-01"), []at{{3, 7, "start_date"}}},
	{"other hours in another month are a change of the post", claimRow() + claimRow("claim_month", "2022-06", "hours_per_week", "30"), []at{{3, 5, "employee_id"}}},
	{"two last days of one post are refused", claimRow("left_date", "2022-06-17") + claimRow("claim_month", "2022-06", "left_date", "2022-06-18"),
		[]at{{3, 8, "left_date"}}},
	{"all faults of a sheet are told together", claimRow("hours_per_week", "41") + claimRow("monthly_salary", "x"), []at{{2, 9, "hours_per_week"}, {3, 11, "monthly_salary"}}},
}

func TestBadClaimsAreRefusedWithThePlaceAndTheRemedy(t *testing.T) {
	var wording strings.Builder
	for _, bad := range badClaims {
		made, err := intake.Claims(strings.NewReader(claimHeader+bad.rows), "claims.csv", claiming)
		fmt.Fprintf(&wording, "# %s\n%v\n\n", bad.name, err)
		t.Run(bad.name, func(t *testing.T) { checkRefused(t, made, err, "claims.csv", bad.want) })
	}
	checkWording(t, "claim-errors.golden", wording.String())
}

func TestWhatMayTellWhoSomebodyIsIsNotRepeated(t *testing.T) {
	for _, secret := range []string{"Ann Other", "QQ 12 34 56 C", "943 476 5919"} {
		_, err := intake.Claims(strings.NewReader(claimHeader+claimRow("employee_id", secret)), "claims.csv", claiming)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestAClaimOfANetworkOrARoleThatTheLedgerHasNotIsRefusedWithItsPlace(t *testing.T) {
	opts := claiming
	opts.Known = func(domain.Body) (string, bool) { return "", false }
	opts.Adopted = func(domain.RateCode, domain.CostArea, domain.Date) bool { return false }
	made, err := intake.Claims(strings.NewReader(claimHeader+claimRow()), "claims.csv", opts)
	checkRefused(t, made, err, "claims.csv", []at{{2, 2, "pcn_code"}, {2, 6, "profession"}})
}

func TestAWrongFileIsNoClaimsSheet(t *testing.T) {
	made, err := intake.Claims(strings.NewReader(totalsHeader+"L,01JAN2021,GP,K84036,,ALL,ALL,5\n"), "totals.csv", claiming)
	checkRefused(t, made, err, "totals.csv", []at{{line: 1}})
	made, err = intake.Claims(strings.NewReader(strings.Replace(claimHeader, "hours_per_week", "hours", 1)), "claims.csv", claiming)
	checkRefused(t, made, err, "claims.csv", []at{{1, 0, "hours_per_week"}})
}

func TestAClaimIsNamedInADryRun(t *testing.T) {
	made := claimedIn(t, claimHeader+claimRow(), claiming)
	if got, want := made.Summary.Lines[0], "line 2: U62251, 2022-23/M02, 7f3a-19c2, ARRS_CP: salary £3,725.00, national insurance £412.35, pension £535.66, fees £0.00"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzClaims(f *testing.F) {
	f.Add([]byte(claimHeader + claimRow()))
	f.Add([]byte(intake.ClaimTemplate()))
	for _, bad := range badClaims {
		f.Add([]byte(claimHeader + bad.rows))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		made, err := intake.Claims(bytes.NewReader(raw), "claims.csv", claiming)
		if err != nil {
			checkTold(t, made, err)
			return
		}
		again, err := intake.Claims(bytes.NewReader(raw), "claims.csv", claiming)
		if diff := cmp.Diff(made, again); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}
