package domain

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"
)

func TestPenceAreWrittenAsPounds(t *testing.T) {
	for _, p := range []struct {
		pence         Pence
		text, decimal string
	}{
		{0, "£0.00", "0.00"},
		{1, "£0.01", "0.01"},
		{-1, "-£0.01", "-0.01"},
		{99, "£0.99", "0.99"},
		{100, "£1.00", "1.00"},
		{-7005, "-£70.05", "-70.05"},
		{999_99, "£999.99", "999.99"},
		{1_000_00, "£1,000.00", "1000.00"},
		{-100_000, "-£1,000.00", "-1000.00"},
		{600_000_00, "£600,000.00", "600000.00"},
		{1_234_567_89, "£1,234,567.89", "1234567.89"},
		{MostPence, "£100,000,000,000.00", "100000000000.00"},
		{-1 << 63, "-£92,233,720,368,547,758.08", "-92233720368547758.08"},
	} {
		if got := p.pence.String(); got != p.text {
			t.Errorf("%d pence are written %s, want %s", int64(p.pence), got, p.text)
		}
		if got := p.pence.Decimal(); got != p.decimal {
			t.Errorf("%d pence in decimal are %s, want %s", int64(p.pence), got, p.decimal)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name    string
		total   Pence
		weights []Weight
		want    []Pence
	}{
		{"one receiver takes it all", 7, []Weight{{"a", 3}}, []Pence{7}},
		{"equal parts are equal", 9, []Weight{{"a", 1}, {"b", 1}, {"c", 1}}, []Pence{3, 3, 3}},
		{"the odd penny of equal parts goes to the first code, wherever it stands", 10, []Weight{{"c", 5}, {"a", 5}, {"b", 5}}, []Pence{3, 4, 3}},
		{"two odd pennies go to the first two codes", 11, []Weight{{"c", 5}, {"a", 5}, {"b", 5}}, []Pence{3, 4, 4}},
		{"the largest remainder goes first", 10_001, []Weight{{"a", 15_000}, {"b", 20_000}, {"c", 15_000}}, []Pence{3000, 4001, 3000}},
		{"a penny goes to the largest", 1, []Weight{{"a", 1}, {"b", 2}}, []Pence{0, 1}},
		{"nobody's list gets nothing", 10, []Weight{{"a", 0}, {"b", 3}, {"c", 0}}, []Pence{0, 10, 0}},
		{"nothing is split into nothing", 0, []Weight{{"a", 1}, {"b", 2}}, []Pence{0, 0}},
		{"£100 billion by the lists of England", MostPence, []Weight{{"a", 59_999_999}, {"b", 1}}, []Pence{MostPence - 166_667, 166_667}},
	} {
		if got := Split(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%s: %d is split into %d, want %d", c.name, int64(c.total), got, c.want)
		}
	}
}

func TestSplitGivesEveryPennyAwayFairly(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		total := Pence(rapid.Int64Range(0, int64(MostPence)).Draw(r, "total"))
		amounts := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 60_000_000), rapid.Int64Range(0, mostPatients)), 1, 40).Draw(r, "amounts")
		weights, sum := make([]Weight, len(amounts)), new(big.Int)
		for i, amount := range amounts {
			weights[i] = Weight{string(rune('A' + i)), amount}
			sum.Add(sum, big.NewInt(amount))
		}
		if sum.Sign() == 0 {
			r.Skip("nobody has patients")
		}
		parts, given := Split(total, weights), Pence(0)
		for i, part := range parts {
			given += part
			// exact = total × weight ÷ sum; a part is the whole pence of it, or one more
			exact := new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(amounts[i]))
			low := new(big.Int).Mul(big.NewInt(int64(part)-1), sum)
			high := new(big.Int).Mul(big.NewInt(int64(part)+1), sum)
			if low.Cmp(exact) >= 0 || high.Cmp(exact) <= 0 {
				r.Fatalf("%s of %d in %s gets %d: not within a penny", weights[i].Code, amounts[i], sum, int64(part))
			}
		}
		if given != total {
			r.Fatalf("%d was split into %d", int64(total), int64(given))
		}
		fair(r, total, sum, weights, parts)
		sameInAnyOrder(r, total, weights, parts)
	})
}

// fair requires that nobody with a smaller remainder got the odd penny before one with a larger, nor, where they are
// equal, a later code before an earlier.
func fair(r *rapid.T, total Pence, sum *big.Int, weights []Weight, parts []Pence) {
	remainder, odd := make([]*big.Int, len(parts)), make([]bool, len(parts))
	for i, w := range weights {
		whole, rest := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(w.Amount)), sum, new(big.Int))
		remainder[i], odd[i] = rest, int64(parts[i]) > whole.Int64()
	}
	for i := range parts {
		for j := range parts {
			if order := remainder[i].Cmp(remainder[j]); odd[j] && !odd[i] && (order > 0 || order == 0 && weights[i].Code < weights[j].Code) {
				r.Fatalf("%s got the odd penny before %s", weights[j].Code, weights[i].Code)
			}
		}
	}
}

func sameInAnyOrder(r *rapid.T, total Pence, weights []Weight, parts []Pence) {
	dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "order"), 0))
	order := dice.Perm(len(weights))
	shuffled := make([]Weight, len(weights))
	for i, from := range order {
		shuffled[i] = weights[from]
	}
	for i, part := range Split(total, shuffled) {
		if part != parts[order[i]] {
			r.Fatalf("%s gets %d, and %d in another order", shuffled[i].Code, int64(parts[order[i]]), int64(part))
		}
	}
}

func FuzzPence(f *testing.F) {
	for _, text := range []string{"0", "125050", "-1", "1250.50", `"1"`, "1e3", "null", "true", "-0", "9223372036854775807", "9223372036854775808", " 1 ", "01"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var p Pence
		if err := json.Unmarshal(text, &p); err != nil {
			return
		}
		written, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var again Pence
		if err := json.Unmarshal(written, &again); err != nil || again != p {
			t.Errorf("%q reads as %d, is written %s and reads as %d, %v", text, int64(p), written, int64(again), err)
		}
		var number float64
		if err := json.Unmarshal(text, &number); err != nil || number != float64(p) {
			t.Errorf("%q reads as %d pence, as a number %v, %v", text, int64(p), number, err)
		}
	})
}
