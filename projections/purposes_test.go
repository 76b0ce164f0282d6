package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

func TestPurposesOfSixHundredThousand(t *testing.T) {
	views := fold(sixHundredThousand())
	got := rowsOf(views)
	if len(got) != 6 {
		t.Errorf("%d rows, want 6", len(got))
	}
	check(t, "the federation's own purpose", got[row(federation, north, development)], projections.Sums{
		Allocated: 162_008_64, Released: 72_003_84, Spent: 42_002_24, CalledBack: 24_001_28,
		Unspent: 114_006_08, // 162,008.64 - 42,002.24 - the 6,000.32 that was reported as workforce
	})
	check(t, "the purpose it reported instead", got[row(federation, north, workforce)], projections.Sums{Spent: 6_000_32})
	check(t, "the trust, north", got[row(trust, north, workforce)], projections.Sums{
		Allocated: 103_005_76, Released: 48_002_56, Spent: 24_001_28, // 108,005.76 less the 5,000 moved
		CalledBack: 24_001_28, Received: 6_000_32, Unspent: 79_004_48, // 6,000.32 in March, 18,000.96 at the close
	})
	check(t, "the trust, city", got[row(trust, city, workforce)], projections.Sums{
		Allocated: 76_994_24, Released: 31_997_44, Spent: 15_998_72, CalledBack: 15_998_72, Received: 3_999_68, Unspent: 60_995_52,
	})
	checkSums(t, views)
}

func TestNetworksOfSixHundredThousand(t *testing.T) {
	views := fold(sixHundredThousand())
	networks := views.Networks()
	if len(networks) != 3 {
		t.Fatalf("%d networks, want nobody and two", len(networks))
	}
	check(t, "nobody", networks[0], projections.Network{
		Funds: []projections.NetworkFund{{Fund: fund, Lapsed: pounds(150_000)}}, Lapsed: pounds(150_000),
	})
	check(t, "north", networks[1].Network, north)
	check(t, "north over all funds", networks[1].Sums, projections.Sums{
		Allocated: 265_014_40, Released: 120_006_40, Spent: 72_003_84, CalledBack: 48_002_56, Received: 6_000_32, Unspent: 193_010_56,
	})
	check(t, "north, lapsed", networks[1].Lapsed, 193_010_56) // all that it did not spend
	check(t, "north, its one fund", networks[1].Funds[0].Sums, networks[1].Sums)
}

// The cases below are about which row a spend is taken from. All are for one network, in whole pounds.

func TestSpendOutOfMoneyWithoutAPurposeIsTakenFromThere(t *testing.T) {
	h := &history{}
	h.allocate("", 90)
	h.release(workforce, 30, domain.Allocated, "")
	h.release(development, 20, domain.Allocated, "")
	h.spend(workforce, 10, draw(domain.Released, bucket(trust, north, workforce), pounds(10)))
	h.spend(workforce, 5, draw(domain.Allocated, bucket(trust, north, ""), pounds(5)))
	h.wantUnspent(t, map[domain.Category]int64{"": 75, workforce: 0, development: 0})
}

func TestMoneyThatCameBackIsStillItsFirstRows(t *testing.T) {
	h := &history{}
	h.allocate("", 90)
	h.release(workforce, 30, domain.Allocated, "")
	h.callBack(domain.Allocated, draw(domain.Released, bucket(trust, north, workforce), pounds(30)))
	h.release(workforce, 30, domain.Allocated, workforce)
	h.spend(workforce, 30, draw(domain.Released, bucket(trust, north, workforce), pounds(30)))
	h.wantUnspent(t, map[domain.Category]int64{"": 60, workforce: 0})
}

func TestAMoveOfMoneyThatCameBackLowersItsFirstRow(t *testing.T) {
	h := &history{}
	h.allocate("", 90)
	h.release(workforce, 30, domain.Allocated, "")
	h.callBack(domain.Allocated, draw(domain.Released, bucket(trust, north, workforce), pounds(30)))
	h.post("2019-02-01", domain.AllocationMoved{Fund: fund, Lines: []domain.MoveLine{
		{From: bucket(trust, north, workforce), To: bucket(trust, north, development), Pence: pounds(10)},
	}})
	got := h.wantUnspent(t, map[domain.Category]int64{"": 80, workforce: 0, development: 10})
	check(t, "allocated without a purpose", got[row(trust, north, "")].Allocated, pounds(80))
	check(t, "allocated for development", got[row(trust, north, development)].Allocated, pounds(10))
}

func TestALateSpendAfterTheCloseIsItsPayeesOwn(t *testing.T) {
	h := &history{}
	h.post("2019-01-15", domain.FundAllocated{Fund: fund, Lines: []domain.AllocationLine{
		{Bucket: bucket(federation, north, workforce), Pence: pounds(40)},
	}})
	h.allocate(workforce, 60)
	h.release(workforce, 50, domain.Allocated, workforce)
	closed := h.post("2019-03-31", domain.FundClosed{
		Fund:       fund,
		CalledBack: []domain.CallBackLine{calledBack(trust, north, workforce, pounds(50), "2019-04-30")},
		Lapsed: []domain.Draw{
			draw(domain.Allocated, bucket(federation, north, workforce), pounds(40)),
			draw(domain.Allocated, bucket(trust, north, workforce), pounds(60)),
		},
	})
	late := draw(domain.Lapsed, domain.Bucket{Beneficiary: north, For: year}, pounds(20))
	late.Owed = domain.Owed{Item: "4.1", Beneficiary: north, For: year}
	if closed != 4 {
		t.Fatal("the close is meant to be event 4")
	}
	h.spend(development, 20, late) // which nothing was set aside for
	h.wantUnspent(t, map[domain.Category]int64{workforce: 40, development: 0})
	views := fold(h.events)
	check(t, "the other payee's", rowsOf(views)[row(federation, north, workforce)].Unspent, pounds(40))
	item, _ := views.Items.Item("4.1")
	check(t, "spent after all", item.Used(projections.UseSpent), pounds(20))
	check(t, "still to be received", item.Open(), pounds(30))
	f, _ := views.Funds.Fund(fund)
	check(t, "the fund's spent after all", f.SpentAfterAll, pounds(20))
}

func TestAnOverdrawnPurposeIsUnspentBelowNothing(t *testing.T) {
	h := &history{}
	h.allocate(workforce, 10)
	h.spend(workforce, 12, draw(domain.Allocated, bucket(trust, north, workforce), pounds(12)))
	h.wantUnspent(t, map[domain.Category]int64{workforce: -2})
}

func TestAReceiptFollowsItsItemToTheAdvances(t *testing.T) {
	h := &history{}
	h.allocate("", 90)
	h.release(workforce, 30, domain.Allocated, "")
	h.release(development, 20, domain.Allocated, "")
	h.callBack(domain.Allocated,
		draw(domain.Released, bucket(trust, north, development), pounds(6)), draw(domain.Released, bucket(trust, north, workforce), pounds(4)))
	for _, part := range []int64{5, 2} {
		h.post("2019-03-01", domain.ReceiptRecorded{Lines: []domain.SettledLine{settled("4.1", trust, north, pounds(part))}})
	}
	got := h.wantUnspent(t, map[domain.Category]int64{"": 90})
	check(t, "received for development", got[row(trust, north, development)].Received, pounds(6))
	check(t, "received for workforce", got[row(trust, north, workforce)].Received, pounds(1))
}

func TestWhatWasSpentAfterAllIsNotReceived(t *testing.T) {
	h := &history{}
	h.allocate("", 90)
	h.release(workforce, 30, domain.Allocated, "")
	h.release(development, 20, domain.Allocated, "")
	h.callBack(domain.Allocated,
		draw(domain.Released, bucket(trust, north, development), pounds(6)), draw(domain.Released, bucket(trust, north, workforce), pounds(4)))
	late := draw(domain.Allocated, bucket(trust, north, development), pounds(6))
	late.Owed = domain.Owed{Item: "4.1", Beneficiary: north, For: year}
	h.spend(development, 6, late)
	h.post("2019-03-01", domain.ReceiptRecorded{Lines: []domain.SettledLine{settled("4.1", trust, north, pounds(4))}})
	got := h.wantUnspent(t, map[domain.Category]int64{"": 84})
	check(t, "received for development", got[row(trust, north, development)].Received, 0)
	check(t, "received for workforce", got[row(trust, north, workforce)].Received, pounds(4))
}

func (h *history) allocate(category domain.Category, n int64) {
	h.post("2019-01-15", domain.FundAllocated{Fund: fund, Lines: []domain.AllocationLine{
		{Bucket: bucket(trust, north, category), Pence: pounds(n)},
	}})
}

func (h *history) release(category domain.Category, n int64, from domain.Account, under domain.Category) {
	h.post("2019-01-20", domain.FundsReleased{Fund: fund, Lines: []domain.DrawnLine{{
		Bucket: bucket(trust, north, category), Pence: pounds(n),
		Draws: []domain.Draw{draw(from, bucket(trust, north, under), pounds(n))},
	}}})
}

func (h *history) spend(category domain.Category, n int64, draws ...domain.Draw) {
	h.post("2019-02-20", domain.SpendRecorded{Fund: fund, Lines: []domain.DrawnLine{{
		Bucket: bucket(trust, north, category), Pence: pounds(n), Draws: draws,
	}}})
}

func (h *history) callBack(to domain.Account, draws ...domain.Draw) {
	line := domain.CallBackLine{Payee: trust, Beneficiary: north, Draws: draws}
	for _, d := range draws {
		line.Pence += d.Pence
	}
	h.post("2019-02-25", domain.AdvanceCalledBack{Fund: fund, ReturnsTo: to, Lines: []domain.CallBackLine{line}})
}

// wantUnspent checks what the trust has unspent for the north, by purpose, in pounds.
func (h *history) wantUnspent(t *testing.T, want map[domain.Category]int64) map[projections.PurposeKey]projections.Sums {
	t.Helper()
	views := fold(h.events)
	rows := rowsOf(views)
	for category, n := range want {
		if got := rows[row(trust, north, category)].Unspent; got != pounds(n) {
			t.Errorf("unspent for %q is %s, want %s", category, got, pounds(n))
		}
	}
	checkSums(t, views)
	return rows
}

func row(payee, beneficiary domain.Body, category domain.Category) projections.PurposeKey {
	return projections.PurposeKey{Fund: fund, Payee: payee, Beneficiary: beneficiary, Category: category}
}

func rowsOf(views *projections.Views) map[projections.PurposeKey]projections.Sums {
	rows := map[projections.PurposeKey]projections.Sums{}
	for _, p := range views.Purposes.All() {
		rows[p.PurposeKey] = p.Sums
	}
	return rows
}

// checkSums checks that the rows and the networks of each fund add up to the fund, whose sums are kept apart from them,
// and that what is unspent is what was allocated and not spent.
func checkSums(t interface {
	Helper()
	Errorf(string, ...any)
}, views *projections.Views) {
	t.Helper()
	byRow, byNetwork := map[domain.FundCode]projections.Sums{}, map[domain.FundCode]projections.Sums{}
	for _, p := range views.Purposes.All() {
		byRow[p.Fund] = plus(byRow[p.Fund], p.Sums)
	}
	for _, n := range views.Networks() {
		for _, f := range n.Funds {
			byNetwork[f.Fund] = plus(byNetwork[f.Fund], f.Sums)
		}
	}
	for _, f := range views.Funds.All() {
		if byRow[f.Fund] != f.Sums {
			t.Errorf("the purposes of %s sum to %+v, the fund's are %+v", f.Fund, byRow[f.Fund], f.Sums)
		}
		if byNetwork[f.Fund] != f.Sums {
			t.Errorf("the networks of %s sum to %+v, the fund's are %+v", f.Fund, byNetwork[f.Fund], f.Sums)
		}
		if f.Sums.Unspent != f.Sums.Allocated-f.Sums.Spent+f.Sums.Recovered {
			t.Errorf("fund %s: unspent %s is not allocated %s less spent %s plus recovered %s", f.Fund, f.Sums.Unspent, f.Sums.Allocated,
				f.Sums.Spent, f.Sums.Recovered)
		}
		if f.Control.Charged != f.Sums.Spent-f.Sums.Recovered {
			t.Errorf("fund %s: charged %s is not spent %s less recovered %s", f.Fund, f.Control.Charged, f.Sums.Spent, f.Sums.Recovered)
		}
	}
}

func plus(a, b projections.Sums) projections.Sums { a.Add(b); return a }
