package domain

import (
	"slices"
	"strings"
)

// How an actor proved who it is.
const (
	AuthDemo  = "demo"     // a script said so; only in a demo
	AuthLogin = "os-login" // the operating system's login
	AuthOIDC  = "oidc"     // signed in
)

// A Policy says how this commissioner controls its ledger, beyond what the ledger always asks for.
type Policy struct {
	Title     string   `json:"title"`
	TwoPeople []string `json:"twopeople,omitzero"` // commands that need two people whatever their amount
	Grades    []Grade  `json:"grades,omitzero"`    // the most that an officer of each may be appointed to
	Proofs    []Proof  `json:"proofs,omitzero"`    // commands that need a sign-in
	Expiry    int      `json:"expiry"`             // days after which a request that nobody approved lapses
	Source    Source   `json:"source"`
}

// A Grade is a rank of officers and the most that one may be appointed to do alone.
type Grade struct {
	Grade string `json:"grade"`
	Limit Pence  `json:"limit"`
}

// A Proof is how an officer has to prove who it is for a command.
type Proof struct {
	Command string `json:"command"`
	Auth    string `json:"auth"` // os-login or oidc
}

// AdoptPolicy asks that a policy be in force from now on. It always needs two people.
type AdoptPolicy struct{ Policy }

// PolicyAdopted says which policy is in force.
type PolicyAdopted struct{ Policy }

// shippedPolicy is in force until another is adopted. Its limits are one CCG's, as an example: NHS Southampton City CCG,
// Primary Care Decision Making Framework, where the value is that over a contract's lifetime.
var shippedPolicy = Policy{
	Title:     "as shipped; limits by the example of one CCG",
	TwoPeople: []string{"AllocateFund", "MoveAllocation", "NominatePayee", "AdoptRateCard", "ReviseRate"},
	Grades: []Grade{
		{"senior manager band 8", 50_000_00},
		{"associate director", 75_000_00},
		{"other director", 1_000_000_00},
		{"chief officer", 15_000_000_00},
	},
	Expiry: 28,
	Source: Source{
		Title: "NHS Southampton City CCG, Primary Care Decision Making Framework",
		Note:  "one CCG's limits, shipped as an example: adopt the commissioner's own (AdoptPolicy)",
	},
}

// policy returns the policy in force.
func (l *Ledger) policy() Policy {
	if l.adoptedPolicy == nil {
		return shippedPolicy
	}
	return *l.adoptedPolicy
}

// ShippedPolicy returns the policy that is in force until another is adopted.
func ShippedPolicy() Policy { return shippedPolicy }

func (c AdoptPolicy) decide(l *Ledger, m moment) (Event, error) {
	if err := checkText(c.Title, "the policy's title", `"scheme of delegation of 1 April 2019"`); err != nil {
		return nil, err
	}
	if err := checkText(c.Source.Title, "the source's title", `"governing body paper 19/07"`); err != nil {
		return nil, err
	}
	if c.Expiry < 1 || c.Expiry > 366 {
		return nil, refuse(RulePolicy, "give expiry: 1 to 366 days", "a request would lapse after %d days", c.Expiry)
	}
	for _, name := range c.TwoPeople {
		if err := checkHeldAtAll(name); err != nil {
			return nil, err
		}
	}
	for _, p := range c.Proofs {
		if _, ok := CommandNamed(p.Command); !ok || p.Auth != AuthLogin && p.Auth != AuthOIDC {
			return nil, refuse(RulePolicy, "name a command, and os-login or oidc", "%q for %q is no proof of identity that can be asked for", p.Auth, p.Command)
		}
	}
	if err := l.officers.checkLockedOut(c.Policy, m.today()); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, g := range c.Grades {
		if g.Grade == "" || seen[g.Grade] || g.Limit < 0 || g.Limit > MostPence {
			return nil, refuse(RulePolicy, "name each grade once, with a limit", "grade %q stands twice, or has no name or no limit", g.Grade)
		}
		seen[g.Grade] = true
	}
	if equalPolicies(l.policy(), c.Policy) {
		return nil, ErrUnchanged
	}
	return PolicyAdopted(c), nil
}

// checkHeldAtAll refuses to have a command wait for a second person that never can: what decides on requests, and what the
// programme itself gives.
func checkHeldAtAll(name string) error {
	kind, ok := CommandNamed(name)
	if !ok {
		return refuse(RulePolicy, "use names of commands, such as AllocateFund", "%q is no command", name)
	}
	if kind.Shell || name == "Approve" || name == "Refuse" || name == "Withdraw" {
		return refuse(RulePolicy, "leave it out", "%s cannot wait for a second person", name)
	}
	return nil
}

func equalPolicies(a, b Policy) bool {
	return a.Title == b.Title && a.Expiry == b.Expiry && a.Source == b.Source && slices.Equal(a.TwoPeople, b.TwoPeople) &&
		slices.Equal(a.Grades, b.Grades) && slices.Equal(a.Proofs, b.Proofs)
}

// checkLimit refuses a limit above that of the officer's grade.
func (p Policy) checkLimit(a Appointment) error {
	if a.Limit < 0 || a.Limit > MostPence {
		return checkAmount(a.Limit, "the limit")
	}
	if a.Limit == 0 && a.Grade == "" {
		return nil
	}
	var names []string
	for _, g := range p.Grades {
		if g.Grade == a.Grade {
			if a.Limit <= g.Limit {
				return nil
			}
			return refuse(RuleGrade, "appoint within the grade, or adopt another policy (AdoptPolicy)", "an officer of grade %q may be appointed up to %s; %s was asked",
				a.Grade, g.Limit, a.Limit).figure("grade", g.Limit).figure("asked", a.Limit)
		}
		names = append(names, g.Grade)
	}
	if len(names) == 0 {
		return nil
	}
	return refuse(RuleGrade, "name one of: "+strings.Join(names, ", "), "%q is no grade of the policy in force (%s)", a.Grade, p.Title)
}

// bound is what an appointment allows under the policy: never more than its grade, where the policy knows the grade. A
// policy that lowers a grade binds those who were appointed before.
func (p Policy) bound(a *appointment) Pence {
	for _, g := range p.Grades {
		if g.Grade == a.Grade {
			return min(a.Limit, g.Limit)
		}
	}
	return a.Limit
}

// checkProof refuses an officer who proved who it is in a weaker way than the policy asks for.
func (p Policy) checkProof(kinds []CommandKind, auth string) error {
	if auth == AuthOIDC || auth == AuthDemo {
		return nil
	}
	for _, kind := range kinds {
		if slices.Contains(p.Proofs, Proof{kind.Name, AuthOIDC}) {
			return refuse(RuleProof, "sign in, or have the policy changed (AdoptPolicy)", "%s needs an officer who is signed in; this one is known by the operating-system login only", kind.Name)
		}
	}
	return nil
}

// governing are the commands without which a ledger's officers and policy could never be changed again.
var governing = []string{"AppointOfficer", "EndAppointment", "AdoptPolicy", "Approve"}

// checkLockedOut refuses a policy under which fewer than two administrators could still act.
func (o *officers) checkLockedOut(p Policy, d Date) error {
	for _, name := range governing {
		if able := o.administratorsSignedIn(d); slices.Contains(p.Proofs, Proof{name, AuthOIDC}) && able < 2 {
			return refuse(RulePolicy, "appoint two administrators with an issuer and a subject first (AppointOfficer)",
				"%s would need a sign-in, and %d of the administrators can sign in: nobody could change it back", name, able)
		}
	}
	return nil
}

// administratorsSignedIn counts the administrators on a day who are known by a sign-in.
func (o *officers) administratorsSignedIn(d Date) (n int) {
	for _, officer := range o.known {
		signs := false
		for identity, of := range o.identities {
			signs = signs || of == officer && identity.Issuer != "" && !o.superseded[identity]
		}
		if signs && slices.ContainsFunc(o.of[officer], func(a *appointment) bool { return a.Role == RoleAdministrator && a.covers(d) }) {
			n++
		}
	}
	return n
}
