package domain

import "slices"

// This file holds what the ledger promises once officers are appointed, kept apart from the ledger with a pencil: from the
// events alone.
type controlBooks struct {
	worth     map[worthKey]Pence // what officers caused
	held      map[int64]RequestHeld
	raisers   map[int64]Hand // of what is held
	closed    map[Period]string
	through   Period
	soft      Period            // the last that is softly closed; what is closed for good no longer is
	below     map[FundCode]bool // a write-off or a correction may leave it below zero
	submitted map[int64][]Hand
	verified  map[int64][]Hand
	spends    map[int64][]Hand
	runs      map[int64][]Hand
	corrected map[int64]bool
	approval  RequestApproved // the last: what follows is its effect
}

func newControlBooks() controlBooks {
	return controlBooks{
		map[worthKey]Pence{}, map[int64]RequestHeld{}, map[int64]Hand{}, map[Period]string{}, "", "", map[FundCode]bool{},
		map[int64][]Hand{}, map[int64][]Hand{}, map[int64][]Hand{}, map[int64][]Hand{}, map[int64]bool{}, RequestApproved{},
	}
}

// checkControl requires the promises of control after an event.
func (h *history) checkControl(r Recorded) {
	h.checkHands(r)
	h.checkPeriod(r)
	h.checkLimit(r)
	h.checkPaid(r)
	h.checkCorrected(r)
	h.noteControl(r)
	h.checkHolds()
	h.checkHashes()
}

// checkHands requires that all that happens has hands, and that nobody approves what the same hands raised, submitted,
// verified, recorded or proposed.
func (h *history) checkHands(r Recorded) {
	if r.RaisedBy == "" {
		h.fail("event %d, %T, says of no officer who raised it", r.Number, r.Event)
	}
	hands := r.hands()
	if len(hands) == 2 && hands[0].meets(hands[1]) {
		h.fail("event %d was raised and approved by %s", r.Number, hands[0])
	}
	apart := func(before []Hand) {
		for _, b := range before {
			for _, hand := range hands {
				if hand.meets(b) {
					h.fail("event %d, %T: %s did the step before as well", r.Number, r.Event, hand)
				}
			}
		}
	}
	switch e := r.Event.(type) {
	case ClaimVerified:
		apart(h.control.submitted[e.Claim])
	case ClaimApproved:
		if len(h.control.verified[e.Claim]) == 0 {
			h.fail("claim %d is approved and was not verified", e.Claim)
		}
		apart(h.control.submitted[e.Claim])
		apart(h.control.verified[e.Claim])
	case SpendVerified:
		apart(h.control.spends[e.Spend])
	case PaymentRunReleased:
		apart(h.control.runs[e.Run])
	case OfficerAppointed:
		apart([]Hand{{Officer: e.Officer}})
	}
}

// checkPeriod requires that nothing is posted in a closed period, nor in one that was closed softly but by the month end.
func (h *history) checkPeriod(r Recorded) {
	if r.Period == "" {
		return
	}
	switch how := h.control.closed[r.Period]; {
	case r.Period.IsAdjustment() && (how == "closed" || h.control.through < periodIn(r.Period.Year(), 12)):
		h.fail("event %d posts in %s, which is not open", r.Number, r.Period)
	case !r.Period.IsAdjustment() && r.Period <= h.control.through:
		h.fail("event %d posts in %s, which is closed", r.Number, r.Period)
	case !r.Period.IsAdjustment() && r.Period <= h.control.soft:
		switch r.Event.(type) {
		case AccrualPosted, JournalPosted, EntryReversed:
		default:
			h.fail("event %d, %T, posts in %s, which is softly closed", r.Number, r.Event, r.Period)
		}
	}
}

// limitOf is the largest limit that an officer has on the day of an event, in any appointment.
func (h *history) limitOf(officer OfficerID, r Recorded) (most Pence) {
	for _, a := range h.ledger.officers.of[officer] {
		if a.covers(DateIn(r.Time)) {
			most = max(most, a.Limit)
		}
	}
	return most
}

// checkLimit requires that nobody causes more of a kind on a fund than the limit allows, all that went before and is held
// counted; and that who approves has a limit for it.
func (h *history) checkLimit(r Recorded) {
	if len(Worth(r.Event)) == 0 {
		return
	}
	raised, act := ParseHand(r.RaisedBy), EventKindOf(r.Event).Name
	for _, w := range Worth(r.Event) {
		total := w.Pence
		if act != "EntitlementRun" && act != "EntitlementAdjusted" { // these are judged one by one
			total += h.control.worth[worthKey{raised.Officer, w.Fund, act}]
			for n, held := range h.control.held {
				if held.Act == act && h.control.raisers[n].Officer == raised.Officer && held.Expires >= DateIn(r.Time) && r.Request != formatNumber(n) {
					total += worthIn(held.Worth, w.Fund)
				}
			}
		}
		who := raised.Officer
		if r.ApprovedBy != "" {
			who = ParseHand(r.ApprovedBy).Officer
			if judged := worthIn(h.control.approval.Judged, w.Fund); judged < total || h.control.approval.Limit > h.limitOf(who, r) {
				h.fail("event %d was approved up to %s, judged by %s; the books say %s", r.Number, h.control.approval.Limit, judged, total)
			}
		}
		if most := h.limitOf(who, r); total > most {
			h.fail("event %d, %s of %s in fund %s, comes to %s; the limit of %s is %s", r.Number, act, w.Pence, w.Fund, total, who, most)
		}
	}
}

func formatNumber(n int64) string { return requestSubject(n)[len("request/"):] }

func worthIn(worth []FundPence, fund FundCode) (sum Pence) {
	for _, w := range worth {
		if w.Fund == fund {
			sum += w.Pence
		}
	}
	return sum
}

// checkPaid requires that money leaves with two people's hands: a run that was approved and is released by a third, or a
// settlement without a run that was approved.
func (h *history) checkPaid(r Recorded) {
	switch e := r.Event.(type) {
	case PaymentRunReleased:
		if len(h.control.runs[e.Run]) < 2 {
			h.fail("run %d is released and was not approved by a second person", e.Run)
		}
	case PaymentSettled:
		if !e.ofRuns() && r.ApprovedBy == "" {
			h.fail("event %d settles without a run and without a second person", r.Number)
		}
	case JournalPosted, BalancesOpened, ReceivableWrittenOff, EntryReversed, PeriodReopened, PaymentRunProposed, FundAllocated:
		if _, policy := e.(FundAllocated); r.ApprovedBy == "" && !policy {
			h.fail("event %d, %T, has no second person", r.Number, e)
		}
	}
}

// checkCorrected requires that nothing is corrected twice.
func (h *history) checkCorrected(r Recorded) {
	if e, is := r.Event.(EntryReversed); is {
		if h.control.corrected[e.Entry] {
			h.fail("entry %d is reversed twice", e.Entry)
		}
		h.control.corrected[e.Entry] = true
	}
}

// noteControl keeps the books of control.
func (h *history) noteControl(r Recorded) {
	b := &h.control
	for _, w := range Worth(r.Event) {
		key := worthKey{ParseHand(r.RaisedBy).Officer, w.Fund, EventKindOf(r.Event).Name}
		b.worth[key] += w.Pence
	}
	switch e := r.Event.(type) {
	case RequestHeld:
		b.held[r.Number], b.raisers[r.Number] = e, r.hands()[0]
	case RequestApproved:
		b.approval = e
	case RequestRefused:
		delete(b.held, e.Request)
	case RequestWithdrawn:
		delete(b.held, e.Request)
	case ClaimSubmitted:
		b.submitted[r.Number] = r.hands()
	case ClaimVerified:
		b.verified[e.Claim] = r.hands()
	case SpendRecorded:
		b.spends[r.Number] = r.hands()
	case PaymentRunProposed:
		b.runs[r.Number] = r.hands()
	case ReceivableWrittenOff:
		b.below[e.Fund] = true
	case EntryReversed:
		for _, p := range Postings(r) {
			b.below[p.Fund] = true
		}
	case JournalPosted:
		for _, line := range e.Lines {
			b.below[line.Fund] = true
		}
	}
	for n := range b.held {
		if r.Request == formatNumber(n) {
			delete(b.held, n)
		}
	}
	h.noteClose(r.Event)
}

func (h *history) noteClose(event Event) {
	b := &h.control
	switch e := event.(type) {
	case PeriodClosed:
		switch {
		case e.Soft:
			b.soft = e.Period
			return
		case !e.Period.IsAdjustment():
			if b.through = e.Period; b.soft <= b.through {
				b.soft = ""
			}
		}
		b.closed[e.Period] = "closed"
	case PeriodReopened:
		if e.Period > b.through && !e.Period.IsAdjustment() {
			if b.soft = e.Period.before(); b.soft <= b.through {
				b.soft = ""
			}
			return
		}
		if !e.Period.IsAdjustment() {
			b.through = e.Period.before()
		}
		delete(b.closed, e.Period)
	}
}

// checkHolds requires that what waits can be had: of a fund with hard cover nothing is promised twice.
func (h *history) checkHolds() {
	held := h.ledger.holdsBut(0, DateIn(h.now))
	drawn := map[fundSide]Pence{}
	for _, n := range h.ledger.waiting {
		r := h.ledger.requests[n]
		if r.act == "ReceivableWrittenOff" || r.act == "EntryReversed" || !r.waits(DateIn(h.now)) {
			continue // these may go below zero
		}
		for _, t := range r.takes {
			drawn[fundSide{t.Fund, side{t.Account, t.Bucket}}] += t.Pence
		}
	}
	for key, pence := range drawn {
		f := h.ledger.funds[key.fund]
		if f.Cover == CoverHard && !h.control.below[key.fund] && f.closed == "" && f.balances[key.side] < pence {
			h.fail("requests wait for %s of %+v, where %s stands", pence, key, f.balances[key.side])
		}
	}
	for id, pence := range held.items {
		if item := h.ledger.items[id]; item.left() < 0 || pence < 0 {
			h.fail("requests wait to settle %s of item %s, of which %s is left", pence, id, item.left())
		}
	}
}

// checkHashes requires, now and then, that every closed period still comes to what was stored.
func (h *history) checkHashes() {
	if h.tally.decided%64 != 0 {
		return
	}
	for _, r := range h.log {
		e, is := r.Event.(PeriodClosed)
		if !is || e.Soft || h.control.closed[e.Period] != "closed" || h.reclosed(r) {
			continue
		}
		sums := map[trialKey]Pence{}
		for _, posted := range h.log {
			for _, p := range Postings(posted) {
				if e.Period.Counts(p.Period) {
					sums[trialKey{p.Fund, p.Account}] += p.Pence
				}
			}
		}
		for _, line := range e.TrialBalance {
			if sums[trialKey{line.Fund, line.Account}] != line.Pence {
				h.fail("period %s was closed with %+v; it comes to %s now", e.Period, line, sums[trialKey{line.Fund, line.Account}])
			}
		}
	}
}

// reclosed says that a period was closed again later.
func (h *history) reclosed(first Recorded) bool {
	return slices.ContainsFunc(h.log, func(r Recorded) bool {
		e, is := r.Event.(PeriodClosed)
		return is && !e.Soft && r.Number > first.Number && e.Period == first.Event.(PeriodClosed).Period
	})
}

// controlStates are what governed histories must reach for those promises to mean anything.
var controlStates = []string{
	"held over a limit", "held for two people", "approved", "approved by a deputy", "raised by a deputy", "late posting in a later period", "posting in M13",
	"accrual that reverses itself", "run with netting", "payment that failed", "reversed", "reversed to lapsed", "replaced", "approved otherwise than it was held",
}

// noteControlStates counts what an event reached.
func (h *history) noteControlStates(r Recorded, reach func(bool, string)) {
	raised, approved := ParseHand(r.RaisedBy), ParseHand(r.ApprovedBy)
	reach(raised.For != "", "raised by a deputy")
	reach(approved.For != "", "approved by a deputy")
	reach(r.ApprovedBy != "", "approved")
	reach(r.Period != "" && r.Period > PeriodOf(r.Effective), "late posting in a later period")
	reach(r.Period != "" && r.Period.IsAdjustment(), "posting in M13")
	switch e := r.Event.(type) {
	case RequestHeld:
		two := KindOf(e.Asked.Command).Name + " needs two people"
		reach(e.Why == two, "held for two people")
		reach(e.Why != two, "held over a limit")
	case RequestApproved:
		reach(e.Digest != h.ledger.requests[e.Request].digest, "approved otherwise than it was held")
	case AccrualPosted:
		reach(e.Reverses != "", "accrual that reverses itself")
	case PaymentRunReleased:
		reach(len(e.Netted) > 0, "run with netting")
	case PaymentFailed:
		reach(true, "payment that failed")
	case EntryReversed:
		reach(true, "reversed")
		reach(e.ToLapsed, "reversed to lapsed")
	case EntryReplaced:
		reach(true, "replaced")
	}
}
