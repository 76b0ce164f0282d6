package projections

import (
	"iter"
	"strconv"
	"time"

	"pcnledger/domain"
)

// Journal holds every posting, in the order of the log. What it is made of inside is its own affair: a ledger may post
// ten million times.
type Journal struct {
	vouchers []Voucher
	postings []domain.Posting
	voucher  []int32 // of each posting, its index in vouchers
	line     []int32 // of each posting, its line within the event
}

// A Voucher is an event that posted.
type Voucher struct {
	Number int64
	Time   time.Time // when it was recorded, in UTC
	Actor  string
	Event  string // FundsReleased
	Text   string // the reference, title or reason that the event carries
}

// An Entry is one posting, debit positive, with the voucher it belongs to. Line counts from 1 within the event.
type Entry struct {
	Voucher
	Line int
	domain.Posting
}

func (j *Journal) post(r domain.Recorded, postings []domain.Posting) {
	if len(postings) == 0 {
		return
	}
	j.vouchers = append(j.vouchers, Voucher{
		r.Number, r.Time.UTC(), r.Actor, domain.EventKindOf(r.Event).Name, voucherText(r.Event),
	})
	for i, p := range postings {
		j.postings = append(j.postings, p)
		j.voucher = append(j.voucher, int32(len(j.vouchers)-1))
		j.line = append(j.line, int32(i+1))
	}
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
	return ""
}

// Len returns how many postings there are.
func (j *Journal) Len() int { return len(j.postings) }

// At returns the posting with index i, from 0.
func (j *Journal) At(i int) Entry {
	return Entry{j.vouchers[j.voucher[i]], int(j.line[i]), j.postings[i]}
}

// All ranges over every posting with its index.
func (j *Journal) All() iter.Seq2[int, Entry] {
	return func(yield func(int, Entry) bool) {
		for i := range j.postings {
			if !yield(i, j.At(i)) {
				return
			}
		}
	}
}
