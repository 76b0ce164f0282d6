package projections_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/projections"
)

// The figures below are worked by hand from the £600,000 and the lists of 30,001 and 19,998 patients; nothing here is
// taken from what the program printed.

func check[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestFundOfSixHundredThousand(t *testing.T) {
	views := fold(sixHundredThousand())
	got, ok := views.Funds.Fund(fund)
	if !ok {
		t.Fatal("the fund is not there")
	}
	check(t, "control", got.Control, projections.Control{Limit: pounds(600_000), Charged: pounds(120_000), Lapsed: pounds(480_000)})
	check(t, "financial", got.Financial, projections.Financial{
		Expenditure: pounds(120_000), Receivables: pounds(70_000), Clearing: pounds(-190_000),
	})
	check(t, "sums", got.Sums, projections.Sums{
		Allocated: pounds(450_000), Released: pounds(200_000), Spent: pounds(120_000),
		CalledBack: pounds(80_000), Received: pounds(10_000), Unspent: pounds(330_000),
	})
	check(t, "settled", got.Settled, pounds(200_000))
	check(t, "opened", got.Opened, "2019-01-03")
	check(t, "closed", got.Closed, "2019-03-31")
	check(t, "lists", got.Lists, []int64{listNumber})
	check(t, "tranches", []domain.Pence{got.Tranches[0].Pence, got.Tranches[1].Pence}, []domain.Pence{pounds(400_000), pounds(200_000)})
	check(t, "decisions", []domain.Pence{got.Decisions[0].Pence, got.Decisions[1].Pence}, []domain.Pence{pounds(450_000), pounds(5_000)})
}

func TestTheLimitIsAccountedForAtEveryNumber(t *testing.T) {
	views := projections.NewViews()
	for _, r := range sixHundredThousand() {
		views.Apply(r)
		for _, f := range views.Funds.All() {
			if err := f.Check(); err != nil {
				t.Errorf("after event %d: %v", r.Number, err)
			}
		}
		if err := views.TrialBalance.Check(); err != nil {
			t.Errorf("after event %d: %v", r.Number, err)
		}
	}
}

func TestFundCheckNamesWhatDoesNotAgree(t *testing.T) {
	whole := projections.Fund{
		Control:   projections.Control{Limit: 100, Unallocated: 40, Released: 10, Charged: 20, Lapsed: 30},
		Financial: projections.Financial{Advances: 10, Expenditure: 20},
	}
	if err := whole.Check(); err != nil {
		t.Error(err)
	}
	for name, broken := range map[string]func(*projections.Fund){
		"limit":    func(f *projections.Fund) { f.Control.Limit++ },
		"released": func(f *projections.Fund) { f.Financial.Advances++ },
		"charged":  func(f *projections.Fund) { f.Financial.Expenditure-- },
	} {
		f := whole
		if broken(&f); f.Check() == nil {
			t.Errorf("%s differs and is not noticed", name)
		}
	}
}

func TestTrialBalanceOfSixHundredThousand(t *testing.T) {
	views := fold(sixHundredThousand())
	got := map[domain.Account]projections.Turnover{}
	for _, line := range views.TrialBalance.Lines() {
		got[line.Account] = line.Turnover
	}
	check(t, "lines", got, map[domain.Account]projections.Turnover{
		domain.Expenditure: {Debit: pounds(120_000)},
		domain.Advances:    {Debit: pounds(200_000), Credit: pounds(200_000)}, // 120 spent, 10 + 70 called back
		domain.Receivables: {Debit: pounds(80_000), Credit: pounds(10_000)},
		domain.Payables:    {Debit: pounds(200_000), Credit: pounds(200_000)},
		domain.Clearing:    {Debit: pounds(10_000), Credit: pounds(200_000)},
		domain.Limit:       {Credit: pounds(600_000)},
		domain.Unallocated: {Debit: pounds(605_000), Credit: pounds(605_000)}, // 450 allocated, 5 there and back, 150 lapsed
		domain.Allocated:   {Debit: pounds(535_000), Credit: pounds(535_000)}, // 450 + 5 + 10 + 70
		domain.Released:    {Debit: pounds(200_000), Credit: pounds(200_000)},
		domain.Charged:     {Debit: pounds(120_000)},
		domain.Lapsed:      {Debit: pounds(480_000)},
	})
	sides := views.TrialBalance.Sides()
	if len(sides) != 4 || sides[2].String() != "financial accounts of all funds" || sides[1].String() != "control accounts of fund NR-PCN-2018" {
		t.Errorf("sides are %v", sides)
	}
	check(t, "financial side", sides[0].Turnover, projections.Turnover{Debit: pounds(610_000), Credit: pounds(610_000)})
	check(t, "all funds", sides[3].Turnover, sides[1].Turnover)
}

func TestTrialBalanceNoticesAPenny(t *testing.T) {
	views := projections.NewViews()
	events := sixHundredThousand()
	for _, r := range events {
		if e, ok := r.Event.(domain.FundsReleased); ok {
			e.Lines[0].Draws[0].Pence++ // debit and credit alike: it still balances, but the fund's accounts disagree
			views.Apply(r)
			break
		}
		views.Apply(r)
	}
	if err := views.TrialBalance.Check(); err != nil {
		t.Errorf("every event balances, this one too: %v", err)
	}
	f, _ := views.Funds.Fund(fund)
	if f.Check() == nil {
		t.Error("released and advances differ by a penny, and the check does not say so")
	}
}

func TestBalancesByBucket(t *testing.T) {
	views := fold(sixHundredThousand())
	for _, want := range []struct {
		account domain.Account
		bucket  domain.Bucket
		pence   domain.Pence
	}{
		{domain.Expenditure, bucket(federation, north, development), 42_002_24},
		{domain.Expenditure, bucket(federation, north, workforce), 6_000_32},
		{domain.Advances, bucket(federation, north, development), 0},
		{domain.Receivables, bucket(federation, north, ""), 24_001_28},            // 72,003.84 - 42,002.24 - 6,000.32
		{domain.Receivables, bucket(trust, city, ""), 11_999_04},                  // 31,997.44 - 15,998.72 - 3,999.68
		{domain.Lapsed, domain.Bucket{For: year}, pounds(150_000)},                // never allocated
		{domain.Lapsed, domain.Bucket{Beneficiary: north, For: year}, 193_010_56}, // 270,014.40 - 72,003.84 spent - 5,000 moved
		{domain.Lapsed, domain.Bucket{Beneficiary: city, For: year}, 136_989_44},  // 179,985.60 - 47,996.16 spent + 5,000
		{domain.Limit, domain.Bucket{For: year}, pounds(-600_000)},
		{domain.Clearing, domain.Bucket{}, pounds(-190_000)},
	} {
		if got := views.Balances.Of(want.account, fund, want.bucket); got != want.pence {
			t.Errorf("%s of %+v is %s, want %s", want.account, want.bucket, got, want.pence)
		}
	}
	var sum domain.Pence
	for _, b := range views.Balances.All() {
		sum += b.Balance()
	}
	check(t, "sum of all balances", sum, 0)
}

func TestJournalHoldsEveryPosting(t *testing.T) {
	events := sixHundredThousand()
	views := fold(events)
	var want []domain.Posting
	for _, r := range events {
		want = append(want, domain.Postings(r)...)
	}
	var got []domain.Posting
	for i, entry := range views.Journal.All() {
		got = append(got, entry.Posting)
		check(t, "At", views.Journal.At(i), entry)
	}
	check(t, "postings", got, want)
	check(t, "Len", views.Journal.Len(), len(want))

	first, second := views.Journal.At(0), views.Journal.At(1)
	check(t, "first", first.Posting, domain.Posting{
		Account: domain.Unallocated, Fund: fund, Bucket: domain.Bucket{For: year},
		Effective: "2019-01-03", Period: "2018-19/M10", Pence: pounds(400_000),
	})
	check(t, "voucher", first.Voucher, projections.Voucher{
		Number: 14, Time: events[13].Time, Actor: "finance", Event: "FundingConfirmed", Text: "first tranche",
	})
	if first.Line != 1 || second.Line != 2 || second.Pence != pounds(-400_000) {
		t.Errorf("lines %d and %d; the second is %s", first.Line, second.Line, second.Pence)
	}
}

func TestItemsOfSixHundredThousand(t *testing.T) {
	views := fold(sixHundredThousand())
	items := views.Items.All()
	if len(items) != 10 { // 4 payables; 2 and 4 receivables
		t.Fatalf("%d items", len(items))
	}
	paid, _ := views.Items.Item("18.1")
	check(t, "a payable's uses", paid.Uses, []projections.ItemUse{{
		Number: 19, Effective: "2019-01-25", Kind: projections.UsePaid, Reference: "BACS 4711",
		Parts: []domain.Part{{For: year, Pence: 72_003_84}},
	}})
	check(t, "a payable", []domain.Pence{paid.Pence(), paid.Used(projections.UsePaid), paid.Open()}, []domain.Pence{72_003_84, 72_003_84, 0})
	check(t, "due", paid.Due, "2019-02-17")
	received, _ := views.Items.Item("21.2")
	check(t, "a receivable", received.ByPart(), []projections.ItemPart{{
		Part: domain.Part{For: year, Pence: 3_999_68}, Received: 3_999_68,
	}})
	var open domain.Pence
	for _, item := range items {
		open += item.Open()
	}
	check(t, "open", open, pounds(70_000))
	if _, known := views.Items.Item("99.1"); known {
		t.Error("an item that was never opened is known")
	}
}
