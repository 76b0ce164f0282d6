package projections

import (
	"slices"

	"pcnledger/domain"
)

// Officers holds who may do what: the officers, their appointments and interests, and the policies in force.
type Officers struct {
	officers     []Officer
	appointments []Appointment
	policies     []Policy
	interests    []Interest
}

// An Officer is known by an id; names of people stand nowhere in the ledger.
type Officer struct {
	ID         domain.OfficerID
	First      int64             // number of the first appointment
	Identities []domain.Identity // in the order they were given
}

// An Appointment is an officer's role as it stands: To is the last day, inclusive, also where it was ended early.
type Appointment struct {
	Number int64 // of the event that appointed
	domain.Appointment
	Hands
	Ended   int64  `json:",omitzero"` // number of the event that ended it; 0 if none did
	EndedBy Hands  `json:",omitzero"`
	Reason  string `json:",omitzero"` // why it was ended
}

// InForce says whether the appointment holds on a day.
func (a Appointment) InForce(on domain.Date) bool { return holds(a.From, a.To, on) }

// A Policy is one that was adopted.
type Policy struct {
	Number  int64       // of the event that adopted it
	Adopted domain.Date // London date of that event
	domain.Policy
	Hands
}

// An Interest is a declaration. It takes the place of an earlier one about the same body while it holds.
type Interest struct {
	Number int64 // of the event that declared it
	domain.Interest
	Recorded string // by which officer; a [domain.Hand]
}

// InForce says whether the interest is there on a day.
func (i Interest) InForce(on domain.Date) bool { return holds(i.From, i.To, on) }

func holds(from, to, on domain.Date) bool { return from <= on && (to == "" || on <= to) }

func (o *Officers) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.OfficerAppointed:
		o.appoint(r, e.Appointment)
	case domain.AppointmentEnded:
		if a := o.numbered(e.Appointment); a != nil {
			a.To, a.Ended, a.EndedBy, a.Reason = e.To, r.Number, handsIn(r), e.Reason
		}
	case domain.PolicyAdopted:
		o.policies = append(o.policies, Policy{r.Number, domain.DateIn(r.Time), e.Policy, handsIn(r)})
	case domain.InterestDeclared:
		o.interests = append(o.interests, Interest{r.Number, e.Interest, r.RaisedBy})
	}
}

// handsIn returns the hands that an event went through.
func handsIn(r *record) Hands { return Hands{r.RaisedBy, r.ApprovedBy} }

func (o *Officers) appoint(r *record, a domain.Appointment) {
	o.appointments = append(o.appointments, Appointment{Number: r.Number, Appointment: a, Hands: handsIn(r)})
	at := slices.IndexFunc(o.officers, func(known Officer) bool { return known.ID == a.Officer })
	if at < 0 {
		at = len(o.officers)
		o.officers = append(o.officers, Officer{ID: a.Officer, First: r.Number})
	}
	officer := &o.officers[at]
	if a.Identity != (domain.Identity{}) && !slices.Contains(officer.Identities, a.Identity) {
		officer.Identities = append(officer.Identities, a.Identity)
	}
}

func (o *Officers) numbered(number int64) *Appointment {
	at := slices.IndexFunc(o.appointments, func(a Appointment) bool { return a.Number == number })
	if at < 0 {
		return nil
	}
	return &o.appointments[at]
}

// All returns every officer in the order of their first appointment.
func (o *Officers) All() []Officer { return slices.Clone(o.officers) }

// Officer returns one officer.
func (o *Officers) Officer(id domain.OfficerID) (officer Officer, ok bool) {
	at := slices.IndexFunc(o.officers, func(known Officer) bool { return known.ID == id })
	if at < 0 {
		return Officer{}, false
	}
	return o.officers[at], true
}

// Appointments returns every appointment in the order of recording.
func (o *Officers) Appointments() []Appointment { return slices.Clone(o.appointments) }

// Appointment returns the appointment that an event made.
func (o *Officers) Appointment(number int64) (a Appointment, ok bool) {
	if known := o.numbered(number); known != nil {
		return *known, true
	}
	return Appointment{}, false
}

// InForce returns the appointments that hold on a day.
func (o *Officers) InForce(on domain.Date) []Appointment {
	return slices.DeleteFunc(o.Appointments(), func(a Appointment) bool { return !a.InForce(on) })
}

// Policies returns every policy that was adopted, in the order of adoption.
func (o *Officers) Policies() []Policy { return slices.Clone(o.policies) }

// Policy returns the policy in force: the one adopted last, or the one that is shipped, with number 0.
func (o *Officers) Policy() Policy {
	if n := len(o.policies); n > 0 {
		return o.policies[n-1]
	}
	return Policy{Policy: domain.ShippedPolicy()}
}

// Interests returns every declaration in the order of recording.
func (o *Officers) Interests() []Interest { return slices.Clone(o.interests) }

// InterestsInForce returns the declarations that count on a day: of each officer about each body the last that had begun
// then, unless it has ended. One that has ended leaves none in force that it took the place of.
func (o *Officers) InterestsInForce(on domain.Date) []Interest {
	var last []Interest
	for _, i := range o.interests {
		if i.From > on {
			continue
		}
		last = slices.DeleteFunc(last, func(before Interest) bool { return before.Officer == i.Officer && before.Body == i.Body })
		last = append(last, i)
	}
	return slices.DeleteFunc(last, func(i Interest) bool { return !i.InForce(on) })
}
