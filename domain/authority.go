package domain

import (
	"fmt"
	"slices"
)

// A standing is an appointment in which an officer may act, and how far.
type standing struct {
	appointment *appointment
	hand        Hand
	limit       Pence
}

// standings lists in which appointments an officer may act in one of the roles on a day: its own first, then those in
// another's stead, where that other could act.
func (l *Ledger) standings(officer OfficerID, roles []Role, d Date) []standing {
	var own, stead []standing
	o, policy := &l.officers, l.policy()
	for _, a := range o.of[officer] {
		if !slices.Contains(roles, a.Role) || !a.covers(d) {
			continue
		}
		if a.DeputyOf == "" {
			own = append(own, standing{a, Hand{Officer: officer}, policy.bound(a)})
			continue
		}
		for _, principal := range o.of[a.DeputyOf] {
			if principal.Role == a.Role && principal.DeputyOf == "" && principal.covers(d) {
				both := *a
				both.Scope = both.Scope.within(principal.Scope)
				stead = append(stead, standing{&both, Hand{officer, a.DeputyOf}, min(policy.bound(a), policy.bound(principal))})
			}
		}
	}
	return append(own, stead...)
}

// within narrows a scope by another: each list to what both have.
func (s Scope) within(other Scope) Scope {
	return Scope{both(s.Funds, other.Funds), both(s.Networks, other.Networks), both(s.Commands, other.Commands)}
}

// both is what two lists have in common, where none means all. Two lists with nothing in common leave one that fits nothing.
func both[T ~string](a, b []T) []T {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	var common []T
	for _, x := range a {
		if slices.Contains(b, x) {
			common = append(common, x)
		}
	}
	if common == nil {
		common = []T{""}
	}
	return common
}

// allows says that a scope covers commands and all that they touch.
func (s Scope) allows(kinds []CommandKind, touched reach) bool {
	for _, kind := range kinds {
		if len(s.Commands) > 0 && !slices.Contains(s.Commands, kind.Name) {
			return false
		}
	}
	return coveredBy(s.Funds, touched.funds) && coveredBy(s.Networks, touched.networks)
}

// coveredBy says that a list has all that is touched, where none means no limit. What touches all, which stands as a blank,
// is in no list.
func coveredBy[T ~string](list, touched []T) bool {
	if len(list) == 0 {
		return true
	}
	for _, x := range touched {
		if x == "" || !slices.Contains(list, x) {
			return false
		}
	}
	return true
}

// rolesText names roles as refusals do.
func rolesText(roles []Role) string {
	text := ""
	for i, r := range roles {
		if i > 0 {
			text += " or "
		}
		text += string(r)
	}
	return text
}

// kindsOf lists what a command is: itself, and what is asked for in the place of an entry. What holds for a command holds for
// it there too.
func kindsOf(c Command) []CommandKind {
	kinds := []CommandKind{KindOf(c)}
	if replace, is := c.(ReplaceEntry); is && replace.With.Command != nil {
		kinds = append(kinds, kindsOf(replace.With.Command)...)
	}
	return kinds
}

// rolesFor lists the roles in which a command may be given; one in the place of an entry in the roles it has by itself.
func rolesFor(c Command) []Role {
	kinds := kindsOf(c)
	if roles := kinds[len(kinds)-1].Roles; len(roles) > 0 {
		return roles
	}
	return kinds[0].Roles
}

// decides says that one of them is deciding.
func decides(kinds []CommandKind) bool {
	return slices.ContainsFunc(kinds, func(kind CommandKind) bool { return kind.Decides })
}

// authorise decides whether the acting officer may cause facts: alone, as a request that is held, or not at all. In a
// ledger without officers whoever the shell lets in may record, but nothing that needs two people.
func (l *Ledger) authorise(c Command, facts []Fact, m moment) ([]Fact, error) {
	kind := KindOf(c)
	if !l.officers.governed() {
		if kind.TwoPeople && kind.Name != "AppointOfficer" {
			return nil, refuse(RuleOfficersMissing, "appoint officers first, the first an administrator (AppointOfficer)", "%s needs two people, and this ledger has no officers", kind.Name)
		}
		return facts, nil
	}
	officer, err := l.officers.acting(m.Stamp)
	if err != nil {
		return nil, err
	}
	if err := l.policy().checkProof(kindsOf(c), m.Auth); err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case Approve:
		return l.authoriseApproval(c, facts, officer, m)
	case Refuse:
		return l.authoriseRefusal(c, facts, officer, m)
	}
	fit, err := l.fitting(c, facts, officer, rolesFor(c), m)
	if err != nil {
		return nil, err
	}
	judgements := make([]judgement, len(fit))
	for i, s := range fit {
		judgements[i] = l.judge(s, facts, m.today(), 0)
		if judgements[i].over == nil && !l.needsTwo(kind, c, facts) {
			return stamped(facts, s.hand, Hand{}, 0), nil
		}
	}
	best := judgements[0]
	for _, j := range judgements[1:] {
		if j.limit > best.limit {
			best = j
		}
	}
	return stamped([]Fact{l.heldAs(c, kind, facts, best, m)}, best.hand, Hand{}, 0), nil
}

// stamped notes whose hands facts went through.
func stamped(facts []Fact, raised, approved Hand, request int64) []Fact {
	for i := range facts {
		facts[i].raised, facts[i].approved, facts[i].request = raised.String(), approved.String(), ""
		if request != 0 {
			facts[i].request = fmt.Sprint(request)
		}
	}
	return facts
}

// fitting lists the appointments in which an officer may cause facts, or says why there is none: the role, the scope, a
// separation or an interest.
func (l *Ledger) fitting(c Command, facts []Fact, officer OfficerID, roles []Role, m moment) ([]standing, error) {
	if len(roles) == 0 {
		return l.anyOfficer(officer, m)
	}
	kinds := kindsOf(c)
	all := l.standings(officer, roles, m.today())
	if len(all) == 0 {
		return nil, refuse(RuleRole, "have an officer with that role do it: pcnledger show officers", "%s is not appointed as %s on %s, which %s needs",
			officer, rolesText(roles), m.today(), kinds[len(kinds)-1].Name)
	}
	touched := l.reachOf(facts)
	var fit []standing
	var refused error = touched.refuse(officer, kinds[0])
	for _, s := range all {
		if !s.appointment.Scope.allows(kinds, touched) {
			continue
		}
		if err := l.separate(c, facts, s.hand); err != nil {
			refused = err
			continue
		}
		if err := l.checkInterests(s.hand, l.bodiesOf(facts), decides(kinds), m.today()); err != nil {
			refused = err
			continue
		}
		fit = append(fit, s)
	}
	if len(fit) == 0 {
		return nil, refused
	}
	return fit, nil
}

// anyOfficer is the appointment in which an officer may do what every officer may; an auditor does nothing.
func (l *Ledger) anyOfficer(officer OfficerID, m moment) ([]standing, error) {
	for _, a := range l.officers.of[officer] {
		if a.covers(m.today()) && a.Role != RoleAuditor {
			return []standing{{a, Hand{Officer: officer}, 0}}, nil
		}
	}
	return nil, refuse(RuleRole, "have an administrator appoint the officer anew (AppointOfficer)", "no appointment of %s is in force on %s but perhaps an auditor's, who looks and does nothing",
		officer, m.today())
}

// A judgement says what an appointment's limit is held against.
type judgement struct {
	standing
	judged []FundPence
	over   *FundPence // the first that is above the limit
}

// judge adds what facts are worth to all that the officer, and the officer in whose stead, caused of the kind before:
// recorded and held, without the request that is being decided. A run of an adopted rate is judged by itself: its payees and
// amounts follow from the rate and the lists. An adjustment is not: networks at a time it would get under any limit.
func (l *Ledger) judge(s standing, facts []Fact, d Date, without int64) judgement {
	j := judgement{standing: s}
	act := actOf(facts)
	for _, w := range worthOf(facts) {
		if act != "EntitlementRun" {
			var before Pence
			for _, officer := range s.hand.officers() {
				before = max(before, l.worth[worthKey{officer, w.Fund, act}]+l.heldWorth(officer, w.Fund, act, d, without))
			}
			w.Pence += before
		}
		j.judged = append(j.judged, w)
		if w.Pence > s.limit && j.over == nil {
			over := w
			j.over = &over
		}
	}
	return j
}

// actOf names what facts do, for limits: the last of them.
func actOf(facts []Fact) string { return EventKindOf(facts[len(facts)-1].Event).Name }

// worthKey is a kind of act of an officer on a fund.
type worthKey struct {
	officer OfficerID
	fund    FundCode
	act     string
}

// noteWorth adds what an officer did to what the officer is judged by.
func (l *Ledger) noteWorth(h Hand, e Event) {
	for _, officer := range h.officers() {
		for _, w := range Worth(e) {
			key := worthKey{officer, w.Fund, EventKindOf(e).Name}
			set(&l.worth, key, l.worth[key]+w.Pence)
		}
	}
}

// heldWorth is what an officer has asked for of the kind, and what waits on a day, without one request.
func (l *Ledger) heldWorth(officer OfficerID, fund FundCode, act string, d Date, without int64) (sum Pence) {
	for _, n := range l.waiting {
		r := l.requests[n]
		if n == without || r.act != act || !r.waits(d) || !slices.Contains(r.hands[0].officers(), officer) {
			continue
		}
		for _, w := range r.worth {
			if w.Fund == fund {
				sum += w.Pence
			}
		}
	}
	return sum
}

// needsTwo says that a command needs two people whatever its amount: always, by the policy, or because it settles payments
// that no run released. Of rates a policy means those that no published source vouches for.
func (l *Ledger) needsTwo(kind CommandKind, c Command, facts []Fact) bool {
	switch c := c.(type) {
	case AppointOfficer:
		return len(l.officers.known) > 1
	case EndAppointment:
		return l.officers.numbered(c.Appointment).Role == RoleAdministrator
	case SettlePayment:
		return !facts[0].Event.(PaymentSettled).ofRuns()
	case ReplaceEntry:
		return true
	case AdoptRateCard, ReviseRate:
		return onOwnWord(facts[0].Event) && slices.Contains(l.policy().TwoPeople, kind.Name)
	}
	return kind.TwoPeople || slices.Contains(neverAlone, kind.Name) || slices.Contains(l.policy().TwoPeople, kind.Name)
}

// neverAlone lists what needs two people in every ledger with officers, whatever its policy says: who raises an allocation
// never approves it, and a virement is an allocation back and again. A ledger without officers takes them from one.
var neverAlone = []string{"AllocateFund", "MoveAllocation"}

// heldAs makes a request of a command that its officer may not carry out alone.
func (l *Ledger) heldAs(c Command, kind CommandKind, facts []Fact, j judgement, m moment) Fact {
	if replace, is := c.(ReplaceEntry); is {
		c = replace.dated(facts)
	}
	e := RequestHeld{
		Asked: Asked{c, m.asked}, Effective: facts[len(facts)-1].Effective, Act: actOf(facts), About: facts[len(facts)-1].Event.Subject(),
		RaisedIn: j.appointment.number, Limit: j.limit, Worth: worthOf(facts), Judged: j.judged, Effect: effectOf(facts, m.Number),
		Expires: m.today().AddDays(l.policy().Expiry),
	}
	e.Digest = digestOf(facts, e.Effect)
	e.Takes, e.Items = takesOf(facts, m.Number)
	e.Why = kind.Name + " needs two people"
	if j.over != nil {
		e.Why = fmt.Sprintf("%s of %s in fund %s is above the limit of %s, %s", kind.Name, j.over.Pence, j.over.Fund, j.hand, j.limit)
	}
	for _, f := range facts {
		e.Warnings = addWarnings(e.Warnings, WarningsOf(f.Event))
	}
	return Fact{Event: e}
}

// authoriseApproval decides whether an officer may approve a request: in the role, within the scope and the limit, and
// not the one who raised it.
func (l *Ledger) authoriseApproval(c Approve, facts []Fact, officer OfficerID, m moment) ([]Fact, error) {
	r := l.requests[c.Request]
	asked := r.command().Command
	if err := l.policy().checkProof(kindsOf(asked), m.Auth); err != nil {
		return nil, err
	}
	// Who raised it may since have done what another has to do.
	if err := l.separate(asked, facts[1:], r.hands[0]); err != nil {
		return nil, err
	}
	s, err := l.approver(c.Request, asked, facts[1:], officer, m)
	if err != nil {
		return nil, err
	}
	approved := facts[0].Event.(RequestApproved)
	approved.ApprovedIn, approved.Limit = s.appointment.number, s.limit
	approved.Judged = l.judge(standing{hand: r.hands[0]}, facts[1:], m.today(), c.Request).judged
	facts[0].Event = approved
	stamped(facts[:1], s.hand, Hand{}, 0)
	stamped(facts[1:], r.hands[0], s.hand, c.Request)
	return facts, nil
}

// approver returns the appointment in which an officer may approve a request, or says why there is none.
func (l *Ledger) approver(number int64, asked Command, facts []Fact, officer OfficerID, m moment) (standing, error) {
	r := l.requests[number]
	roles := approving(asked)
	fit, err := l.fittingApprover(r, asked, facts, officer, roles, m)
	if err != nil {
		return standing{}, err
	}
	// Judged anew: what the request does, and what else was raised, may be more than when it was raised.
	judged := l.judge(standing{hand: r.hands[0]}, facts, m.today(), number).judged
	var over *Refusal
	for _, s := range fit {
		within := true
		for _, j := range judged {
			if roles[0] == RoleApprover && j.Pence > s.limit {
				within = false
				over = refuse(RuleLimit, "have an officer approve it whose limit is at least that: pcnledger show officers",
					"request %d counts for %s in fund %s, with what %s did before; %s may approve up to %s", number, j.Pence, j.Fund, r.hands[0], s.hand, s.limit).
					figure("judged", j.Pence).figure("limit", s.limit)
			}
		}
		if within {
			return s, nil
		}
	}
	return standing{}, over
}

// approving lists the roles in which what is asked for can be approved or refused.
func approving(asked Command) []Role {
	if slices.Contains(KindOf(asked).Roles, RoleAdministrator) {
		return []Role{RoleAdministrator}
	}
	return []Role{RoleApprover}
}

func (l *Ledger) fittingApprover(r *request, asked Command, facts []Fact, officer OfficerID, roles []Role, m moment) ([]standing, error) {
	kinds := kindsOf(asked)
	all := l.standings(officer, roles, m.today())
	if len(all) == 0 {
		return nil, refuse(RuleRole, "have an officer with that role do it: pcnledger show officers", "%s is not appointed as %s on %s, which approving %s needs",
			officer, roles[0], m.today(), kinds[0].Name)
	}
	touched := l.reachOf(facts)
	var refused error = touched.refuse(officer, kinds[0])
	var fit []standing
	for _, s := range all {
		if !s.appointment.Scope.allows(kinds, touched) {
			continue
		}
		if s.hand.meets(r.hands[0]) {
			refused = refuse(RuleSelfApproval, "have another officer approve it", "%s raised this request; %s cannot approve it", r.hands[0], s.hand)
			continue
		}
		if err := l.separate(asked, facts, s.hand); err != nil {
			refused = err
			continue
		}
		if err := l.checkInterests(s.hand, l.bodiesOf(facts), true, m.today()); err != nil {
			refused = err
			continue
		}
		fit = append(fit, s)
	}
	if len(fit) == 0 {
		return nil, refused
	}
	return fit, nil
}

// authoriseRefusal decides whether an officer may refuse a request: who could approve it, whatever the amount.
func (l *Ledger) authoriseRefusal(c Refuse, facts []Fact, officer OfficerID, m moment) ([]Fact, error) {
	r := l.requests[c.Request]
	asked := r.command().Command
	roles, kinds := approving(asked), kindsOf(asked)
	all := l.standings(officer, roles, m.today())
	if len(all) == 0 {
		return nil, refuse(RuleRole, "have an officer with that role do it, or have it withdrawn (Withdraw)", "%s is not appointed as %s on %s, which refusing needs",
			officer, roles[0], m.today())
	}
	touched, bodies := l.aboutRequest(c.Request, r, m)
	var refused error = touched.refuse(officer, kinds[0])
	for _, s := range all {
		if !s.appointment.Scope.allows(kinds, touched) {
			continue
		}
		if s.hand.meets(r.hands[0]) {
			refused = refuse(RuleSelfApproval, "withdraw it (Withdraw)", "%s raised this request and cannot refuse it", r.hands[0])
			continue
		}
		if err := l.checkInterests(s.hand, bodies, true, m.today()); err != nil {
			refused = err
			continue
		}
		return stamped(facts, s.hand, Hand{}, 0), nil
	}
	return nil, refused
}

// aboutRequest is what a request touches and which bodies it is about: as it would be carried out now, or, if it no longer
// can be, as it was shown.
func (l *Ledger) aboutRequest(number int64, r *request, m moment) (touched reach, bodies []Body) {
	if facts, err := l.reconsider(number, r, m); err == nil {
		return l.reachOf(facts), l.bodiesOf(facts)
	}
	for _, line := range r.effect {
		touched.posted(line.Account, line.Fund, line.Beneficiary)
		bodies = append(bodies, line.Payee, line.Beneficiary)
	}
	return touched, bodies
}
