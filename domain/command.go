package domain

import "reflect"

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

	goType reflect.Type
}

// The names are the wire's: a renamed type keeps its name here.
var commandKinds = []CommandKind{
	shellCommand[CreateLedger]("CreateLedger"),
	shellCommand[RotateKey]("RotateKey"),
	command[RegisterBody]("RegisterBody"),
	command[SucceedBody]("SucceedBody"),
	command[RecordMembership]("RecordMembership"),
	command[RecordListSizes]("RecordListSizes"),
	command[NominatePayee]("NominatePayee"),
	command[AdoptRateCard]("AdoptRateCard"),
	command[OpenFund]("OpenFund"),
	command[SetBudget]("SetBudget"),
	moneyCommand[ConfirmFunding]("ConfirmFunding"),
	moneyCommand[AllocateFund]("AllocateFund"),
	moneyCommand[MoveAllocation]("MoveAllocation"),
	moneyCommand[ReleaseFunds]("ReleaseFunds"),
	moneyCommand[RecordSpend]("RecordSpend"),
	moneyCommand[ReturnAdvance]("ReturnAdvance"),
	moneyCommand[RunEntitlement]("RunEntitlement"),
	command[EngageRole]("EngageRole"),
	command[EndRole]("EndRole"),
	command[SubmitClaim]("SubmitClaim"),
	moneyCommand[ApproveClaim]("ApproveClaim"),
	command[RejectClaim]("RejectClaim"),
	moneyCommand[RaiseRecovery]("RaiseRecovery"),
	moneyCommand[SettlePayment]("SettlePayment"),
	moneyCommand[RecordReceipt]("RecordReceipt"),
	moneyCommand[CloseFund]("CloseFund"),
	command[AdoptFramework]("AdoptFramework"),
	command[AssessMaturity]("AssessMaturity"),
	command[SetTarget]("SetTarget"),
	command[RecordMilestone]("RecordMilestone"),
	command[SubmitNarrative]("SubmitNarrative"),
}

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
	for _, kind := range commandKinds {
		if kind.goType == reflect.TypeOf(c) {
			return kind
		}
	}
	panic("a command that is not in the table of kinds: " + reflect.TypeOf(c).String())
}
