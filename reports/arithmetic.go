package reports

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

// The functions here say in words how a figure was come by, with its own numbers.

// pounds prints a rate: £1.50, £0.5143, £37,810.00.
func pounds(amount string) string {
	whole, part, _ := strings.Cut(amount, ".")
	n, ok := new(big.Int).SetString(whole, 10)
	if !ok || !n.IsInt64() {
		return "£" + amount
	}
	for len(part) < 2 {
		part += "0"
	}
	return "£" + grouped(n.Int64()) + "." + part
}

// percentage prints a part of a whole in per cent, to one place, rounded half away from zero; of nothing it prints nothing.
func percentage(part, whole domain.Pence) string {
	if whole == 0 {
		return ""
	}
	tenths := new(big.Rat).Mul(big.NewRat(int64(part), int64(whole)), big.NewRat(1000, 1))
	sign := ""
	if tenths.Sign() < 0 {
		sign = "-"
	}
	tenths.Abs(tenths).Add(tenths, big.NewRat(1, 2))
	rounded := new(big.Int).Quo(tenths.Num(), tenths.Denom()).Int64()
	return fmt.Sprintf("%s%d.%d", sign, rounded/10, rounded%10)
}

// raisedWords is the arithmetic of one month of a run: 50,001 patients × £1.50 = £75,001.50 for 12 months; month 4 of 12
// brings £25,000.50 in all, £18,750.38 before. The list is that of the run's last month; where the months before had
// another, what they bring in all cannot be read off it, and the words say so.
func raisedWords(rate projections.Rate, raised projections.Raised) string {
	months := rate.Months()
	n, k := len(months), slices.Index(months, raised.For)+1
	if k == 0 {
		return fmt.Sprintf("%s raised for %s", raised.Pence, raised.For) // the rate is not known: history has been cut short
	}
	words := fmt.Sprintf("%s patients × %s = %s for %s; ", grouped(raised.Patients), pounds(rate.Amount), raised.Annual, counting(n, "month"))
	if dueThrough(raised.Annual, k, n) != raised.InAll {
		words += "by the lists of each month, "
	}
	return words + fmt.Sprintf("month %d of %d brings %s in all, %s before", k, n, raised.InAll, raised.InAll-raised.Pence)
}

// dueThrough is what k of n equal instalments of an annual amount come to.
func dueThrough(annual domain.Pence, k, n int) (sum domain.Pence) {
	all := make([]domain.Pence, k)
	for i := range all {
		all[i] = annual
	}
	for _, own := range domain.Instalments(all, n) {
		sum += own
	}
	return sum
}

// approvedWords is the arithmetic of one post of a claim: 70 % of £4,500.00 = £3,150.00; maximum £3,150.83.
func approvedWords(line domain.ApprovedLine) string {
	words := fmt.Sprintf("%s %% of %s = %s; maximum %s", line.Percent, line.Cost, line.Part, line.Maximum)
	switch {
	case line.Pence < min(line.Part, line.Maximum):
		words += fmt.Sprintf("; paid to the %s left of the network's sum", line.Pence)
	case line.Part > line.Maximum:
		words += "; paid to the maximum"
	}
	return words
}

// recoveryWords is the arithmetic of a recovery from a claim: the cost proved £4,275.00: 70 % of it, maximum £3,150.83, is
// £2,992.50; £3,150.00 stood approved. Where no cost was proved there is only the reason.
func recoveryWords(claim projections.Claim, r domain.RecoveryRaised) string {
	if r.Proved.Total() == 0 {
		return r.Reason
	}
	of := ""
	for _, line := range claim.Approval.Lines {
		if line.Person == r.Person {
			of = fmt.Sprintf(": %s %% of it, maximum %s,", line.Percent, line.Maximum)
		}
	}
	return fmt.Sprintf("%s; the cost proved %s%s is %s; %s stood approved", r.Reason, r.Proved.Total(), of, r.Right, r.Right+r.Pence)
}

// monthName prints July 2019 for 2019-20/M04; a whole year stays as it is.
func monthName(s domain.Service) string {
	if s == "" || s == s.WholeYear() {
		return string(s)
	}
	_, name, _ := strings.Cut(s.First().String(), " ")
	return name
}
