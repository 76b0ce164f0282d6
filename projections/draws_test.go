package projections

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pcnledger/domain"
)

func TestDrawsAreReadAsTheyWereKept(t *testing.T) {
	bodies := rapid.SampledFrom([]domain.Body{"", "local:A", "ods:U12345"})
	services := rapid.SampledFrom([]domain.Service{"2019-20", "2019-20/M04"})
	some := rapid.Custom(func(t *rapid.T) domain.Draw {
		d := domain.Draw{
			Account: rapid.SampledFrom(domain.Accounts()).Draw(t, "account"),
			Bucket: domain.Bucket{Payee: bodies.Draw(t, "payee"), Beneficiary: bodies.Draw(t, "beneficiary"),
				Category: rapid.SampledFrom([]domain.Category{"", "access"}).Draw(t, "category"), For: services.Draw(t, "for")},
			Pence: domain.Pence(rapid.Int64().Draw(t, "pence")),
		}
		if rapid.Bool().Draw(t, "owed") {
			d.Owed = domain.Owed{
				Item: rapid.SampledFrom([]domain.ItemID{"", "7.1", "7.2"}).Draw(t, "item"), Beneficiary: bodies.Draw(t, "of"), For: services.Draw(t, "owed for"),
			}
		}
		return d
	})
	rapid.Check(t, func(t *rapid.T) {
		k, kept := &book{}, draws{}
		lines := rapid.SliceOf(rapid.SliceOfN(some, 0, 4)).Draw(t, "lines")
		var spans []span
		for _, line := range lines {
			spans = append(spans, kept.add(k, k.fund("NR-PCN-2019"), line))
		}
		for i, line := range lines {
			if got := kept.of(k, spans[i]); !slices.Equal(got, line) {
				t.Errorf("line %d is read as %+v, not %+v", i, got, line)
			}
		}
	})
}
