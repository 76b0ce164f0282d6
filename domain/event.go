package domain

import (
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"time"
)

// An Event is a fact about the ledger, named in the past tense. It is never changed or deleted; a mistake is put right
// by a further event. The set is closed: see [EventKindNamed].
type Event interface {
	// Subject says what the event is about: fund/NR-PCN-2018, body/local:OCA.
	Subject() string
}

// A Stamp is who, when, how that was proved, and the next number. It comes from the shell, never from a command.
type Stamp struct {
	Number int64
	Time   time.Time
	Actor  string
	Auth   string // demo or os-login

	// Once officers are appointed: whose hands the event went through, as [Hand.String] writes them, and the number of the
	// request that was approved.
	Request, RaisedBy, ApprovedBy string
}

// A Fact is what a command caused. Effective and Period stand on events that move money.
type Fact struct {
	Event     Event
	Effective Date
	Period    Period

	raised, approved, request string // whose hands it went through, until it is stamped
}

// Recorded is a fact in the log.
type Recorded struct {
	Stamp
	Fact
}

// An EventKind is an event's name and version on the wire and how its data is decoded.
type EventKind struct {
	Name    string
	Version int
	Decode  func(decode func(any) error) (Event, error)

	goType reflect.Type
}

// The names and versions are the wire's. A version that was ever stored stays in this table.
var eventKinds = []EventKind{
	event[LedgerCreated]("LedgerCreated", 1),
	event[KeyRotated]("KeyRotated", 1),
	event[OfficerAppointed]("OfficerAppointed", 1),
	event[AppointmentEnded]("AppointmentEnded", 1),
	event[PolicyAdopted]("PolicyAdopted", 1),
	event[InterestDeclared]("InterestDeclared", 1),
	event[RequestHeld]("RequestHeld", 1),
	event[RequestApproved]("RequestApproved", 1),
	event[RequestRefused]("RequestRefused", 1),
	event[RequestWithdrawn]("RequestWithdrawn", 1),
	event[BodyRegistered]("BodyRegistered", 1),
	event[BodySucceeded]("BodySucceeded", 1),
	event[MembershipRecorded]("MembershipRecorded", 1),
	event[ListSizesRecorded]("ListSizesRecorded", 1),
	event[PayeeNominated]("PayeeNominated", 1),
	event[RateCardAdopted]("RateCardAdopted", 1),
	event[FundOpened]("FundOpened", 1),
	event[BudgetSet]("BudgetSet", 1),
	event[FundingConfirmed]("FundingConfirmed", 1),
	event[FundAllocated]("FundAllocated", 1),
	event[AllocationMoved]("AllocationMoved", 1),
	event[FundsReleased]("FundsReleased", 1),
	event[SpendRecorded]("SpendRecorded", 1),
	event[AdvanceCalledBack]("AdvanceCalledBack", 1),
	event[EntitlementRun]("EntitlementRun", 1),
	event[RoleEngaged]("RoleEngaged", 1),
	event[RoleEnded]("RoleEnded", 1),
	event[ClaimSubmitted]("ClaimSubmitted", 1),
	event[ClaimApproved]("ClaimApproved", 1),
	event[ClaimRejected]("ClaimRejected", 1),
	event[RecoveryRaised]("RecoveryRaised", 1),
	event[PaymentSettled]("PaymentSettled", 1),
	event[ReceiptRecorded]("ReceiptRecorded", 1),
	event[FundClosed]("FundClosed", 1),
	event[BalancesOpened]("BalancesOpened", 1),
	event[SpendVerified]("SpendVerified", 1),
	event[ClaimQueried]("ClaimQueried", 1),
	event[ClaimVerified]("ClaimVerified", 1),
	event[PaymentRunProposed]("PaymentRunProposed", 1),
	event[PaymentRunReleased]("PaymentRunReleased", 1),
	event[PaymentFailed]("PaymentFailed", 1),
	event[ReceivableWrittenOff]("ReceivableWrittenOff", 1),
	event[AccrualPosted]("AccrualPosted", 1),
	event[JournalPosted]("JournalPosted", 1),
	event[EntryReversed]("EntryReversed", 1),
	event[EntryReplaced]("EntryReplaced", 1),
	event[PeriodClosed]("PeriodClosed", 1),
	event[PeriodReopened]("PeriodReopened", 1),
	event[QuantityRecorded]("QuantityRecorded", 1),
	event[RateRevised]("RateRevised", 1),
	event[RateOverridden]("RateOverridden", 1),
	event[EntitlementAdjusted]("EntitlementAdjusted", 1),
	event[RoleBaselineSet]("RoleBaselineSet", 1),
	event[RoleChanged]("RoleChanged", 1),
	event[UnclaimedRedistributed]("UnclaimedRedistributed", 1),
	event[UpliftClaimed]("UpliftClaimed", 1),
	event[FrameworkAdopted]("FrameworkAdopted", 1),
	event[MaturityAssessed]("MaturityAssessed", 1),
	event[TargetSet]("TargetSet", 1),
	event[MilestoneRecorded]("MilestoneRecorded", 1),
	event[NarrativeSubmitted]("NarrativeSubmitted", 1),
}

func event[E Event](name string, version int) EventKind {
	return EventKind{
		Name:    name,
		Version: version,
		goType:  reflect.TypeFor[E](),
		Decode: func(decode func(any) error) (Event, error) {
			var e E
			err := decode(&e)
			return e, err
		},
	}
}

// Events lists every kind of event, every version ever stored among them.
func Events() []EventKind { return eventKinds }

// EventKindNamed returns the kind with that name and version on the wire. An event that nobody knows is an error, never
// passed over: it may have moved money.
func EventKindNamed(name string, version int) (EventKind, error) {
	for _, kind := range eventKinds {
		if kind.Name == name && kind.Version == version {
			return kind, nil
		}
	}
	return EventKind{}, fmt.Errorf("event %s version %d is not known to this version of pcnledger: use a newer one", name, version)
}

// EventKindOf returns the kind of an event.
func EventKindOf(e Event) EventKind {
	at, known := eventKindsByType()[reflect.TypeOf(e)]
	if !known {
		panic("an event that is not in the table of kinds: " + reflect.TypeOf(e).String())
	}
	return eventKinds[at]
}

// eventKindsByType says where in the table each type stands.
var eventKindsByType = sync.OnceValue(func() map[reflect.Type]int {
	types := make(map[reflect.Type]int, len(eventKinds))
	for i, kind := range eventKinds {
		if _, older := types[kind.goType]; !older {
			types[kind.goType] = i
		}
	}
	return types
})

func (e LedgerCreated) Subject() string      { return "ledger/" + e.Ledger }
func (e KeyRotated) Subject() string         { return "key/" + e.Key.ID() }
func (e BodyRegistered) Subject() string     { return "body/" + string(e.Body) }
func (e BodySucceeded) Subject() string      { return "body/" + string(e.Body) }
func (e MembershipRecorded) Subject() string { return "body/" + string(e.Network) }
func (e ListSizesRecorded) Subject() string  { return "lists/" + string(e.Population) }
func (e PayeeNominated) Subject() string     { return "body/" + string(e.Network) }
func (e RateCardAdopted) Subject() string    { return "rates/" + string(e.Year) }
func (e BudgetSet) Subject() string          { return e.Fund.subject() }
func (e EntitlementRun) Subject() string     { return e.Fund.subject() }
func (e RoleEngaged) Subject() string        { return "role/" + string(e.Person) }
func (e RoleEnded) Subject() string          { return "role/" + string(e.Person) }
func (e ClaimSubmitted) Subject() string     { return "claim/" + string(e.Network) }
func (e ClaimApproved) Subject() string      { return "claim/" + strconv.FormatInt(e.Claim, 10) }
func (e ClaimRejected) Subject() string      { return "claim/" + strconv.FormatInt(e.Claim, 10) }
func (e RecoveryRaised) Subject() string     { return "item/" + string(e.Item) }
func (e FundOpened) Subject() string         { return e.Fund.subject() }
func (e FundingConfirmed) Subject() string   { return e.Fund.subject() }
func (e FundAllocated) Subject() string      { return e.Fund.subject() }
func (e AllocationMoved) Subject() string    { return e.Fund.subject() }
func (e FundsReleased) Subject() string      { return e.Fund.subject() }
func (e SpendRecorded) Subject() string      { return e.Fund.subject() }
func (e AdvanceCalledBack) Subject() string  { return e.Fund.subject() }
func (e PaymentSettled) Subject() string     { return "payment/" + e.Reference }
func (e ReceiptRecorded) Subject() string    { return "receipt/" + e.Reference }
func (e FundClosed) Subject() string         { return e.Fund.subject() }
func (e FrameworkAdopted) Subject() string   { return "framework/" + e.Code }
func (e MaturityAssessed) Subject() string   { return "body/" + string(e.Network) }
func (e TargetSet) Subject() string          { return "body/" + string(e.Network) }
func (e MilestoneRecorded) Subject() string  { return "body/" + string(e.Network) }
func (e NarrativeSubmitted) Subject() string { return e.Fund.subject() }

func (e QuantityRecorded) Subject() string       { return "quantity/" + string(e.Measure) }
func (e RateRevised) Subject() string            { return "rates/" + string(e.Year) }
func (e RateOverridden) Subject() string         { return "rates/" + string(e.Year) }
func (e EntitlementAdjusted) Subject() string    { return e.Fund.subject() }
func (e RoleBaselineSet) Subject() string        { return "body/" + string(e.Network) }
func (e RoleChanged) Subject() string            { return "role/" + string(e.Person) }
func (e UnclaimedRedistributed) Subject() string { return "rates/" + string(e.Year) }
func (e UpliftClaimed) Subject() string          { return "claim/" + string(e.Network) }

func (e OfficerAppointed) Subject() string     { return "officer/" + string(e.Officer) }
func (e AppointmentEnded) Subject() string     { return "officer/" + string(e.Officer) }
func (e PolicyAdopted) Subject() string        { return "policy/" + e.Title }
func (e InterestDeclared) Subject() string     { return "officer/" + string(e.Officer) }
func (e BalancesOpened) Subject() string       { return "journal/" + e.Source.Title }
func (e SpendVerified) Subject() string        { return "spend/" + strconv.FormatInt(e.Spend, 10) }
func (e ClaimQueried) Subject() string         { return "claim/" + strconv.FormatInt(e.Claim, 10) }
func (e ClaimVerified) Subject() string        { return "claim/" + strconv.FormatInt(e.Claim, 10) }
func (e PaymentRunProposed) Subject() string   { return "payment/" + e.Reference }
func (e PaymentRunReleased) Subject() string   { return "payment/" + e.Reference }
func (e PaymentFailed) Subject() string        { return "run/" + strconv.FormatInt(e.Run, 10) }
func (e ReceivableWrittenOff) Subject() string { return "item/" + string(e.Item) }
func (e AccrualPosted) Subject() string        { return "journal/" + e.Reason }
func (e JournalPosted) Subject() string        { return "journal/" + e.Reason }
func (e EntryReversed) Subject() string        { return "entry/" + strconv.FormatInt(e.Entry, 10) }
func (e EntryReplaced) Subject() string        { return "entry/" + strconv.FormatInt(e.Entry, 10) }
func (e PeriodClosed) Subject() string         { return "period/" + string(e.Period) }
func (e PeriodReopened) Subject() string       { return "period/" + string(e.Period) }

func (c FundCode) subject() string { return "fund/" + string(c) }

// WarningsOf returns what was out of the ordinary when an event was decided, as it stands in the event.
func WarningsOf(e Event) []string {
	switch e := e.(type) {
	case FundAllocated:
		return e.Warnings
	case FundsReleased:
		return e.Warnings
	case SpendRecorded:
		return e.Warnings
	case AdvanceCalledBack:
		return e.Warnings
	case FundClosed:
		return e.Warnings
	case EntitlementRun:
		return e.Warnings
	case ClaimApproved:
		return e.Warnings
	case RequestHeld:
		return e.Warnings
	case AccrualPosted:
		return e.Warnings
	case JournalPosted:
		return e.Warnings
	case PeriodClosed:
		return e.Warnings
	case ReceivableWrittenOff:
		return e.Warnings
	case EntitlementAdjusted:
		return e.Warnings
	case RoleEngaged:
		return e.Warnings
	case RoleChanged:
		return e.Warnings
	}
	return nil
}
