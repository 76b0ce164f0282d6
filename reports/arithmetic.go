package reports

import (
	"fmt"
	"math/big"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

// The functions here say in words how a figure was come by, with its own numbers.

// pounds prints a rate: £1.50, £0.5143, £37,810.00; none where there is no amount.
func pounds(amount string) string { return domain.Pounds(amount) }

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

// raisedWords is the arithmetic of one month of a run, at the version of the rate that it stands on: 50,001 patients ×
// £1.50 = £75,001.50 for the year; instalment 4 of 12 is £6,250.12.
func raisedWords(rate projections.Rate, raised projections.Raised) string {
	return rate.By(raised.Rate).RaisedWords(raised.Footing, raised.For, raised.Pence, raised.InAll)
}

// recoveryWords is the arithmetic of a recovery from a claim: the cost proved £4,275.00: 70 % of it, maximum £3,150.83, is
// £2,992.50; £3,150.00 stood approved. Where no cost was proved there is only the reason.
func recoveryWords(claim projections.Claim, r domain.RecoveryRaised) string {
	if r.Proved.Total() == 0 {
		return r.Reason
	}
	of := ""
	if line, is := claim.RecoveredLine(r); is {
		of = fmt.Sprintf(": %s %% of it, maximum %s,", line.Percent, line.Maximum)
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
