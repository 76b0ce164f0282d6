package domain

import (
	"reflect"
	"sync"
)

// A Command asks the ledger for something, named in the imperative. The set is closed: see [Commands].
type Command interface {
	// decide returns the event that the command causes, a *Refusal, or ErrUnchanged. It does not change l.
	decide(l *Ledger, m moment) (Event, error)
}

// A CommandKind is a command's name on the wire, whether it moves money and so takes an effective date, and how its
// data is decoded: Decode hands decode a pointer to fill.
type CommandKind struct {
	Name   string
	Money  bool
	Shell  bool // only the programme itself gives it: it comes with files or keys that no command can hold
	Decode func(decode func(any) error) (Command, error)

	Roles     []Role // in which it may be given; none = any officer
	TwoPeople bool   // it always needs a second person
	Decides   bool   // it is deciding, not preparing: see [Interest]
	MonthEnd  bool   // a softly closed period takes it

	goType reflect.Type
}

// The names are the wire's: a renamed type keeps its name here. Beside each stand the roles in which it may be given.
var commandKinds = []CommandKind{
	shellCommand[CreateLedger]("CreateLedger"),
	shellCommand[RotateKey]("RotateKey").by(RoleAdministrator),

	command[AppointOfficer]("AppointOfficer").by(RoleAdministrator).twoPeople(),
	command[EndAppointment]("EndAppointment").by(RoleAdministrator),
	command[AdoptPolicy]("AdoptPolicy").by(RoleAdministrator).twoPeople(),
	command[DeclareInterest]("DeclareInterest"),
	command[Approve]("Approve"),
	command[Refuse]("Refuse"),
	command[Withdraw]("Withdraw"),

	command[RegisterBody]("RegisterBody").by(RoleRecorder),
	command[SucceedBody]("SucceedBody").by(RoleRecorder),
	command[RecordMembership]("RecordMembership").by(RoleRecorder),
	command[RecordListSizes]("RecordListSizes").by(RoleRecorder),
	command[RecordQuantity]("RecordQuantity").by(RoleRecorder),
	command[NominatePayee]("NominatePayee").by(RoleRecorder),
	command[AdoptRateCard]("AdoptRateCard").by(RoleRecorder),
	command[ReviseRate]("ReviseRate").by(RoleRecorder),
	command[OverrideRate]("OverrideRate").by(RoleRecorder).twoPeople(),
	command[OpenFund]("OpenFund").by(RoleRecorder),
	command[SetBudget]("SetBudget").by(RoleRecorder),
	moneyCommand[OpenBalances]("OpenBalances").by(RoleRecorder).twoPeople(),
	moneyCommand[ConfirmFunding]("ConfirmFunding").by(RoleRecorder),
	moneyCommand[AllocateFund]("AllocateFund").by(RoleRecorder),
	moneyCommand[MoveAllocation]("MoveAllocation").by(RoleRecorder),
	moneyCommand[ReleaseFunds]("ReleaseFunds").by(RoleRecorder),
	moneyCommand[RecordSpend]("RecordSpend").by(RoleRecorder),
	command[VerifySpend]("VerifySpend").by(RoleVerifier),
	moneyCommand[ReturnAdvance]("ReturnAdvance").by(RoleRecorder),
	moneyCommand[RunEntitlement]("RunEntitlement").by(RoleRecorder),
	moneyCommand[AdjustEntitlement]("AdjustEntitlement").by(RoleRecorder),
	command[SetRoleBaseline]("SetRoleBaseline").by(RoleRecorder),
	command[EngageRole]("EngageRole").by(RoleRecorder),
	command[ChangeRole]("ChangeRole").by(RoleRecorder),
	command[EndRole]("EndRole").by(RoleRecorder),
	command[RedistributeUnclaimed]("RedistributeUnclaimed").by(RoleRecorder).twoPeople(),
	command[SubmitClaim]("SubmitClaim").by(RoleRecorder),
	command[ClaimUplift]("ClaimUplift").by(RoleRecorder),
	command[QueryClaim]("QueryClaim").by(RoleVerifier, RoleApprover),
	command[VerifyClaim]("VerifyClaim").by(RoleVerifier),
	moneyCommand[ApproveClaim]("ApproveClaim").by(RoleApprover).deciding(),
	command[RejectClaim]("RejectClaim").by(RoleApprover, RoleVerifier).deciding(),
	moneyCommand[RaiseRecovery]("RaiseRecovery").by(RoleRecorder),
	command[ProposePaymentRun]("ProposePaymentRun").by(RoleRecorder).twoPeople(),
	moneyCommand[ReleasePaymentRun]("ReleasePaymentRun").by(RoleReleaser).deciding(),
	moneyCommand[SettlePayment]("SettlePayment").by(RoleReleaser, RoleRecorder),
	moneyCommand[FailPayment]("FailPayment").by(RoleReleaser, RoleRecorder),
	moneyCommand[RecordReceipt]("RecordReceipt").by(RoleRecorder, RoleReleaser),
	moneyCommand[WriteOff]("WriteOff").by(RoleRecorder).twoPeople(),
	moneyCommand[PostAccrual]("PostAccrual").by(RoleRecorder).monthEnd(),
	moneyCommand[PostJournal]("PostJournal").by(RoleRecorder).twoPeople().monthEnd(),
	moneyCommand[ReverseEntry]("ReverseEntry").by(RoleRecorder).twoPeople().monthEnd(),
	command[ReplaceEntry]("ReplaceEntry").by(RoleRecorder).twoPeople(),
	command[ClosePeriod]("ClosePeriod").by(RoleApprover),
	command[ReopenPeriod]("ReopenPeriod").by(RoleApprover, RoleRecorder).twoPeople(),
	moneyCommand[CloseFund]("CloseFund").by(RoleRecorder),

	command[AdoptFramework]("AdoptFramework").by(RoleRecorder),
	command[AssessMaturity]("AssessMaturity").by(RoleRecorder),
	command[SetTarget]("SetTarget").by(RoleRecorder),
	command[RecordMilestone]("RecordMilestone").by(RoleRecorder),
	command[SubmitNarrative]("SubmitNarrative").by(RoleRecorder),
}

// by says in which roles a command may be given; without it any officer may.
func (kind CommandKind) by(roles ...Role) CommandKind { kind.Roles = roles; return kind }

// twoPeople says that a command always needs a second person.
func (kind CommandKind) twoPeople() CommandKind { kind.TwoPeople = true; return kind }

// deciding says that giving a command is deciding, in which an interest matters more than in preparing.
func (kind CommandKind) deciding() CommandKind { kind.Decides = true; return kind }

// monthEnd says that a command is taken in a period that is softly closed.
func (kind CommandKind) monthEnd() CommandKind { kind.MonthEnd = true; return kind }

func command[C Command](name string) CommandKind {
	return CommandKind{
		Name:   name,
		goType: reflect.TypeFor[C](),
		Decode: func(decode func(any) error) (Command, error) {
			var c C
			err := decode(&c)
			return c, err
		},
	}
}

func moneyCommand[C Command](name string) CommandKind {
	kind := command[C](name)
	kind.Money = true
	return kind
}

func shellCommand[C Command](name string) CommandKind {
	kind := command[C](name)
	kind.Shell = true
	return kind
}

// Commands lists every kind of command, in the order of a ledger's life.
func Commands() []CommandKind { return commandKinds }

// CommandNamed returns the kind with that name on the wire.
func CommandNamed(name string) (kind CommandKind, ok bool) {
	for _, kind := range commandKinds {
		if kind.Name == name {
			return kind, true
		}
	}
	return CommandKind{}, false
}

// KindOf returns the kind of a command.
func KindOf(c Command) CommandKind {
	at, known := commandKindsByType()[reflect.TypeOf(c)]
	if !known {
		panic("a command that is not in the table of kinds: " + reflect.TypeOf(c).String())
	}
	return commandKinds[at]
}

// commandKindsByType says where in the table each type stands.
var commandKindsByType = sync.OnceValue(func() map[reflect.Type]int {
	types := make(map[reflect.Type]int, len(commandKinds))
	for i, kind := range commandKinds {
		types[kind.goType] = i
	}
	return types
})
