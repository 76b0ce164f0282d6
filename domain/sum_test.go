package domain

import (
	"math/big"
	"strings"
	"testing"
)

// sumLeft is what a network can still be reimbursed in a year out of the sum that all networks have.
func (s *story) sumLeft(network Body, year Year) Pence {
	s.t.Helper()
	left, err := s.ledger.sumLeft(sumKey{network, year, sumARRS})
	if err != nil {
		s.t.Fatal(err)
	}
	return left
}

// TestNetworkSum is T1 of MONEY.md: (37,810 + 34,113) × 9/12 = 53,942.25, printed as £53,942 (Practice Index, 2019), which
// the card has.
func TestNetworkSum(t *testing.T) {
	s := told(t, untilRated)
	sum, err := s.ledger.SumOf(north, "2019-20", sumARRS)
	if err != nil || sum != 53_942_25 {
		t.Errorf("the sum of one network is %s, %v, want £53,942.25", sum, err)
	}
	printed, _, _ := strings.Cut(cardRate("ARRS_SUM").Amount, ".")
	if whole := roundRat(big.NewRat(int64(sum), 100)); printed != "53942" || whole != 53_942 {
		t.Errorf("the ledger's %s is £%d in whole pounds; the card prints £%s", sum, whole, printed)
	}
	if none, err := new(Ledger).SumOf(north, "2019-20", sumARRS); none != 0 || err != nil {
		t.Errorf("without an adopted role the sum is %s, %v", none, err)
	}
	if left := s.sumLeft(north, "2019-20"); left != sum {
		t.Errorf("%s is left before any claim", left)
	}
	recovered := told(t, untilRecovered)
	if left := recovered.sumLeft(north, "2019-20"); left != 53_942_25-2_992_50 {
		t.Errorf("%s is left after £3,150.00 less £157.50 recovered", left)
	}
	if left := recovered.sumLeft(south, "2019-20"); left != sum {
		t.Errorf("another network's claims leave South %s", left)
	}
}
