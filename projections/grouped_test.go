package projections

import (
	"slices"
	"testing"
)

func TestRowsStandUnderTheirKeys(t *testing.T) {
	var g grouped[string]
	first, second, third := itemKey{3, 1}.charge(0), itemKey{3, 1}.charge(2), itemKey{7, 4}.charge(1)
	g.add(first, "a")
	g.add(second, "b")
	g.add(second, "c")
	g.add(third, "d")
	rows := func(key chargeKey) (rows []string) {
		for row := range g.of(key).rows() {
			rows = append(rows, *g.rows.at(row))
		}
		return rows
	}
	for _, test := range []struct {
		key  chargeKey
		want []string
	}{
		{first, []string{"a"}}, {second, []string{"b", "c"}}, {third, []string{"d"}},
		{itemKey{3, 1}.charge(1), nil}, {itemKey{2, 1}.charge(0), nil}, {itemKey{7, 4}.charge(2), nil}, {chargeKey{}, nil},
	} {
		if got := rows(test.key); !slices.Equal(got, test.want) {
			t.Errorf("under %v stand %v, not %v", test.key, got, test.want)
		}
	}
}
