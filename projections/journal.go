package projections

import (
	"iter"
	"sort"
	"strconv"
	"time"

	"pcnledger/domain"
)

// Journal holds every posting, in the order of the log. It keeps two columns and a row for each voucher: a ledger may
// post ten million times.
type Journal struct {
	book     *book
	vouchers column[voucher]
	places   column[int32]
	pence    column[domain.Pence]
}

// A voucher is an event that posted, and says what its postings have in common. They are those from its first to the
// first of the next voucher. An event that posts on several days has one after another for each of them.
type voucher struct {
	number    int64
	time      int64 // in milliseconds since 1970
	first     int32
	text      text
	event     word
	actor     word
	by        hands
	effective word
	period    word
}

// A Voucher is an event that posted.
type Voucher struct {
	Number int64
	Time   time.Time // when it was recorded, in UTC
	Actor  string
	Event  string // FundsReleased
	Text   string // the reference, title or reason that the event carries

	RaisedBy, ApprovedBy string // as a [domain.Hand] is written; blank where no officers were appointed, or no second one was needed
}

// An Entry is one posting, debit positive, with the voucher it belongs to. Line counts from 1 within the event.
type Entry struct {
	Voucher
	Line int
	domain.Posting
}

// begin begins the postings of an event: those of the day and the period of one of them.
func (j *Journal) begin(r *record, posting *domain.Posting) {
	words := &j.book.words
	j.vouchers.add(voucher{
		number: r.Number, time: r.Time.UnixMilli(), first: int32(j.places.len()), event: words.of(domain.EventKindOf(r.Event).Name),
		actor: j.book.word(&j.book.recent.actor, r.Actor), by: j.book.hands(r), text: r.text, effective: j.book.date(posting.Effective), period: words.of(string(posting.Period)),
	})
}

// turn begins where a posting is the first of its event, or of another day or period than the one before: an accrual's own
// reversal.
func (j *Journal) turn(r *record, posting, before *domain.Posting) {
	if before == nil || posting.Effective != before.Effective || posting.Period != before.Period {
		j.begin(r, posting)
	}
}

// post adds a posting to the event that was begun last.
func (j *Journal) post(place int32, pence domain.Pence) {
	j.places.add(place)
	j.pence.add(pence)
}

// voucherText is what an event says of itself in words.
func voucherText(e domain.Event) string {
	switch e := e.(type) {
	case domain.FundingConfirmed:
		return e.Title
	case domain.FundAllocated:
		return e.Decision.Paper
	case domain.AllocationMoved:
		return e.Reason
	case domain.FundsReleased:
		return e.Reason
	case domain.SpendRecorded:
		return e.Reference
	case domain.AdvanceCalledBack:
		return e.Reason
	case domain.EntitlementRun:
		return string(e.Rate) + " through " + string(e.Through)
	case domain.EntitlementAdjusted:
		return string(e.Rate) + " through " + string(e.Through) + " adjusted: " + e.Reason
	case domain.ClaimApproved:
		return "claim " + strconv.FormatInt(e.Claim, 10) + " for " + string(e.Month)
	case domain.RecoveryRaised:
		return e.Reason
	case domain.PaymentSettled:
		return e.Reference
	case domain.ReceiptRecorded:
		return e.Reference
	case domain.FundClosed:
		return e.Reason
	}
	return controlText(e)
}

// controlText is what an event of the control of money says of itself in words.
func controlText(e domain.Event) string {
	switch e := e.(type) {
	case domain.AccrualPosted:
		return e.Reason
	case domain.JournalPosted:
		return e.Reason
	case domain.BalancesOpened:
		return e.Source.Title
	case domain.PaymentRunProposed:
		return e.Reference
	case domain.PaymentRunReleased:
		return e.Reference
	case domain.PaymentFailed:
		return e.Reason
	case domain.ReceivableWrittenOff:
		return string(e.Loss) + ": " + e.Reason
	case domain.EntryReversed:
		return "reverses " + strconv.FormatInt(e.Entry, 10) + ": " + e.Reason
	}
	return ""
}

// Len returns how many postings there are.
func (j *Journal) Len() int { return j.places.len() }

// At returns the posting with index i, from 0.
func (j *Journal) At(i int) Entry {
	next := sort.Search(j.vouchers.len(), func(v int) bool { return int(j.vouchers.at(int32(v)).first) > i })
	return j.entry(int32(next-1), int32(i))
}

// All ranges over every posting with its index.
func (j *Journal) All() iter.Seq2[int, Entry] {
	return func(yield func(int, Entry) bool) {
		of := int32(0)
		for i := range int32(j.Len()) {
			for int(of+1) < j.vouchers.len() && j.vouchers.at(of+1).first <= i {
				of++
			}
			if !yield(int(i), j.entry(of, i)) {
				return
			}
		}
	}
}

// entry returns a posting of a voucher.
func (j *Journal) entry(of, i int32) Entry {
	v, p, text := j.vouchers.at(of), j.book.placeAt(*j.places.at(i)), j.book.words.text
	return Entry{
		Voucher: Voucher{
			v.number, time.UnixMilli(v.time).UTC(), text(v.actor), text(v.event), j.book.texts.text(v.text), text(v.by.raised), text(v.by.approved),
		},
		Line: int(i - j.first(of) + 1),
		Posting: domain.Posting{
			Account: p.Account, Fund: p.Fund, Bucket: p.Bucket,
			Effective: domain.Date(text(v.effective)), Period: domain.Period(text(v.period)), Pence: *j.pence.at(i),
		},
	}
}

// first returns the first posting of the event of a voucher.
func (j *Journal) first(of int32) int32 {
	number := j.vouchers.at(of).number
	for of > 0 && j.vouchers.at(of-1).number == number {
		of--
	}
	return j.vouchers.at(of).first
}
