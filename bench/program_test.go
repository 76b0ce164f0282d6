package bench

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"pcnledger/domain"
)

func TestBalancesAreReadAsTheProgramsPrintThem(t *testing.T) {
	printed := map[string]string{
		"ledger":    "Assets:A:1,-123.45 GBP\nEquity:B:2,1234567.00 GBP\n",
		"hledger":   "\"account\",\"balance\"\n\"Assets:A:1\",\"-123.45 GBP\"\n\"Equity:B:2\",\"1234567.00 GBP\"\n\"Equity:C:3\",\"0\"\n",
		"beancount": "account,sum_number\nAssets:A:1  ,   -123.45\nEquity:B:2  ,1234567\nEquity:C:3  ,      0.00\n",
	}
	want := map[string]domain.Pence{"Assets:A:1": -123_45, "Equity:B:2": 1_234_567_00}
	for _, p := range programs() {
		got, err := p.read(strings.NewReader(printed[p.name]))
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v", p.name, got, err)
		}
	}
}

func TestAPartOfAPennyIsNoBalance(t *testing.T) {
	if got, err := programs()[0].read(strings.NewReader("Assets:A,0.005 GBP\n")); err == nil {
		t.Error(got)
	}
}

func TestAPennyMoreOrAnAccountMoreIsNoticed(t *testing.T) {
	ours := map[string]domain.Pence{"A": 1, "B": 2}
	for _, theirs := range []map[string]domain.Pence{{"A": 1}, {"A": 1, "B": 3}, {"A": 1, "B": 2, "C": 4}, {"A": 1, "C": 2}} {
		if compareBalances(ours, theirs) == nil {
			t.Errorf("%v passes for %v", theirs, ours)
		}
	}
	if err := compareBalances(ours, maps.Clone(ours)); err != nil {
		t.Error(err)
	}
}

// beancountName is what beancount takes for an account, the strictest of the three.
var beancountName = regexp.MustCompile(`^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*){6}$`)

func TestAccountNamesAreOnesThatEveryProgramTakes(t *testing.T) {
	names := map[string]bool{}
	buckets := []domain.Bucket{{}, {Payee: "local:GP-1"}, {Beneficiary: "local:GP-1"}, {Payee: "ods:U1", Beneficiary: "local:PCN-1", Category: "first contact physio", For: "2019-20/M01"}}
	for _, account := range domain.Accounts() {
		for _, b := range buckets {
			name := accountName(account, "NR-00001", b)
			if !beancountName.MatchString(name) || names[name] {
				t.Errorf("%s is no name, or is another account's", name)
			}
			names[name] = true
		}
	}
}

func TestAProgramThatIsNotInstalledNeitherPassesNorFails(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r := &run{Options: Options{Progress: func(string) {}}, dir: t.TempDir()}
	row, err := r.otherBalances(t.Context(), programs()[1], Row{Row: 8, Part: "hledger"}, nil, Measure{Value: 1}, nil)
	if err != nil || row.Pass != nil || row.Note != "not installed: apt-get install hledger" {
		t.Errorf("%+v, %v", row, err)
	}
}
