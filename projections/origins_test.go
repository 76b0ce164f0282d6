package projections

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pcnledger/domain"
)

// The parcels of a place are links of a chain, and those that are empty are used again. They do as a list does.
func TestParcelsAreTakenAsFromAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPurposes(&book{})
		var rows []int32
		for _, payee := range []domain.Body{"local:A", "local:B"} {
			for _, category := range []domain.Category{"", "access", "training"} {
				rows = append(rows, p.row(1, p.book.bucket(&domain.Bucket{Payee: payee, Category: category})))
			}
		}
		lists := map[int32][]portion{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			place := rapid.Int32Range(0, 4).Draw(t, "place")
			row := rapid.SampledFrom(rows).Draw(t, "row")
			pence := domain.Pence(rapid.Int64Range(0, 20).Draw(t, "pence"))
			if rapid.Bool().Draw(t, "put") {
				p.origins.put(place, portion{pence, row})
				lists[place] = putInto(lists[place], portion{pence, row})
				continue
			}
			taken := slices.Clone(p.take(place, pence, row))
			want, left := takeFrom(&p, lists[place], pence, row)
			lists[place] = left
			if !slices.Equal(taken, want) {
				t.Fatalf("%v was taken, not %v", taken, want)
			}
		}
		if parcels := p.origins.parcels.len(); parcels > 5*len(rows) {
			t.Errorf("%d parcels are kept for 5 places and %d rows", parcels, len(rows))
		}
		for place, list := range lists {
			var held []portion
			for _, parcel := range p.origins.at(place) {
				held = append(held, portion{parcel.pence, parcel.row})
			}
			if !slices.Equal(held, list) {
				t.Errorf("place %d holds %v, not %v", place, held, list)
			}
		}
	})
}

func putInto(list []portion, more portion) []portion {
	for i := range list {
		if list[i].row == more.row {
			list[i].pence += more.pence
			return list
		}
	}
	return append(list, more)
}

// takeFrom takes the nearest first, and of those equally near the oldest.
func takeFrom(p *Purposes, list []portion, pence domain.Pence, row int32) (taken, left []portion) {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	near := func(i int) int {
		switch {
		case list[i].row == row:
			return 0
		case p.rows.key(list[i].row).payee == p.rows.key(row).payee:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(near(a), near(b)) })
	for _, i := range order {
		if give := min(list[i].pence, pence); give > 0 {
			taken = append(taken, portion{give, list[i].row})
			list[i].pence -= give
			pence -= give
		}
	}
	if pence > 0 {
		taken = append(taken, portion{pence, row})
	}
	return taken, slices.DeleteFunc(list, func(held portion) bool { return held.pence == 0 })
}
