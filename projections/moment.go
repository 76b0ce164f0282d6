package projections

import "pcnledger/domain"

// NewViewsAt returns views of what is effective by a date, inclusive. An event that moves money later is passed over: its
// number counts, and nothing else of it. Of an event that posts on several days, as an accrual that reverses itself, what
// is posted later is left out. Events that move no money say in their data from when they hold, and are taken in. No date
// takes in everything, as [NewViews] does.
//
// What was passed over may be used by what was not: a payment dated before the release that it pays. Sums are then those of
// what is effective, and may fall below zero; nothing is made up to explain them.
func NewViewsAt(effective domain.Date) *Views {
	v := NewViews()
	v.effective = effective
	return v
}

// Effective returns the last date of what the views take in, inclusive; blank if they take in everything.
func (v *Views) Effective() domain.Date { return v.effective }

// isLater says that a date is after those that the views take in. What moves no money has no date, and is never later.
func (v *Views) isLater(date domain.Date) bool { return v.effective != "" && date > v.effective }

// Through returns trial balance and balances of what was posted in periods up to and including one. It goes through the
// whole journal.
func (v *Views) Through(last domain.Period) (TrialBalance, Balances) {
	k := &book{}
	for _, entry := range v.Journal.All() {
		if last.Counts(entry.Period) {
			k.post(k.place(entry.Account, k.fund(entry.Fund), k.bucket(&entry.Bucket)), entry.Pence)
		}
	}
	return TrialBalance{k}, Balances{k}
}
