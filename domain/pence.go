package domain

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Pence is an exact amount of money in whole pence. Commands and events carry it positive; a [Posting] is signed.
type Pence int64

// MostPence is the largest amount one line may carry (£100 billion), so that no sum of a ledger's lines can overflow.
const MostPence Pence = 100_000_000_000_00

// String prints pounds as people read them: £600,000.00, or -£70.05.
func (p Pence) String() string {
	digits := p.Decimal()
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	return sign + "£" + groupThousands(digits[:len(digits)-3]) + digits[len(digits)-3:]
}

// Decimal prints pounds as machines read them: 600000.00, or -70.05.
func (p Pence) Decimal() string {
	digits := strconv.FormatInt(int64(p), 10)
	sign := ""
	if p < 0 {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < 3 {
		digits = strings.Repeat("0", 3-len(digits)) + digits
	}
	return sign + digits[:len(digits)-2] + "." + digits[len(digits)-2:]
}

// groupThousands puts a comma before each group of three digits.
func groupThousands(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// UnmarshalJSON accepts a whole JSON number of pence. Anything else is refused, never rounded.
func (p *Pence) UnmarshalJSON(number []byte) error {
	n, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		return refuse(RuleAmountWholePence,
			"amounts are given in whole pence: £1,250.50 is written 125050",
			"%s is not a whole number of pence", number)
	}
	*p = Pence(n)
	return nil
}

// checkAmount refuses what is not a positive amount of at most [MostPence].
func checkAmount(p Pence, what string) error {
	if p <= 0 {
		return refuse(RuleAmountPositive,
			"give a positive amount; to take money back use the command for it (MoveAllocation, ReturnAdvance)",
			"%s is %s; an amount must be more than nothing", what, p).figure("asked", p)
	}
	if p > MostPence {
		return refuse(RuleAmountTooLarge, "check the amount: it is in pence, not pounds",
			"%s is %s; one line carries at most %s", what, p, MostPence).figure("asked", p)
	}
	return nil
}

// A Weight is one receiver of a [Split]: its code and its size, in patients.
type Weight struct {
	Code   string
	Amount int64
}

// Split gives total away in proportion to the weights, to the penny: each receiver gets the whole pence of its exact
// share, and what is left goes, a penny each, to the largest remainders, ties by code. The parts stand in the order of
// the weights and sum to total. The weights must be at least 0 and sum to more than 0.
func Split(total Pence, weights []Weight) []Pence {
	var sum uint64
	for _, w := range weights {
		sum += uint64(w.Amount)
	}
	parts := make([]Pence, len(weights))
	remainders := make([]uint64, len(weights))
	left := total
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w.Amount))
		share, rest := bits.Div64(hi, lo, sum) // cannot overflow: no weight is larger than their sum
		parts[i], remainders[i] = Pence(share), rest
		left -= parts[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if remainders[a] != remainders[b] {
			return compareDescending(remainders[a], remainders[b])
		}
		return strings.Compare(weights[a].Code, weights[b].Code)
	})
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

func compareDescending(a, b uint64) int {
	if a > b {
		return -1
	}
	return 1
}
