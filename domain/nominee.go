package domain

import (
	"cmp"
	"slices"
)

// NominatePayee asks to record who is paid for a network, or for an area such as an alliance of networks, from a day on, until another is nominated.
type NominatePayee struct {
	Network Body   `json:"network"`
	Payee   Body   `json:"payee"`
	From    Date   `json:"from"`
	Source  Source `json:"source"`
}

// PayeeNominated says who is paid for a network from a day on.
type PayeeNominated struct {
	Network Body   `json:"network"`
	Payee   Body   `json:"payee"`
	From    Date   `json:"from"`
	Source  Source `json:"source"`
}

// nomination is who is paid from a day on.
type nomination struct {
	from  Date
	payee Body
}

func (c NominatePayee) decide(l *Ledger, _ moment) (Event, error) {
	if err := l.registry.knownAs(c.Network, "the network", KindNetwork, KindArea); err != nil {
		return nil, err
	}
	if err := l.registry.knownAs(c.Payee, "the payee", KindPractice, KindFederation, KindTrust, KindCompany, KindCharity, KindNetwork); err != nil {
		return nil, err
	}
	if c.From == "" {
		return nil, refuse(RuleTextMissing, "give the first day (from)", "the day from which the payee is nominated is missing")
	}
	if err := checkText(c.Source.Title, "the source's title", `"network agreement, schedule 1"`); err != nil {
		return nil, err
	}
	if err := l.registry.checkNominee(c.Payee, c.From); err != nil {
		return nil, err
	}
	for _, n := range l.registry.nominations[c.Network] {
		if n.from != c.From {
			continue
		}
		if n.payee == c.Payee {
			return nil, ErrUnchanged
		}
		return nil, refuse(RulePayeeTwice, "nominate it from a later day", "%s has nominated %s from %s already", c.Network.Bare(), n.payee.Bare(), c.From)
	}
	return PayeeNominated(c), nil
}

func (r *registry) nominate(e PayeeNominated) {
	all := append(slices.Clip(r.nominations[e.Network]), nomination{e.From, e.Payee})
	slices.SortFunc(all, func(a, b nomination) int { return cmp.Compare(a.from, b.from) })
	set(&r.nominations, e.Network, all)
}

// checkNominee refuses to pay a body that others have succeeded, or a practice that is in no network, on a day.
func (r *registry) checkNominee(payee Body, d Date) error {
	if r.bodies[payee].kind == KindPractice && r.networkOf(payee, d) == "" {
		return refuse(RulePayeeNoMember, "nominate a member practice (NominatePayee), or record its membership first (RecordMembership)",
			"%s belongs to no network on %s and is paid nothing for one", payee.Bare(), d)
	}
	return r.current(payee, "the nominated payee", d)
}

// nominee returns who is paid for a network on a day, or refuses to pay for it.
func (r *registry) nominee(network Body, d Date) (Body, error) {
	var payee Body
	for _, n := range r.nominations[network] {
		if n.from <= d {
			payee = n.payee
		}
	}
	if payee == "" {
		return "", refuse(RulePayeeMissing, "nominate one first (NominatePayee)", "%s has no nominated payee on %s", network.Bare(), d)
	}
	return payee, r.checkNominee(payee, d)
}
