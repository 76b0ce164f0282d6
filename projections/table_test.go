package projections

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestATableNumbersKeysInTheOrderInWhichTheyWereMet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var keys table[rowKey, int]
		numbers := map[rowKey]int32{}
		some := rapid.Custom(func(t *rapid.T) rowKey {
			few := rapid.Int32Range(0, 30)
			return rowKey{word(few.Draw(t, "fund")), word(few.Draw(t, "payee")), 0, word(few.Draw(t, "category"))}
		})
		for _, key := range rapid.SliceOfN(some, 0, 500).Draw(t, "keys") {
			want, met := numbers[key]
			if !met {
				want = int32(len(numbers))
				numbers[key] = want
			}
			if number, found := keys.find(key); found != met || met && number != want {
				t.Fatalf("%v is found as %d, %v; it was numbered %d, %v", key, number, found, want, met)
			}
			if got := keys.number(key); got != want || keys.key(got) != key {
				t.Fatalf("%v has number %d, not %d", key, got, want)
			}
			*keys.at(want)++
		}
		if keys.len() != len(numbers) {
			t.Errorf("%d keys, not %d", keys.len(), len(numbers))
		}
	})
}

// Keys of one hash stand in neighbouring slots, and each is still itself.
func TestKeysOfOneHashAreToldApart(t *testing.T) {
	var x index
	const rows = 100
	for row := range int32(rows) {
		x.add(1<<32-1, row)
	}
	for row := range int32(rows) {
		if got, found := x.find(1<<32-1, func(candidate int32) bool { return candidate == row }); !found || got != row {
			t.Errorf("row %d is found as %d, %v", row, got, found)
		}
	}
	if _, found := x.find(0, func(int32) bool { return true }); found {
		t.Error("a hash that was never added is found")
	}
}

func TestHashesOfCodesThatDifferInOneLetterDiffer(t *testing.T) {
	seen := map[uint32]string{}
	for i := range 20_000 {
		code := fmt.Sprintf("ods:U%05d", i)
		if other, known := seen[hashText(code)]; known {
			t.Errorf("%s and %s have one hash", code, other)
		}
		seen[hashText(code)] = code
	}
}
