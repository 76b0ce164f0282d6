package domain

import "fmt"

// A Ledger is the state that decisions are taken on: folded from events by [Ledger.Apply], asked by [Ledger.Decide]. It
// keeps only what deciding needs; figures for people belong to the projections. The zero Ledger is the empty ledger.
type Ledger struct {
	Grounds

	created  bool
	key      VerifierKey // that signs commits; none in a ledger that has not begun to sign
	funds    map[FundCode]*fundState
	items    map[ItemID]*itemState
	progress progress

	raised     map[raisedKey]map[Service]Pence   // by month, less what was recovered
	footings   map[raisedKey]map[Service][]stood // what each month stood on after each entry that stands and raised, adjusted or recovered some of it
	claims     map[int64]*claimState             // by number
	claimsOf   map[Person][]int64                // the first submitted first
	reimbursed map[sumKey]Pence                  // approved and not recovered

	officers      officers
	adoptedPolicy *Policy // nil while that which is shipped is in force
	interests     []Interest
	requests      map[int64]*request // by number
	waiting       []int64            // the requests that are not decided
	worth         map[worthKey]Pence // what officers caused, by kind of act

	periods  periods
	accrued  []accrual             // the earliest first
	runs     map[int64]*runState   // of payments, by number
	spends   map[int64]*spendState // by number
	reversed map[int64]int64       // entries, and the event that reversed each
	replaced map[int64]int64       // entries, and the event that took the place of each
}

// CreateLedger asks that a ledger begin.
type CreateLedger struct {
	Ledger       string     `json:"ledger"`
	Commissioner Body       `json:"commissioner"`
	Name         string     `json:"name,omitzero"` // the commissioner's
	Kind         LedgerKind `json:"kind"`
}

// LedgerCreated is event 1 of every ledger.
type LedgerCreated struct {
	Ledger       string     `json:"ledger"`
	Commissioner Body       `json:"commissioner"`
	Name         string     `json:"name,omitzero"`
	Kind         LedgerKind `json:"kind"`
}

// A LedgerKind says whether a ledger keeps real money or an example.
type LedgerKind string

// The kinds of ledger. Only a demo takes actors and times from a script, and all it prints says so.
const (
	KindLive LedgerKind = "live"
	KindDemo LedgerKind = "demo"
)

// UnmarshalText refuses anything but live and demo.
func (k *LedgerKind) UnmarshalText(text []byte) error {
	if *k = LedgerKind(text); *k != KindLive && *k != KindDemo {
		return fmt.Errorf("a ledger is live or demo, not %q", text)
	}
	return nil
}

func (c CreateLedger) decide(l *Ledger, _ moment) (Event, error) {
	if l.created {
		return nil, refuse(RuleLedgerExists, "open it as it is, or choose another name with --ledger",
			"this ledger exists already")
	}
	if c.Ledger == "" || c.Commissioner == "" || c.Kind == "" {
		return nil, refuse(RuleTextMissing, "give all three, for example oxfordshire, ods:10Q and live",
			"the ledger's name, commissioner or kind is missing")
	}
	return LedgerCreated(c), nil
}

// A moment is when a command is decided: the stamp, and for money commands the effective date and its period.
type moment struct {
	Stamp
	asked     Date // the effective date that the command gives
	effective Date
	period    Period
	look      Lookup
	holds     holds // what other requests have reserved
	approving int64 // the request that is approved; 0 if none
}

// today is the London date of recording.
func (m moment) today() Date { return DateIn(m.Time) }

// A Lookup returns what is recorded under a number. Corrections are decided upon the entry that they name, which a state
// does not keep.
type Lookup func(number int64) (Recorded, bool)

// Decide returns the facts that c causes, as they are to be recorded, or a [*Refusal] if a rule forbids it, or
// [ErrUnchanged] if it would change nothing. Effective is the command's effective date; zero means the London date of
// recording. It does not change l. A command that needs a second person causes a RequestHeld.
func (l *Ledger) Decide(c Command, effective Date, at Stamp) ([]Recorded, error) {
	return l.DecideWith(c, effective, at, nil)
}

// DecideWith decides as [Ledger.Decide] does, and looks entries up that a command names to have them corrected.
func (l *Ledger) DecideWith(c Command, effective Date, at Stamp, look Lookup) ([]Recorded, error) {
	m, err := l.moment(KindOf(c), c, effective, at, look)
	if err != nil {
		return nil, err
	}
	if _, creates := c.(CreateLedger); !creates && !l.created {
		return nil, refuse(RuleLedgerMissing, "create it with: pcnledger init", "there is no ledger yet")
	}
	m.holds = l.holdsBut(0, m.today())
	facts, err := l.consider(c, m)
	if err != nil {
		return nil, err
	}
	if facts, err = l.authorise(c, facts, m); err != nil {
		return nil, err
	}
	return recordedAs(facts, at), nil
}

// Foresee returns what c would cause if whoever gives it needed nobody else: what a request that would be held asks for. It
// does not say that it may be given.
func (l *Ledger) Foresee(c Command, effective Date, at Stamp, look Lookup) ([]Recorded, error) {
	m, err := l.moment(KindOf(c), c, effective, at, look)
	if err != nil {
		return nil, err
	}
	m.holds = l.holdsBut(0, m.today())
	facts, err := l.consider(c, m)
	return recordedAs(facts, at), err
}

// recordedAs stamps facts one after another.
func recordedAs(facts []Fact, at Stamp) []Recorded {
	recorded := make([]Recorded, len(facts))
	for i, f := range facts {
		stamp := at
		stamp.Number += int64(i)
		stamp.RaisedBy, stamp.ApprovedBy, stamp.Request = f.raised, f.approved, f.request
		f.raised, f.approved, f.request = "", "", ""
		recorded[i] = Recorded{stamp, f}
	}
	return recorded
}

// consider returns the facts that a command would cause, whoever asks.
func (l *Ledger) consider(c Command, m moment) ([]Fact, error) {
	e, err := c.decide(l, m)
	if err != nil {
		return nil, err
	}
	facts := []Fact{{Event: e, Effective: m.effective, Period: m.period}}
	var more []Fact
	switch c := c.(type) {
	case Approve:
		more, err = l.reconsider(c.Request, l.requests[c.Request], m)
	case ReplaceEntry:
		more, err = l.replacement(c, m)
	}
	return append(facts, more...), err
}

// moment fixes the effective date and the period of a command.
func (l *Ledger) moment(kind CommandKind, c Command, effective Date, at Stamp, look Lookup) (moment, error) {
	m := moment{Stamp: at, asked: effective, look: look}
	if !kind.Money {
		if effective != "" {
			return m, refuse(RuleEffectiveNotTaken, "leave it out; put the date where the command's data asks for one",
				"%s moves no money and takes no effective date", kind.Name)
		}
		return m, nil
	}
	var err error
	m.effective, m.period, err = l.periods.place(c, kind, effective, m.today())
	return m, err
}

// Apply records that r happened. It checks nothing and cannot fail: a fact is not open to question, even if today's
// rules would not allow it.
func (l *Ledger) Apply(r Recorded) {
	ofGrounds := l.Grounds.Apply(r)
	switch e := r.Event.(type) {
	case LedgerCreated:
		l.created = true
	case KeyRotated:
		l.key = e.Key
	case FundOpened:
		l.openFund(e)
	case FundClosed:
		l.funds[e.Fund].closed = r.Effective
	case BudgetSet:
		l.funds[e.Fund].budget = e.Months
	case ClaimSubmitted:
		l.submitClaim(r, e)
	case UpliftClaimed:
		l.claimUplift(r, e)
	case ClaimRejected:
		l.claims[e.Claim].rejected = true
	case ClaimApproved:
		l.approveClaim(e)
	case EntitlementRun:
		l.applyEntitlement(r.Number, e)
	case EntitlementAdjusted:
		l.applyAdjustment(r.Number, e)
	case RecoveryRaised:
		l.applyRecovery(e)
		l.noteRecovery(r.Number, e)
	case FrameworkAdopted:
		l.progress.adopt(e)
	case MaturityAssessed:
		l.progress.assess(e)
	case MilestoneRecorded:
		l.progress.milestone(e)
	case TargetSet:
		l.progress.target(e)
	case NarrativeSubmitted:
		l.progress.narrate(e)
	case SpendRecorded:
		l.noteSpend(r, e)
	case PaymentSettled:
		l.settleRuns(e)
	case FundingConfirmed, FundAllocated, AllocationMoved, FundsReleased, AdvanceCalledBack,
		ReceiptRecorded, AccrualPosted, JournalPosted, BalancesOpened, ReceivableWrittenOff:
		// Their postings and items, below, are all that deciding needs of them.
	default:
		if !ofGrounds {
			l.applyControl(r)
		}
	}
	l.periods.begin(r)
	accrual, _ := r.Event.(AccrualPosted)
	postings := Postings(r)
	for _, p := range postings {
		l.funds[p.Fund].post(p, accrual.Reverses != "")
	}
	l.periods.post(&r, postings)
	l.applyItems(r)
	l.applyAccruals(r)
	if r.RaisedBy != "" {
		l.noteWorth(ParseHand(r.RaisedBy), r.Event)
	}
}

// applyControl records what became of officers, requests, periods, payments and corrections.
func (l *Ledger) applyControl(r Recorded) {
	switch e := r.Event.(type) {
	case OfficerAppointed:
		l.officers.appoint(r.Number, e.Appointment)
	case AppointmentEnded:
		l.officers.end(e)
	case PolicyAdopted:
		l.adoptedPolicy = &e.Policy
	case InterestDeclared:
		l.interests = append(l.interests, e.Interest)
	case RequestHeld:
		l.hold(r, e)
	case RequestApproved:
		l.endRequest(e.Request)
	case RequestRefused:
		l.endRequest(e.Request)
	case RequestWithdrawn:
		l.endRequest(e.Request)
	case PeriodClosed:
		l.periods.close(e)
	case PeriodReopened:
		l.periods.reopen(e)
	case ClaimQueried:
		l.claims[e.Claim].queried, l.claims[e.Claim].question = true, e.Question
	case ClaimVerified:
		l.verifyClaim(r, e)
	case SpendVerified:
		l.spends[e.Spend].verifiedBy = r.hands()
		l.spends[e.Spend].verified = true
	case PaymentRunProposed:
		l.proposeRun(r, e)
	case PaymentRunReleased:
		l.releaseRun(r, e)
	case PaymentFailed:
		l.failPayments(e)
	case EntryReversed:
		l.reverse(r, e)
	case EntryReplaced:
		set(&l.replaced, e.Entry, e.By)
	default:
		panic("an event that Apply does not name")
	}
}
