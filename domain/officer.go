package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// An OfficerID names an officer without saying who it is: officer-7, or finance-manager. Names of people stand nowhere in
// the ledger.
type OfficerID string

var officerForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// UnmarshalText refuses what cannot be an officer's id; empty text is nobody.
func (o *OfficerID) UnmarshalText(text []byte) error {
	if len(text) > 0 && !officerForm.Match(text) {
		return fmt.Errorf("%q is no id for an officer: use 2 to 40 small letters, digits and hyphens, such as officer-7", text)
	}
	*o = OfficerID(text)
	return nil
}

// A Role is what an officer is appointed to do.
type Role string

// The roles. An administrator appoints and does nothing else; an auditor looks and does nothing.
const (
	RoleRecorder      Role = "recorder"
	RoleVerifier      Role = "verifier"
	RoleApprover      Role = "approver"
	RoleReleaser      Role = "payment releaser"
	RoleAdministrator Role = "administrator"
	RoleAuditor       Role = "auditor"
)

// Roles lists every role.
func Roles() []Role {
	return []Role{RoleRecorder, RoleVerifier, RoleApprover, RoleReleaser, RoleAdministrator, RoleAuditor}
}

// UnmarshalText refuses what is no role.
func (r *Role) UnmarshalText(text []byte) error {
	if !slices.Contains(Roles(), Role(text)) {
		return fmt.Errorf("%q is no role: recorder, verifier, approver, payment releaser, administrator or auditor", text)
	}
	*r = Role(text)
	return nil
}

// standsAlone says that a role is held with no other: who decides on limits does not use them, who checks does not act.
func (r Role) standsAlone() bool { return r == RoleAdministrator || r == RoleAuditor }

// An Identity is how an officer is recognised: by the operating-system login, or by what a sign-in says.
type Identity struct {
	Login   string `json:"login,omitzero"`
	Issuer  string `json:"issuer,omitzero"`
	Subject string `json:"subject,omitzero"`
}

// String prints an identity as refusals name it.
func (i Identity) String() string {
	if i.Login != "" {
		return "login " + i.Login
	}
	return i.Subject + " of " + i.Issuer
}

// A Scope says for what an appointment holds. What it leaves out it does not limit.
type Scope struct {
	Funds    []FundCode `json:"funds,omitzero"`
	Networks []Body     `json:"networks,omitzero"`
	Commands []string   `json:"commands,omitzero"`
}

// An Appointment gives an officer a role: from a day to a day, for some funds, networks and commands, up to a limit.
type Appointment struct {
	Officer OfficerID `json:"officer"`
	Identity
	Role     Role      `json:"role"`
	Grade    string    `json:"grade,omitzero"` // of the policy in force, which bounds the limit
	Limit    Pence     `json:"limit,omitzero"` // what the officer may do or approve; none = no money alone
	Scope    Scope     `json:"scope,omitzero"`
	From     Date      `json:"from"`
	To       Date      `json:"to,omitzero"`       // last day, inclusive
	DeputyOf OfficerID `json:"deputyof,omitzero"` // acts in that officer's stead, never beyond that officer's own powers
	Source   Source    `json:"source"`            // the minute or letter that appoints
}

// AppointOfficer asks that an officer have a role. The first officer is an administrator, and appoints one more; from then
// on it needs two administrators.
type AppointOfficer struct{ Appointment }

// OfficerAppointed says that an officer has a role. The appointment goes by the number of this event.
type OfficerAppointed struct{ Appointment }

// EndAppointment asks that an appointment end.
type EndAppointment struct {
	Appointment int64  `json:"appointment"`
	To          Date   `json:"to"` // last day, inclusive
	Reason      string `json:"reason"`
}

// AppointmentEnded says on which day an appointment ends.
type AppointmentEnded struct {
	Appointment int64     `json:"appointment"`
	Officer     OfficerID `json:"officer"`
	To          Date      `json:"to"`
	Reason      string    `json:"reason"`
}

// A Hand is who acted: an officer, and the officer in whose stead. It is written officer-7, or officer-7 for officer-3.
type Hand struct{ Officer, For OfficerID }

const inStead = " for "

// String writes a hand as events carry it.
func (h Hand) String() string {
	if h.For == "" {
		return string(h.Officer)
	}
	return string(h.Officer) + inStead + string(h.For)
}

// ParseHand reads what [Hand.String] wrote; of empty text it is nobody.
func ParseHand(text string) Hand {
	officer, principal, _ := strings.Cut(text, inStead)
	return Hand{OfficerID(officer), OfficerID(principal)}
}

// meets says that two hands have an officer in common.
func (h Hand) meets(other Hand) bool {
	for _, o := range h.officers() {
		if slices.Contains(other.officers(), o) {
			return true
		}
	}
	return false
}

func (h Hand) officers() []OfficerID {
	var all []OfficerID
	for _, o := range []OfficerID{h.Officer, h.For} {
		if o != "" {
			all = append(all, o)
		}
	}
	return all
}

// hands are those in an event: who raised it, and who approved it.
func (s Stamp) hands() []Hand {
	var all []Hand
	for _, text := range []string{s.RaisedBy, s.ApprovedBy} {
		if text != "" {
			all = append(all, ParseHand(text))
		}
	}
	return all
}

// appointment is an appointment as it stands.
type appointment struct {
	Appointment
	number int64
}

// covers says that the appointment is in force on a day.
func (a *appointment) covers(d Date) bool { return a.From <= d && (a.To == "" || d <= a.To) }

// overlaps says that the appointment has a day in common with another time.
func (a *appointment) overlaps(from, to Date) bool {
	return (to == "" || a.From <= to) && (a.To == "" || from <= a.To)
}

// officers is who may do what.
type officers struct {
	known        []OfficerID            // in the order of their first appointment
	identities   map[Identity]OfficerID // every one that was ever given: none is given to another officer
	superseded   map[Identity]bool      // those in whose place another was given: nobody acts under them
	appointments []*appointment         // in the order of their numbers
	of           map[OfficerID][]*appointment
}

// governed says that officers are appointed: until then whoever can open the ledger may record.
func (o *officers) governed() bool { return len(o.known) > 0 }

func (o *officers) appoint(number int64, a Appointment) {
	if !slices.Contains(o.known, a.Officer) {
		o.known = append(o.known, a.Officer)
	}
	if a.Identity != (Identity{}) {
		o.identify(a.Officer, a.Identity)
	}
	made := &appointment{a, number}
	o.appointments = append(o.appointments, made)
	set(&o.of, a.Officer, append(o.of[a.Officer], made))
}

// identify gives an officer an identity in the place of the login, or the sign-in, that it had: whoever leaves a post does
// not go on acting under its name.
func (o *officers) identify(officer OfficerID, given Identity) {
	for known, whose := range o.identities {
		if whose == officer && known != given && (known.Login == "") == (given.Login == "") {
			set(&o.superseded, known, true)
		}
	}
	delete(o.superseded, given)
	set(&o.identities, given, officer)
}

// knownAs says that an officer acts under an identity already, or that none is given.
func (o *officers) knownAs(officer OfficerID, i Identity) bool {
	return i == (Identity{}) || o.identities[i] == officer && !o.superseded[i]
}

func (o *officers) end(e AppointmentEnded) { o.numbered(e.Appointment).To = e.To }

// numbered returns the appointment with a number, or nil.
func (o *officers) numbered(number int64) *appointment {
	for _, a := range o.appointments {
		if a.number == number {
			return a
		}
	}
	return nil
}

// acting returns the officer whose identity a stamp has.
func (o *officers) acting(s Stamp) (OfficerID, error) {
	i := identityOf(s)
	officer, ok := o.identities[i]
	if !ok {
		return "", refuse(RuleOfficerUnknown, "have an administrator appoint the officer (AppointOfficer), or use the login that was appointed",
			"nobody is appointed under %s", i)
	}
	if o.superseded[i] {
		return "", refuse(RuleOfficerUnknown, "use the one that was given since, or have an administrator appoint the officer anew (AppointOfficer)",
			"%s is not what %s acts under any more", i, officer)
	}
	return officer, nil
}

// identityOf reads the identity out of a stamp: the actor is a login, or, once people sign in, subject and issuer.
func identityOf(s Stamp) Identity {
	if s.Auth != AuthOIDC {
		return Identity{Login: s.Actor}
	}
	subject, issuer, _ := strings.Cut(s.Actor, " of ")
	return Identity{Issuer: issuer, Subject: subject}
}

// administrators counts the officers who may appoint on a day and go on doing so, without one appointment.
func (o *officers) administrators(d Date, except int64) int {
	var who []OfficerID
	for _, a := range o.appointments {
		if a.Role == RoleAdministrator && a.From <= d && a.To == "" && a.number != except && !slices.Contains(who, a.Officer) {
			who = append(who, a.Officer)
		}
	}
	return len(who)
}

func (c AppointOfficer) decide(l *Ledger, m moment) (Event, error) {
	o := &l.officers
	if c.Officer == "" || c.Role == "" || c.From == "" {
		return nil, refuse(RuleTextMissing, `give all three, such as "officer-7", "approver" and "2019-04-01"`, "the officer, the role or the first day is missing")
	}
	if acting, err := o.acting(m.Stamp); err == nil && acting == c.Officer && len(o.known) > 1 {
		return nil, refuse(RuleAppointOneself, "have another administrator do it", "%s cannot have a hand in its own appointment", acting)
	}
	if err := checkText(c.Source.Title, "the source's title", `"minute 14 of the governing body"`); err != nil {
		return nil, err
	}
	if c.To != "" && c.To < c.From {
		return nil, refuse(RuleAppointmentDates, "correct the days", "the appointment ends on %s, before it begins on %s", c.To, c.From)
	}
	if err := o.checkIdentity(c.Appointment); err != nil {
		return nil, err
	}
	if err := o.checkFirst(c.Appointment, m.today()); err != nil {
		return nil, err
	}
	for _, a := range o.of[c.Officer] {
		same := a.Appointment
		same.Identity, same.Source = c.Identity, c.Source
		if equalAppointments(same, c.Appointment) && o.knownAs(c.Officer, c.Identity) {
			return nil, ErrUnchanged
		}
	}
	if err := o.checkAlone(c.Appointment); err != nil {
		return nil, err
	}
	if err := l.checkScope(c.Scope); err != nil {
		return nil, err
	}
	if err := o.checkDeputy(c.Appointment); err != nil {
		return nil, err
	}
	return OfficerAppointed(c), l.policy().checkLimit(c.Appointment)
}

func equalAppointments(a, b Appointment) bool {
	return a.Officer == b.Officer && a.Role == b.Role && a.Grade == b.Grade && a.Limit == b.Limit && a.From == b.From && a.To == b.To &&
		a.DeputyOf == b.DeputyOf && slices.Equal(a.Scope.Funds, b.Scope.Funds) && slices.Equal(a.Scope.Networks, b.Scope.Networks) &&
		slices.Equal(a.Scope.Commands, b.Scope.Commands)
}

// checkIdentity refuses an identity that is half given, or another officer's, and a first appointment without one.
func (o *officers) checkIdentity(a Appointment) error {
	i := a.Identity
	if i.Login != "" && (i.Issuer != "" || i.Subject != "") || (i.Issuer == "") != (i.Subject == "") {
		return refuse(RuleOfficerIdentity, "give a login, or an issuer and a subject", "%s is given an identity that is neither a login nor a sign-in", a.Officer)
	}
	if i == (Identity{}) {
		if !slices.Contains(o.known, a.Officer) {
			return refuse(RuleOfficerIdentity, "give the officer's login", "%s is new and has no login", a.Officer)
		}
		return nil
	}
	if other, taken := o.identities[i]; taken && other != a.Officer {
		return refuse(RuleOfficerIdentity, "one person is one officer: appoint "+string(other)+", or give the officer's own login", "%s is %s already, and cannot be %s as well",
			i, other, a.Officer)
	}
	return nil
}

// checkFirst refuses to begin with anyone but two administrators, who begin at once: until they do nobody could be appointed.
func (o *officers) checkFirst(a Appointment, today Date) error {
	if len(o.known) > 1 {
		return nil
	}
	if a.Role == RoleAdministrator && (len(o.known) == 0 || a.Officer != o.known[0]) {
		if a.From > today {
			return refuse(RuleAdministratorFirst, "have it begin on "+today.String()+" or earlier", "%s would be one of the first two administrators and begin on %s only; until then nobody could be appointed",
				a.Officer, a.From)
		}
		return nil
	}
	if len(o.known) == 0 {
		return refuse(RuleAdministratorFirst, "appoint an administrator first", "%s would be the first officer and is no administrator", a.Officer)
	}
	return refuse(RuleAdministratorFirst, "appoint a second administrator first: from then on the two of them appoint", "%s is the only officer, and nobody could approve what it appoints",
		o.known[0])
}

// checkAlone refuses an administrator or auditor who does anything else.
func (o *officers) checkAlone(a Appointment) error {
	if a.Role.standsAlone() && (a.Limit != 0 || a.DeputyOf != "" || a.Scope.Funds != nil || a.Scope.Networks != nil || a.Scope.Commands != nil) {
		return refuse(RuleRoleAlone, "leave limit, scope and deputyof out", "an %s has neither limit nor scope, and is nobody's deputy", a.Role)
	}
	if a.Role == RoleAdministrator && a.To != "" {
		return refuse(RuleRoleAlone, "leave the last day out; an administrator's appointment is ended (EndAppointment) when another is there", "the appointment of an administrator has no last day")
	}
	for _, other := range o.of[a.Officer] {
		if other.Role != a.Role && (a.Role.standsAlone() || other.Role.standsAlone()) && other.overlaps(a.From, a.To) {
			return refuse(RuleRoleAlone, "appoint another officer, or end the other appointment first (EndAppointment)", "%s is %s from %s%s and cannot be %s as well",
				a.Officer, other.Role, other.From, until(other.To), a.Role)
		}
	}
	return nil
}

// checkScope refuses a scope that names what is not there.
func (l *Ledger) checkScope(s Scope) error {
	for _, code := range s.Funds {
		if _, err := l.fund(code); err != nil {
			return err
		}
	}
	for _, network := range s.Networks {
		if err := l.registry.knownAs(network, "the network", KindNetwork, KindArea); err != nil {
			return err
		}
	}
	for _, name := range s.Commands {
		if _, ok := CommandNamed(name); !ok {
			return refuse(RulePolicy, "use names of commands, such as AllocateFund", "%q is no command", name)
		}
	}
	return nil
}

// checkDeputy refuses a deputy of oneself, or with more power than the officer in whose stead it acts.
func (o *officers) checkDeputy(a Appointment) error {
	if a.DeputyOf == "" {
		return nil
	}
	if a.DeputyOf == a.Officer {
		return refuse(RuleDeputy, "name another officer", "%s cannot be its own deputy", a.Officer)
	}
	most, has := Pence(0), false
	for _, principal := range o.of[a.DeputyOf] {
		if principal.Role == a.Role && principal.DeputyOf == "" && principal.overlaps(a.From, a.To) {
			most, has = max(most, principal.Limit), true
		}
	}
	switch {
	case has && a.Limit <= most:
		return nil
	case has:
		return refuse(RuleDeputy, "give at most that limit", "%s may do %s as %s; its deputy cannot do %s", a.DeputyOf, most, a.Role, a.Limit).
			figure("limit", most).figure("asked", a.Limit)
	}
	return refuse(RuleDeputy, "check officer, role and days: pcnledger show officers", "%s is not %s at that time and can have no deputy for it", a.DeputyOf, a.Role)
}

func (c EndAppointment) decide(l *Ledger, m moment) (Event, error) {
	a := l.officers.numbered(c.Appointment)
	if a == nil {
		return nil, refuse(RuleAppointmentUnknown, "look for it: pcnledger show officers", "event %d is no appointment", c.Appointment)
	}
	if err := checkText(c.Reason, "the reason", `"left the CCG"`); err != nil {
		return nil, err
	}
	if a.To == c.To && c.To != "" {
		return nil, ErrUnchanged
	}
	if c.To < a.From || a.To != "" && c.To > a.To {
		return nil, refuse(RuleAppointmentDates, "give a last day within it; to lengthen it appoint anew (AppointOfficer)", "appointment %d of %s runs from %s%s; it cannot end on %q",
			a.number, a.Officer, a.From, until(a.To), string(c.To))
	}
	if a.Role == RoleAdministrator && l.officers.administrators(m.today(), a.number) < 2 {
		return nil, refuse(RuleAdministratorFirst, "appoint another administrator first", "without %s fewer than two administrators are left, and nobody could be appointed", a.Officer)
	}
	return AppointmentEnded{c.Appointment, a.Officer, c.To, c.Reason}, nil
}

// Officers returns how many officers were ever appointed. Until there is one, whoever can open the ledger may record.
func (l *Ledger) Officers() int { return len(l.officers.known) }

// OfficerOf returns the officer whose identity a stamp has, or none.
func (l *Ledger) OfficerOf(s Stamp) OfficerID { return l.officers.identities[identityOf(s)] }
