package domain

import "fmt"

// A Ledger is the state that decisions are taken on: folded from events by [Ledger.Apply], asked by [Ledger.Decide]. It
// keeps only what deciding needs; figures for people belong to the projections. The zero Ledger is the empty ledger.
type Ledger struct {
	created  bool
	key      VerifierKey // that signs commits; none in a ledger that has not begun to sign
	registry registry
	lists    []listState
	funds    map[FundCode]*fundState
	items    map[ItemID]*itemState
	progress progress

	rates      map[rateKey]Rate
	raised     map[raisedKey]map[Service]Pence // by month, less what was recovered
	roles      map[Person][]engagement         // the earliest first
	claims     map[int64]*claimState           // by number
	claimsOf   map[Person][]int64              // the first submitted first
	reimbursed map[sumKey]Pence                // approved and not recovered
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
	effective Date
	period    Period
}

// today is the London date of recording.
func (m moment) today() Date { return DateIn(m.Time) }

// Decide returns the facts that c causes, or a [*Refusal] if a rule forbids it, or [ErrUnchanged] if it would change
// nothing. Effective is the command's effective date; zero means the London date of recording. It does not change l.
func (l *Ledger) Decide(c Command, effective Date, at Stamp) ([]Fact, error) {
	m, err := datedMoment(KindOf(c), effective, at)
	if err != nil {
		return nil, err
	}
	if _, creates := c.(CreateLedger); !creates && !l.created {
		return nil, refuse(RuleLedgerMissing, "create it with: pcnledger init", "there is no ledger yet")
	}
	// Whether m.Actor may do this is to be asked here and nowhere else. No scheme of delegation is recorded yet, so
	// whoever the shell lets in may record.
	e, err := c.decide(l, m)
	if err != nil {
		return nil, err
	}
	return []Fact{{Event: e, Effective: m.effective, Period: m.period}}, nil
}

// datedMoment fixes the effective date and the period of a command. Every period that has begun is open.
func datedMoment(kind CommandKind, effective Date, at Stamp) (moment, error) {
	m := moment{Stamp: at}
	if !kind.Money {
		if effective != "" {
			return m, refuse(RuleEffectiveNotTaken, "leave it out; put the date where the command's data asks for one",
				"%s moves no money and takes no effective date", kind.Name)
		}
		return m, nil
	}
	m.effective = effective
	if effective == "" {
		m.effective = m.today()
	}
	m.period = PeriodOf(m.effective)
	if m.period.First() > m.today() {
		return m, refuse(RulePeriodNotBegun, "date it "+m.today().String()+" or earlier, or wait until the period has begun",
			"%s is in period %s, which has not begun on %s", m.effective, m.period, m.today())
	}
	return m, nil
}

// Apply records that r happened. It checks nothing and cannot fail: a fact is not open to question, even if today's
// rules would not allow it.
func (l *Ledger) Apply(r Recorded) {
	switch e := r.Event.(type) {
	case LedgerCreated:
		l.created = true
		l.registry.register(BodyRegistered{Body: e.Commissioner, Kind: KindCommissioner, Name: e.Name})
	case KeyRotated:
		l.key = e.Key
	case BodyRegistered:
		l.registry.register(e)
	case BodySucceeded:
		l.registry.succeed(e)
	case MembershipRecorded:
		l.registry.enrol(e)
	case ListSizesRecorded:
		l.lists = append(l.lists, newListState(r.Number, e))
	case FundOpened:
		l.openFund(e)
	case FundClosed:
		l.funds[e.Fund].closed = r.Effective
	case PayeeNominated:
		l.registry.nominate(e)
	case RateCardAdopted:
		l.adoptRates(e)
	case BudgetSet:
		l.funds[e.Fund].budget = e.Months
	case RoleEngaged:
		l.engage(e)
	case RoleEnded:
		l.endRole(e)
	case ClaimSubmitted:
		l.submitClaim(r.Number, e)
	case ClaimRejected:
		l.claims[e.Claim].rejected = true
	case ClaimApproved:
		l.approveClaim(e)
	case EntitlementRun:
		l.applyEntitlement(e)
	case RecoveryRaised:
		l.applyRecovery(e)
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
	case FundingConfirmed, FundAllocated, AllocationMoved, FundsReleased, SpendRecorded, AdvanceCalledBack,
		PaymentSettled, ReceiptRecorded:
		// Their postings and items, below, are all that deciding needs of them.
	default:
		panic("an event that Apply does not name")
	}
	for _, p := range Postings(r) {
		l.funds[p.Fund].post(p)
	}
	l.applyItems(r)
}
