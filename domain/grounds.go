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
func (g *Grounds) Apply(r Recorded) bool {
	switch e := r.Event.(type) {
	case LedgerCreated:
		g.registry.register(BodyRegistered{Body: e.Commissioner, Kind: KindCommissioner, Name: e.Name})
	case BodyRegistered:
		g.registry.register(e)
	case BodySucceeded:
		g.registry.succeed(e)
	case MembershipRecorded:
		g.registry.enrol(e)
	case PayeeNominated:
		g.registry.nominate(e)
	case ListSizesRecorded:
		g.recordList(r.Number, e)
	case QuantityRecorded:
		g.recordQuantity(r.Number, e)
	case RateCardAdopted:
		g.adoptRates(r.Number, e)
	case RateRevised:
		g.changeRate(r.Number, e.RateChange, false)
	case RateOverridden:
		g.changeRate(r.Number, e.RateChange, true)
	case RoleEngaged:
		g.engage(e)
	case RoleChanged:
		g.changeRole(e)
	case RoleEnded:
		g.endRole(e)
	case RoleBaselineSet:
		set(&g.baselines, baselineKey{e.Network, e.Role}, e)
	case UnclaimedRedistributed:
		g.redistribute(e)
	default:
		return false
	}
	return true
}
