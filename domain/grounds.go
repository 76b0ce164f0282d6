package domain

// A Grounds is all that payments are worked out on: bodies and which practice belongs to which network when, lists,
// quantities, rates, roles and who is in them. It holds no money. A [Ledger] decides on one, and whoever wants to show how
// a figure came about folds another, up to the event before it, with [Grounds.Apply].
type Grounds struct {
	registry   registry
	lists      []listState
	quantities map[quantityKey][]quantityFrom // the earliest recorded first

	rates         map[rateKey][]rateVersion // the earliest recorded first
	roles         map[Person][]engagement   // the earliest first
	baselines     map[baselineKey]RoleBaselineSet
	redistributed map[sumKey]Pence // what a network's sum was given by others, or gave
}

// Apply records what an event says of the grounds, and whether it says anything of them. Like [Ledger.Apply] it checks
// nothing and cannot fail; of what goes on from a fact that history does not have, it records what can be known.
func (b *Grounds) Apply(r Recorded) bool {
	switch e := r.Event.(type) {
	case LedgerCreated:
		b.registry.register(BodyRegistered{Body: e.Commissioner, Kind: KindCommissioner, Name: e.Name})
	case BodyRegistered:
		b.registry.register(e)
	case BodySucceeded:
		b.registry.succeed(e)
	case MembershipRecorded:
		b.registry.enrol(e)
	case PayeeNominated:
		b.registry.nominate(e)
	case ListSizesRecorded:
		b.recordList(r.Number, e)
	case QuantityRecorded:
		b.recordQuantity(r.Number, e)
	case RateCardAdopted:
		b.adoptRates(r.Number, e)
	case RateRevised:
		b.changeRate(r.Number, e.RateChange, false)
	case RateOverridden:
		b.changeRate(r.Number, e.RateChange, true)
	case RoleEngaged:
		b.engage(e)
	case RoleChanged:
		b.changeRole(e)
	case RoleEnded:
		b.endRole(e)
	case RoleBaselineSet:
		set(&b.baselines, baselineKey{e.Network, e.Role}, e)
	case UnclaimedRedistributed:
		b.redistribute(e)
	default:
		return false
	}
	return true
}
