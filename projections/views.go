package projections

import "pcnledger/domain"

// Views are all views of one ledger, at one number. They are not safe for use by several goroutines at once.
type Views struct {
	Ledger          Ledger
	Registry        Registry
	Journal         Journal
	TrialBalance    TrialBalance
	Balances        Balances
	Funds           Funds
	Items           Items
	Purposes        Purposes
	Rates           Rates
	Quantities      Quantities
	Redistributions Redistributions
	Entitlements    Entitlements
	Claims          Claims
	Roles           Roles
	Budgets         Budgets
	Progress        Progress
	Officers        Officers
	Requests        Requests
	Periods         Periods
	Runs            Runs
	Spends          Spends
	Losses          Losses
	Corrections     Corrections

	// Grounds is what payments are worked out on, as the state that decides has it: sums of networks and the arithmetic of
	// figures are asked of it.
	Grounds domain.Grounds

	book      *book // shared by the views
	effective domain.Date
	reused    reused
}

// NewViews returns the views of a ledger in which nothing is recorded.
func NewViews() *Views {
	k := &book{}
	return &Views{
		book:         k,
		Registry:     newRegistry(k),
		Journal:      Journal{book: k},
		TrialBalance: TrialBalance{k},
		Balances:     Balances{k},
		Funds:        newFunds(k),
		Items:        newItems(k),
		Purposes:     newPurposes(k),
		Rates:        newRates(),
		Entitlements: newEntitlements(k),
		Claims:       newClaims(k),
		Roles:        newRoles(k),
		Budgets:      newBudgets(),
		Progress:     newProgress(),
		Requests:     newRequests(),
		Periods:      newPeriods(k),
		Runs:         Runs{book: k},
		Spends:       Spends{book: k},
		Corrections:  newCorrections(),
	}
}

// A record is a recorded event with what several views need of it, worked out once.
type record struct {
	domain.Recorded
	effective word
	text      text // of its voucher
	postings  []domain.Posting
	opened    []domain.Item
	used      []domain.ItemUse
}

// reused are the lists of a [record], to be used for the next. They are empty between events.
type reused struct {
	postings []domain.Posting
	opened   []domain.Item
	used     []domain.ItemUse
}

// Apply brings every view up to date with a recorded event. A number that was applied already changes nothing. A view
// passes over events that it does not need; an event that nobody knows fails when it is decoded, long before.
func (v *Views) Apply(recorded domain.Recorded) {
	if recorded.Number <= v.Ledger.Number {
		return
	}
	if v.isLater(recorded.Effective) {
		v.Ledger.Number, v.Ledger.Time = recorded.Number, recorded.Time.UTC()
		return
	}
	if accrual, is := recorded.Event.(domain.AccrualPosted); is && v.isLater(accrual.Reverses) {
		accrual.Reverses = "" // on the day that is looked at it stands
		recorded.Event = accrual
	}
	r := &record{
		Recorded: recorded, effective: v.book.date(recorded.Effective), text: v.book.texts.add(voucherText(recorded.Event)),
		postings: domain.AppendPostings(v.reused.postings, recorded),
		opened:   domain.AppendItemsOpened(v.reused.opened, recorded),
		used:     domain.AppendItemsUsed(v.reused.used, recorded),
	}
	v.Ledger.apply(r)
	v.Grounds.Apply(recorded)
	v.Registry.apply(r)
	v.Funds.apply(r)
	v.Items.apply(r)
	v.Purposes.apply(r)
	v.Rates.apply(r)
	v.Quantities.apply(r)
	v.Redistributions.apply(r)
	v.Entitlements.apply(r)
	v.Claims.apply(r)
	v.Roles.apply(r)
	v.Budgets.apply(r)
	v.Progress.apply(r)
	v.control(r)
	v.post(r)
	v.reused = reused{emptied(r.postings), emptied(r.opened), emptied(r.used)}
}

// control brings the views of who did what, when and in which period up to date.
func (v *Views) control(r *record) {
	v.Officers.apply(r)
	v.Requests.apply(r)
	v.Periods.apply(r)
	v.Runs.apply(r)
	v.Spends.apply(r)
	v.Losses.apply(r)
	v.Corrections.apply(r)
}

// post posts an event to the journal and to the book.
func (v *Views) post(r *record) {
	var before *domain.Posting
	for i := range r.postings {
		p := &r.postings[i]
		if v.isLater(p.Effective) {
			continue
		}
		v.Journal.turn(r, p, before)
		before = p
		at := v.book.place(p.Account, v.book.fund(p.Fund), v.book.bucket(&p.Bucket))
		v.book.post(at, p.Pence)
		v.Journal.post(at, p.Pence)
	}
}

// emptied returns a list to be used again. One that an uncommon event made long is not kept.
func emptied[T any](list []T) []T {
	const longest = 1 << 15
	if cap(list) > longest {
		return nil
	}
	clear(list)
	return list[:0]
}
