package projections_test

import (
	"fmt"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

// manyReleases are more releases, payments and spends than one chunk of a column holds rows.
func manyReleases(n int) []domain.Recorded {
	h := &history{}
	h.allocate(workforce, int64(2*n))
	for i := range n {
		b := bucket(trust, north, workforce)
		released := h.post("2019-01-20", domain.FundsReleased{Fund: fund, Reason: fmt.Sprint("release ", i), Lines: []domain.DrawnLine{
			{Bucket: b, Pence: pounds(2), Draws: []domain.Draw{draw(domain.Allocated, b, pounds(2))}},
		}})
		h.post("2019-01-21", domain.PaymentSettled{Reference: fmt.Sprint("BACS ", i), Lines: []domain.SettledLine{settled(oneItem(released), trust, north, pounds(2))}})
		h.spend(workforce, 1, draw(domain.Released, b, pounds(1)))
	}
	return h.events
}

func TestMoreEventsThanAChunkHolds(t *testing.T) {
	const n = 9_000
	views := fold(manyReleases(n))
	if got, want := views.Journal.Len(), 2+10*n; got != want {
		t.Fatalf("%d postings, not %d", got, want)
	}
	for i, entry := range views.Journal.All() {
		if i%997 == 0 && entry != views.Journal.At(i) {
			t.Fatalf("posting %d is %+v, and by its index %+v", i, entry, views.Journal.At(i))
		}
	}
	last := views.Journal.At(views.Journal.Len() - 1)
	check(t, "the last posting", last.Posting, domain.Posting{Account: domain.Released, Fund: fund, Bucket: bucket(trust, north, workforce),
		Effective: "2019-02-20", Period: "2018-19/M11", Pence: -pounds(1)})
	check(t, "its line and number", []int64{int64(last.Line), last.Number}, []int64{4, 3*n + 1})
	for _, i := range []int{0, 1, 4_321, n - 1} {
		item, known := views.Items.Item(oneItem(int64(2 + 3*i)))
		if !known || item.Open() != 0 || item.Uses[0].Reference != fmt.Sprint("BACS ", i) || item.Reason != fmt.Sprint("release ", i) {
			t.Errorf("release %d is %+v, %v", i, item, known)
		}
	}
	check(t, "the row", rowsOf(views)[row(trust, north, workforce)], projections.Sums{
		Allocated: pounds(2 * n), Released: pounds(2 * n), Spent: pounds(n), Unspent: pounds(n),
	})
	checkSums(t, views)
	if err := views.TrialBalance.Check(); err != nil {
		t.Error(err)
	}
}
