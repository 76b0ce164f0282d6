package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A spend takes 60 from what is set aside for its purpose, 30 from what is set aside for none, and overspends 10. What is
// recovered undoes that from its end, each to where it came from; and what was overspent leaves nothing to spend again.
func TestARecoveryReturnsToWhereTheMoneyCameFrom(t *testing.T) {
	exact := domain.Bucket{Payee: trust, Beneficiary: north, Category: workforce, For: year}
	general := domain.Bucket{Beneficiary: north, For: year}
	h := &history{}
	h.record("2018-05-01", domain.FundOpened{Terms: domain.Terms{Fund: evidenceFund, Year: "2018-19", Cover: domain.CoverWarn, Basis: domain.BasisEvidence}})
	h.post("2018-05-01", domain.FundAllocated{Fund: evidenceFund, Lines: []domain.AllocationLine{{Bucket: exact, Pence: 60}, {Bucket: general, Pence: 30}}})
	spend := h.post("2018-06-01", domain.SpendRecorded{Fund: evidenceFund, Lines: []domain.DrawnLine{{Bucket: exact, Pence: 100, Draws: []domain.Draw{
		draw(domain.Allocated, exact, 60), draw(domain.Allocated, general, 30), draw(domain.Allocated, exact, 10),
	}}}})
	takeBack := func(pence domain.Pence, draws ...domain.Draw) {
		h.post("2018-07-01", domain.RecoveryRaised{Item: oneItem(spend), Fund: evidenceFund, Payee: trust, Beneficiary: north, Category: workforce,
			For: year, Charge: 1, Pence: pence, Draws: draws})
	}
	held := func(bucket domain.Bucket) domain.Pence {
		views := fold(h.events)
		return views.Purposes.HeldAt(domain.Allocated, evidenceFund, bucket)
	}
	unspent := func() []domain.Pence {
		rows := rowsOf(fold(h.events))
		return []domain.Pence{
			rows[projections.PurposeKey{Fund: evidenceFund, Payee: trust, Beneficiary: north, Category: workforce}].Unspent,
			rows[projections.PurposeKey{Fund: evidenceFund, Beneficiary: north}].Unspent,
		}
	}
	check(t, "spent", unspent(), []domain.Pence{-10, 0})
	takeBack(15, draw(domain.Allocated, exact, 10), draw(domain.Allocated, general, 5))
	check(t, "the overspend first, then the general", unspent(), []domain.Pence{0, 5})
	check(t, "held for the purpose", held(exact), 0)
	check(t, "held for none", held(general), 5)
	takeBack(45, draw(domain.Allocated, general, 25), draw(domain.Allocated, exact, 20))
	check(t, "then the rest of it, then its own", unspent(), []domain.Pence{20, 30})
	check(t, "held for the purpose", held(exact), 20)
	check(t, "held for none", held(general), 30)
	lapsed := domain.Bucket{Beneficiary: north, For: year}
	takeBack(40, draw(domain.Lapsed, lapsed, 40)) // as after a close, which keeps no purpose
	check(t, "all of it", unspent(), []domain.Pence{60, 30})
	views := fold(h.events)
	check(t, "held lapsed", views.Purposes.HeldAt(domain.Lapsed, evidenceFund, lapsed), 40)
}
