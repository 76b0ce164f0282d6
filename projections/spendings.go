package projections

import "pcnledger/domain"

// A spending is one charge that an event makes, and what it draws on. GaveUp is the receivable that a loss is about.
type spending struct {
	key    chargeKey
	fund   word
	spent  bucket
	pence  domain.Pence
	draws  []domain.Draw
	gaveUp domain.ItemID
}

// charged hands over every charge that an event makes, in the order of its lines.
func (p *Purposes) charged(number int64, e domain.Event, each func(*Purposes, spending)) {
	k := p.book
	switch e := e.(type) {
	case domain.SpendRecorded:
		fund := k.fund(e.Fund)
		for i := range e.Lines {
			line := &e.Lines[i]
			each(p, spending{itemKey{number, int32(i + 1)}.charge(1), fund, k.bucket(&line.Bucket), line.Pence, line.Draws, ""})
		}
	case domain.EntitlementRun:
		for i := range e.Lines {
			p.raised(k.fund(e.Fund), &e.Lines[i], itemKey{number, int32(i + 1)}, each)
		}
	case domain.ClaimApproved:
		for i := range e.Lines {
			line := &e.Lines[i]
			spent := k.bucket(&domain.Bucket{Payee: e.Payee, Beneficiary: e.Network, Category: line.Category, For: e.MonthOf(*line)})
			each(p, spending{itemKey{number, 1}.charge(i + 1), k.fund(e.Fund), spent, line.Pence, line.Draws, ""})
		}
	case domain.AccrualPosted:
		if e.Reverses != "" {
			return // it charges nothing over both its dates
		}
		for i := range e.Lines {
			line := &e.Lines[i]
			each(p, spending{itemKey{number, int32(i + 1)}.charge(1), k.fund(line.Fund), k.bucket(&line.Bucket), line.Pence, line.Draws, ""})
		}
	case domain.ReceivableWrittenOff:
		for i := range e.Parts {
			part := &e.Parts[i]
			spent := k.bucket(&domain.Bucket{Payee: e.Payee, Beneficiary: e.Beneficiary, Category: domain.CategoryLosses, For: part.For})
			each(p, spending{itemKey{number, 1}.charge(i + 1), k.fund(e.Fund), spent, part.Pence, part.Draws, e.Item})
		}
	}
}

// raised hands over what is due at a rate, month by month.
func (p *Purposes) raised(fund word, line *domain.EntitlementLine, item itemKey, each func(*Purposes, spending)) {
	for i := range line.Parts {
		part := &line.Parts[i]
		spent := p.book.bucket(&domain.Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary, Category: line.Category, For: part.For})
		each(p, spending{item.charge(i + 1), fund, spent, part.Pence, part.Draws, ""})
	}
}

// received hands over every receivable that an event settles, in money or netted.
func (p *Purposes) received(e domain.Event, each func(*Purposes, *domain.SettledLine)) {
	var lines []domain.SettledLine
	switch e := e.(type) {
	case domain.PaymentSettled:
		lines = e.Netted
	case domain.PaymentRunReleased:
		lines = e.Netted
	case domain.ReceiptRecorded:
		lines = e.Lines
	}
	for i := range lines {
		each(p, &lines[i])
	}
}
