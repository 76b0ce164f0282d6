package domain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ReverseEntry asks that an entry be taken back, line by line, with effect from the effective date. The entry stays. It
// always needs two people.
//
// It is decided upon the entry itself and upon what became of it: what it made due is whole, what it set aside or gave back
// is still there, and nothing took its place. Which kinds can be taken back, when, and what to do instead stands in one
// table below, reversals. Nothing is corrected twice, and a reversal is not taken back: what it took is recorded anew
// (ReplaceEntry). The reversal lands in an open period, as everything does; what it is for stays that of the entry.
type ReverseEntry struct {
	Entry  int64  `json:"entry"` // the number of the event
	Reason string `json:"reason"`
}

// EntryReversed says that an entry is taken back: it posts the same lines with the sides exchanged. Was is the entry, and
// Dated and In are its own effective date and period. ToLapsed says that what it had drawn on has lapsed since: it returns
// there.
type EntryReversed struct {
	Entry    int64  `json:"entry"`
	Dated    Date   `json:"dated,omitzero"`
	In       Period `json:"in,omitzero"`
	ToLapsed bool   `json:"tolapsed,omitzero"`
	Reason   string `json:"reason"`
	Was      Was    `json:"was"`
}

// ReplaceEntry asks for a command in the place of an entry that was reversed: a recorder's command that moves money, or
// another payment run. It is decided as if it were given by itself, with its own effective date, but that a period which is
// softly closed takes it. It always needs two people.
type ReplaceEntry struct {
	Entry int64 `json:"entry"`
	With  Asked `json:"with"`
}

// EntryReplaced says which event took the place of an entry that was reversed: the next one.
type EntryReplaced struct {
	Entry int64 `json:"entry"`
	By    int64 `json:"by"`
}

// The rules of corrections.
const (
	RuleEntryUnknown      Rule = "entry-unknown"
	RuleEntryKind         Rule = "entry-not-reversible"
	RuleEntryReversed     Rule = "entry-reversed"
	RuleReversalEarlier   Rule = "reversal-before-entry"
	RuleReversalClosed    Rule = "reversal-in-closed-fund"
	RuleReversalItems     Rule = "reversal-of-used-item"
	RuleReversalGone      Rule = "reversal-over-what-is-left"
	RuleReversalOvertaken Rule = "reversal-overtaken"
	RuleEntryStands       Rule = "entry-not-reversed"
	RuleEntryReplaced     Rule = "entry-replaced"
	RuleReplacement       Rule = "replacement-command"
)

// A reversal says when entries of a kind can be taken back, and what to do where they cannot.
type reversal struct {
	kind   string // name of the event
	never  string // why none of the kind can be taken back
	when   string // what an entry has to be, to be taken back
	remedy string // what to do instead
	open   bool   // only while its fund is open: later what it had set aside has lapsed
	whole  bool   // what it takes has to be there even in a fund that only warns
}

// reversals lists every kind of entry. What is not in it moves no money, and is put right by recording what is right.
var reversals = []reversal{
	{kind: "FundingConfirmed", when: "what it confirmed is still unallocated", remedy: "take the allocation back first (ReverseEntry)", open: true, whole: true},
	{kind: "FundAllocated", when: "each allocation still holds what it set aside",
		remedy: "take back first what drew on it (ReverseEntry), or move what is left (MoveAllocation)", open: true, whole: true},
	{kind: "AllocationMoved", when: "each allocation still holds what was moved there",
		remedy: "take back first what drew on it (ReverseEntry), or move what is left back (MoveAllocation)", open: true, whole: true},
	{kind: "FundsReleased", when: "nothing of it is paid, in a payment run, spent or called back",
		remedy: "call the advance back (ReturnAdvance), or take back first what became of it (ReverseEntry)", open: true, whole: true},
	{kind: "SpendRecorded", when: "nothing of what it made due is paid, in a payment run or recovered",
		remedy: "raise a recovery (RaiseRecovery), or take back first what became of it (ReverseEntry)"},
	{kind: "AdvanceCalledBack", when: "nothing of it is received, netted, written off or spent after all, and the money is still free",
		remedy: "take back first what became of it (ReverseEntry)", whole: true},
	{kind: "EntitlementRun", when: "no item of it is paid, in a payment run or recovered",
		remedy: "raise a recovery (RaiseRecovery), or take back first what became of it (ReverseEntry)"},
	{kind: "EntitlementAdjusted", when: "no item of it is paid, received, in a payment run or recovered, and nothing of its months was raised or recovered since",
		remedy: "adjust it again (AdjustEntitlement), or take back first what became of it (ReverseEntry)"},
	{kind: "ClaimApproved", when: "nothing of it is paid, in a payment run or recovered, and nobody in it was claimed anew",
		remedy: "raise a recovery (RaiseRecovery), or take back first what became of it (ReverseEntry)"},
	{kind: "RecoveryRaised", when: "nothing of it is received, netted or written off, and what it had given back was not raised or claimed anew",
		remedy: "take back first what became of it (ReverseEntry)"},
	{kind: "PaymentSettled", when: "always: its items are open again, those of a payment run in transit again"},
	{kind: "ReceiptRecorded", when: "always: its items are open again"},
	{kind: "ReceivableWrittenOff", when: "always: its item is open again", remedy: "take back first what became of the loss (ReverseEntry)"},
	{kind: "AccrualPosted", when: "it does not reverse itself, and is still accrued",
		remedy: "post the difference as another accrual (PostAccrual) or as a journal (PostJournal)"},
	{kind: "JournalPosted", when: "what it had moved is still there", remedy: "take back first what drew on it (ReverseEntry), or post another journal (PostJournal)"},
	{kind: "PaymentRunProposed", when: "it is not released", remedy: "record what does not arrive (FailPayment)"},

	{kind: "PaymentRunReleased", never: "the run has gone to the bank", remedy: "record what does not arrive (FailPayment)"},
	{kind: "PaymentFailed", never: "its items are to be paid again", remedy: "pay them in the next run (ProposePaymentRun)"},
	{kind: "BalancesOpened", never: "funds began with it", remedy: "post the difference as a journal (PostJournal)"},
	{kind: "FundClosed", never: "what was left has lapsed, and a period that is reopened does not reopen a fund",
		remedy: "correct the fund's single entries (ReverseEntry); new money is recorded in a fund of the current year"},
	{kind: "EntryReversed", never: "an entry and its reversal stand together", remedy: "record the entry anew in its place (ReplaceEntry)"},
}

// reversalOf finds a kind of entry in the table.
func reversalOf(e Event) (reversal, bool) {
	name := EventKindOf(e).Name
	for _, rule := range reversals {
		if rule.kind == name {
			return rule, true
		}
	}
	return reversal{}, false
}

func (c ReverseEntry) decide(l *Ledger, m moment) (Event, error) {
	was, err := l.entry(c.Entry, m)
	if err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"released for the wrong network"`); err != nil {
		return nil, err
	}
	rule, err := l.reversible(was)
	if err != nil {
		return nil, err
	}
	if m.effective < was.Effective {
		return nil, refuse(RuleReversalEarlier, "date it "+was.Effective.String()+" or later", "entry %d takes effect on %s; it cannot be taken back on %s, before that",
			was.Number, was.Effective, m.effective)
	}
	e := EntryReversed{Entry: c.Entry, Dated: was.Effective, In: was.Period, Reason: c.Reason, Was: Was{was.Event}}
	if e.ToLapsed, err = l.lapsedSince(was, rule); err != nil {
		return nil, err
	}
	if err := l.checkUntouched(was, rule, m); err != nil {
		return nil, err
	}
	if err := l.checkOvertaken(was, m); err != nil {
		return nil, err
	}
	return e, l.checkStillThere(e, rule, m)
}

// entry returns what is recorded under a number and not reversed.
func (l *Ledger) entry(number int64, m moment) (was Recorded, err error) {
	known := false
	if m.look != nil {
		was, known = m.look(number)
	}
	if !known {
		return was, refuse(RuleEntryUnknown, "look for it: pcnledger show events", "nothing is recorded under the number %d", number)
	}
	if by, reversed := l.reversed[number]; reversed {
		remedy := "record what is right in its place (ReplaceEntry)"
		if instead := l.replaced[number]; instead != 0 {
			remedy = fmt.Sprintf("correct event %d, which took its place", instead)
		}
		return was, refuse(RuleEntryReversed, remedy, "entry %d was reversed by event %d already; nothing is corrected twice", number, by)
	}
	return was, nil
}

// reversible returns the rule of an entry that can be taken back as far as its own kind goes, or refuses.
func (l *Ledger) reversible(was Recorded) (reversal, error) {
	rule, moves := reversalOf(was.Event)
	name := EventKindOf(was.Event).Name
	proposed, run := was.Event.(PaymentRunProposed)
	accrual, _ := was.Event.(AccrualPosted)
	switch {
	case rule.never != "":
		return rule, refuse(RuleEntryKind, rule.remedy, "entry %d is %s and cannot be taken back: %s", was.Number, name, rule.never)
	case !moves, !run && len(Postings(was)) == 0:
		return rule, refuse(RuleEntryKind, "record what is right: it counts from then on", "event %d is %s and moves no money: there is nothing to take back", was.Number, name)
	case accrual.Reverses != "":
		return rule, refuse(RuleEntryKind, rule.remedy, "entry %d is an accrual that reverses itself on %s", was.Number, accrual.Reverses)
	case run && l.runs[was.Number].released:
		return rule, refuse(RuleEntryKind, rule.remedy, "payment run %d, %s, was released", was.Number, proposed.Reference)
	}
	return rule, nil
}

// lapsedSince says whether what an entry had drawn on has lapsed since, or refuses an entry that needs its fund open.
func (l *Ledger) lapsedSince(was Recorded, rule reversal) (bool, error) {
	var open, closed *fundState
	for _, p := range Postings(was) {
		f := l.funds[p.Fund]
		switch {
		case p.Account != Allocated && p.Account != Unallocated:
		case f.closed == "":
			open = f
		default:
			closed = f
		}
	}
	if closed != nil && rule.open {
		return false, refuse(RuleReversalClosed, "leave it, and correct what was spent or paid (ReverseEntry)", "fund %s was closed on %s, and what entry %d set aside has lapsed",
			closed.Fund, closed.closed, was.Number)
	}
	if closed != nil && open != nil {
		return false, refuse(RuleReversalClosed, "post the difference as a journal for each fund (PostJournal)", "entry %d is about fund %s, which was closed on %s, and fund %s, which is open",
			was.Number, closed.Fund, closed.closed, open.Fund)
	}
	return closed != nil, nil
}

// checkUntouched refuses an entry whose items are not whole.
func (l *Ledger) checkUntouched(was Recorded, rule reversal, m moment) error {
	for _, opened := range ItemsOpened(was) {
		item := l.items[opened.ID]
		parts := []Figure{{"settled or spent", item.Pence() - item.left()}, {"in a payment run or a request", sumParts(item.inRun) + m.holds.items[item.ID]}, {"recovered", 0}}
		for _, pence := range item.recovered {
			parts[2].Pence += pence
		}
		if parts = slices.DeleteFunc(parts, func(f Figure) bool { return f.Pence == 0 }); len(parts) > 0 {
			refusal := refuse(RuleReversalItems, rule.remedy, "item %s of %s is no longer whole", item.ID, item.Pence()).figure("item", item.Pence())
			for i, part := range parts {
				refusal.Reason += []string{": ", ", "}[min(i, 1)] + part.Pence.String() + " is " + part.Name
				refusal.figure(part.Name, part.Pence)
			}
			return refusal
		}
	}
	return nil
}

// checkStillThere refuses to take from where too little is left: from what is free of a fund, from what was charged, and
// from what was accrued. A fund that only warns may be charged again beyond what is set aside, as it could before.
func (l *Ledger) checkStillThere(e EntryReversed, rule reversal, m moment) error {
	takes := map[fundSide]Pence{}
	var sides []fundSide
	for _, p := range Postings(Recorded{Fact: Fact{Event: e}}) {
		key := fundSide{p.Fund, side{p.Account, p.Bucket}}
		if _, known := takes[key]; !known {
			sides = append(sides, key)
		}
		takes[key] -= p.Pence
	}
	for _, key := range sides {
		f := l.funds[key.fund]
		left, needed := m.free(f, key.side), takes[key]
		bound, word := true, string(key.side.account)
		switch key.side.account {
		case Unallocated, Released, Charged:
		case Allocated, Lapsed:
			bound = rule.whole || f.Cover == CoverHard
		case Accruals:
			left, needed, word = -left, -needed, "accrued"
		default:
			continue
		}
		if bound && needed > max(left, 0) {
			return refuse(RuleReversalGone, rule.remedy, "fund %s has %s %s%s that nothing else needs; taking back entry %d takes %s",
				f.Fund, left, word, toPayee(key.side.bucket), e.Entry, needed).figure("left", left).figure("needed", needed)
		}
	}
	return nil
}

// checkOvertaken refuses to take back what something else took the place of, so that nobody is paid twice.
func (l *Ledger) checkOvertaken(was Recorded, m moment) error {
	switch e := was.Event.(type) {
	case ClaimApproved:
		claim := l.claims[e.Claim]
		for _, line := range e.Lines {
			if err := cmp.Or(l.checkClaimedAnew(was.Number, e.Claim, claim.post(line)), l.checkUplifted(was.Number, claim, claim.post(line))); err != nil {
				return err
			}
		}
	case RecoveryRaised:
		if e.Claim != 0 {
			claim := l.claims[e.Claim]
			line := claim.approved.Lines[e.Charge-1]
			return cmp.Or(l.checkClaimedAnew(was.Number, e.Claim, claim.post(line)), l.checkPaidAgain(was.Number, e, line, m), l.checkLastRecovered(was, e))
		}
		return cmp.Or(l.checkRaisedAnew(was.Number, e), l.checkLastRecovered(was, e))
	case EntitlementAdjusted:
		return l.checkAdjustedSince(was.Number, e)
	}
	return nil
}

// checkClaimedAnew refuses where another claim for a post stands, or another uplift of it.
func (l *Ledger) checkClaimedAnew(entry, number int64, post claimedPost) error {
	if other, _ := l.standing(post, l.claims[number].uplift, number); other != 0 {
		return refuse(RuleReversalOvertaken, "have that claim rejected (RejectClaim) or taken back first (ReverseEntry)", "%s was claimed for %s anew, in claim %d: taking back entry %d would leave two claims",
			post.person, post.month, other, entry)
	}
	return nil
}

// checkUplifted refuses to take back the approval of a claim on which the approval of an uplift stands.
func (l *Ledger) checkUplifted(entry int64, claim *claimState, post claimedPost) error {
	number, uplift := l.standing(post, true, 0)
	if claim.uplift || number == 0 || uplift.approved == nil {
		return nil
	}
	return refuse(RuleReversalOvertaken, "take the approval of the uplift back first (ReverseEntry), or recover it in full (RaiseRecovery)",
		"claim %d uplifted what entry %d approved for %s for %s by %s", number, entry, post.person, post.month, uplift.paid[post]).figure("uplifted", uplift.paid[post])
}

// checkPaidAgain refuses where a claim that is paid again would come above what can be reimbursed.
func (l *Ledger) checkPaidAgain(entry int64, e RecoveryRaised, line ApprovedLine, m moment) error {
	claim := l.claims[e.Claim]
	post := claim.post(line)
	most, err := l.maximumOf(post.person, post.network, post.role, post.month)
	if err != nil {
		return err
	}
	if paid := l.paidFor(post) + e.Pence; paid > most {
		return refuse(RuleReversalOvertaken, "claim what is right by itself (SubmitClaim)", "taking back entry %d would leave %s paid for %s in %s; at most %s can be reimbursed",
			entry, paid, e.Person, post.month, most).figure("paid", paid).figure("at most", most)
	}
	left, err := l.freeOfSum(sumKey{claim.Network, post.month.Year(), cmp.Or(line.Sum, SumARRS)}, m)
	if err != nil {
		return err
	}
	if e.Pence > left {
		return refuse(RuleReversalOvertaken, "take back first what used the sum up (ReverseEntry)", "%s has %s left of its sum for the year; taking back entry %d pays %s again",
			claim.Network.Bare(), max(0, left), entry, e.Pence).figure("left of the sum", left).figure("needed", e.Pence)
	}
	return nil
}

// checkRaisedAnew refuses where a later run raised for the same month what was recovered.
func (l *Ledger) checkRaisedAnew(entry int64, e RecoveryRaised) error {
	item := l.items[e.Item]
	if item.Rate == "" {
		return nil
	}
	run := int64(0)
	for id, other := range l.items {
		number := id.number()
		later := number > entry && l.reversed[number] == 0 && (run == 0 || number < run)
		if later && other.Rate == item.Rate && other.payment() == item.payment() && slices.ContainsFunc(other.Parts, func(p Part) bool { return p.For == e.For }) {
			run = number
		}
	}
	if run != 0 {
		return refuse(RuleReversalOvertaken, "take that run back first (ReverseEntry), and run it again afterwards", "%s of %s was raised for %s anew, by entry %d: taking back entry %d would raise it twice",
			e.Pence, item.payment().beneficiary.Bare(), e.For, run, entry).figure("raised twice", e.Pence)
	}
	return nil
}

// checkLastRecovered refuses where a later recovery of the same charge stands: it gave back what comes before it, and the
// next one would give that back again.
func (l *Ledger) checkLastRecovered(was Recorded, e RecoveryRaised) error {
	item, f := l.items[e.Item], l.funds[e.Fund]
	if f.closed != "" || e.Draws[0].Account == Lapsed {
		return nil // whatever is recovered from now on lapses
	}
	charge := item.Charges[e.Charge-1]
	before := item.recovered[e.Charge-1] - e.Pence
	if again := f.giveBack(charge, before, e, moment{effective: was.Effective}); !slices.Equal(again, e.Draws) {
		return refuse(RuleReversalOvertaken, "take the later recovery back first (ReverseEntry)", "%s was recovered from item %s after entry %d, and returned to where it was charged before",
			before, e.Item, was.Number).figure("recovered", before)
	}
	return nil
}

// number is that of the event that opened the item.
func (id ItemID) number() int64 {
	event, _, _ := strings.Cut(string(id), ".")
	number, _ := strconv.ParseInt(event, 10, 64)
	return number
}

// reverse undoes what an entry made known beside its postings and items.
func (l *Ledger) reverse(r Recorded, e EntryReversed) {
	set(&l.reversed, e.Entry, r.Number)
	switch was := e.Was.Event.(type) {
	case SpendRecorded:
		delete(l.spends, e.Entry)
	case EntitlementRun:
		for _, item := range ItemsOpened(Recorded{Stamp{Number: e.Entry}, Fact{Event: was}}) {
			for _, part := range item.Parts {
				l.raised[item.payment()][part.For] -= part.Pence
				l.unstand(item.payment(), part.For, e.Entry)
			}
		}
	case EntitlementAdjusted:
		l.reverseAdjustment(e.Entry, was)
	case ClaimApproved:
		claim := l.claims[was.Claim]
		claim.approved = nil
		for _, line := range was.Lines {
			l.reimburse(claim, line, -line.Pence)
		}
	case RecoveryRaised:
		l.reverseRecovery(was)
		if item := l.items[was.Item]; item.Rate != "" {
			l.unstand(item.payment(), was.For, e.Entry)
		}
	}
	l.reverseRuns(e)
}

func (c ReplaceEntry) decide(l *Ledger, m moment) (Event, error) {
	if _, reversed := l.reversed[c.Entry]; !reversed {
		return nil, refuse(RuleEntryStands, "reverse it first (ReverseEntry)", "entry %d is not reversed: nothing can take its place", c.Entry)
	}
	if by, replaced := l.replaced[c.Entry]; replaced {
		return nil, refuse(RuleEntryReplaced, "correct event "+strconv.FormatInt(by, 10)+" instead (ReverseEntry), or record more by itself",
			"entry %d was replaced by event %d already", c.Entry, by)
	}
	if c.With.Command == nil {
		return nil, refuse(RuleTextMissing, `give it with its data, for example {"command":"RecordSpend","data":{…},"effective":"2019-03-29"}`, "the command that takes the entry's place (with) is missing")
	}
	if kind := KindOf(c.With.Command); !kind.replaces() {
		return nil, refuse(RuleReplacement, "give that command by itself", "%s does not take the place of an entry: only what a recorder records of money does", kind.Name)
	}
	return EntryReplaced{Entry: c.Entry, By: m.Number + 1}, nil
}

// replaces says that a command can take the place of an entry: a recorder's that moves money, and that of a payment run,
// which will. A reversal stands by itself.
func (kind CommandKind) replaces() bool {
	if kind.Name == "ReverseEntry" || !slices.Contains(kind.Roles, RoleRecorder) {
		return false
	}
	return kind.Money || kind.Name == "ProposePaymentRun"
}

// replacement decides the command that takes an entry's place, as the event after EntryReplaced. It is a correction: a
// softly closed period takes it.
func (l *Ledger) replacement(c ReplaceEntry, m moment) ([]Fact, error) {
	kind := KindOf(c.With.Command)
	again, err := l.moment(kind.monthEnd(), c.With.Command, c.With.Effective, m.Stamp, m.look)
	if err != nil {
		return nil, err
	}
	again.Number, again.approving, again.holds = m.Number+1, m.approving, m.holds
	return l.consider(c.With.Command, again)
}

// dated fixes the day of a replacement that gives none, so that it stays the same until it is approved.
func (c ReplaceEntry) dated(facts []Fact) ReplaceEntry {
	c.With.Effective = facts[len(facts)-1].Effective
	return c
}
