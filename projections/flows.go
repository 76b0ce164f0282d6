package projections

import (
	"slices"

	"pcnledger/domain"
)

// A flow is pence of a fund that a manual entry takes from one control account and puts on another. An entry says only
// which lines it has: what is credited is matched with what is debited in the order of the lines, what was set aside
// before what was not.
type flow struct {
	fund     domain.FundCode
	from, to aside
	pence    domain.Pence
}

// An aside is where money that was set aside stands; without account the money is not set aside, or not any more.
type aside struct {
	account domain.Account
	bucket  domain.Bucket
}

// flowsOf returns the flows of the control lines of a manual entry, fund by fund.
func flowsOf(lines []domain.JournalLine) []flow {
	var funds []domain.FundCode
	for _, line := range lines {
		if line.Account.IsControl() && !slices.Contains(funds, line.Fund) {
			funds = append(funds, line.Fund)
		}
	}
	var flows []flow
	for _, fund := range funds {
		flows = append(flows, matched(fund, halves(lines, fund, credited), halves(lines, fund, debited))...)
	}
	return flows
}

// A half is what one line takes, or puts.
type half struct {
	aside
	pence domain.Pence
}

func credited(line domain.JournalLine) domain.Pence { return line.Credit }
func debited(line domain.JournalLine) domain.Pence  { return line.Debit }

// halves are one side of the control lines of a fund, those of money that was set aside first.
func halves(lines []domain.JournalLine, fund domain.FundCode, of func(domain.JournalLine) domain.Pence) []half {
	var set, free []half
	for _, line := range lines {
		pence := of(line)
		switch {
		case line.Fund != fund || !line.Account.IsControl() || pence == 0:
		case line.Account == domain.Limit || line.Account == domain.Unallocated:
			free = append(free, half{pence: pence})
		default:
			set = append(set, half{aside{line.Account, line.Bucket}, pence})
		}
	}
	return append(set, free...)
}

// matched pairs what is taken with what is put. What has no counterpart comes from, or goes to, what is not set aside.
func matched(fund domain.FundCode, taken, put []half) []flow {
	var flows []flow
	for len(taken) > 0 || len(put) > 0 {
		from, to := first(taken), first(put)
		pence := min(from.pence, to.pence)
		if len(taken) == 0 || len(put) == 0 {
			pence = max(from.pence, to.pence)
		}
		if from.account != "" || to.account != "" {
			flows = append(flows, flow{fund, from.aside, to.aside, pence})
		}
		taken, put = less(taken, pence), less(put, pence)
	}
	return flows
}

func first(halves []half) half {
	if len(halves) == 0 {
		return half{}
	}
	return halves[0]
}

// less takes pence off the first.
func less(halves []half, pence domain.Pence) []half {
	if len(halves) == 0 {
		return nil
	}
	if halves[0].pence -= pence; halves[0].pence == 0 {
		return halves[1:]
	}
	return halves
}

// exchanged returns the lines of a manual entry with the sides exchanged, as a reversal posts them.
func exchanged(lines []domain.JournalLine, e *domain.EntryReversed) []domain.JournalLine {
	back := make([]domain.JournalLine, len(lines))
	for i, line := range lines {
		line.Debit, line.Credit = line.Credit, line.Debit
		line.Account = returnsTo(e, line.Account)
		back[i] = line
	}
	return back
}

// returnsTo says where money goes that an entry took from an account and a reversal gives back: to lapsed, if the fund was
// closed since.
func returnsTo(e *domain.EntryReversed, account domain.Account) domain.Account {
	if e.ToLapsed && (account == domain.Allocated || account == domain.Unallocated) {
		return domain.Lapsed
	}
	return account
}
