package reports

import (
	"fmt"
	"slices"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

// officers is the scheme of delegation: who may do what, up to how much, and what needs two people.
var officers = Definition{
	Name:  "officers",
	Title: "Officers and the scheme of delegation",
	Line:  "who may do what, for what and up to how much; those before; and the policy in force",
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{
				inForceTable(v, o), officerTable(v, o), notInForceTable(v, o), policyTable(v), gradeTable(v), commandTable(v), earlierPolicyTable(v),
			},
			notes: []string{
				"In force is what holds on " + o.dayWords(v) + ". An appointment goes by the number of the event that made it; to is its last day.",
				"A limit is what the officer may do or approve, over all acts of the kind on the same fund; no limit is no money alone. What is above it " +
					"waits for an officer whose limit reaches it. A scope that is blank limits nothing.",
			},
		}
	},
}

const appointFirst = "No officer is appointed: whoever can open this ledger may record alone. Appoint an administrator: pcnledger init " +
	"--commissioner BODY --administrator LOGIN"

var appointmentColumns = columns(of(KindNumber, "appointment"), of(KindText, "officer", "role", "grade"), of(KindMoney, "limit", "bound by its grade to"),
	of(KindText, "scope"), of(KindDate, "from", "to"), of(KindText, "deputy of", "raised by", "approved by"))

func appointmentCells(v *projections.Views, a projections.Appointment) []Cell {
	return []Cell{
		number(a.Number), text(a.Officer), text(a.Role), text(a.Grade), moneyIfAny(a.Limit), boundCell(v, a), text(scopeWords(a.Scope)), date(a.From), date(a.To),
		text(a.DeputyOf), text(a.Raised), text(a.Approved),
	}
}

// boundCell is what the policy in force allows, where that is less than the appointment says: a policy that lowers a grade
// binds those who were appointed before.
func boundCell(v *projections.Views, a projections.Appointment) Cell {
	for _, g := range v.Officers.Policy().Grades {
		if g.Grade == a.Grade && g.Limit < a.Limit {
			return money(g.Limit)
		}
	}
	return nil
}

// scopeWords says for what an appointment holds; nothing where it is for everything.
func scopeWords(s domain.Scope) string {
	var words []string
	if len(s.Funds) > 0 {
		words = append(words, "funds "+joined(s.Funds))
	}
	if len(s.Networks) > 0 {
		words = append(words, "networks "+joined(s.Networks))
	}
	if len(s.Commands) > 0 {
		words = append(words, "commands "+strings.Join(s.Commands, ", "))
	}
	return strings.Join(words, "; ")
}

func joined[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	return strings.Join(words, ", ")
}

func inForceTable(v *projections.Views, o Options) Table {
	t := Table{Name: "in-force", Title: "The scheme of delegation in force", Empty: appointFirst, Columns: appointmentColumns}
	if v.Ledger.Officers > 0 {
		t.Empty = "No appointment is in force. An administrator appoints (AppointOfficer)."
	}
	for _, a := range v.Officers.InForce(o.dayOf(v)) {
		t.rowOf(appointmentCells(v, a))
	}
	t.leaveOut("bound by its grade to")
	return t
}

// officerTable has a row for each way in which an officer is recognised.
func officerTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "officers", Title: "Officers, and how each is known", Empty: appointFirst,
		Columns: columns(of(KindText, "officer", "known by"), of(KindNumber, "since event"), of(KindText, "roles in force")),
	}
	inForce := v.Officers.InForce(o.dayOf(v))
	for _, officer := range v.Officers.All() {
		var known, roles []string
		for _, identity := range officer.Identities {
			known = append(known, identity.String())
		}
		for _, a := range inForce {
			if role := string(a.Role); a.Officer == officer.ID && !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
		t.row(text(officer.ID), text(strings.Join(known, "; ")), number(officer.First), text(strings.Join(roles, ", ")))
	}
	return t
}

// notInForceTable has the appointments that are over, and those that are to begin.
func notInForceTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "before", Title: "Appointments that are not in force", Empty: "Every appointment that was made is in force.",
		Columns: columns(appointmentColumns, of(KindText, "standing"), of(KindNumber, "ended by event"), of(KindText, "ended by", "reason")),
	}
	if v.Ledger.Officers == 0 {
		t.Empty = appointFirst
	}
	day := o.dayOf(v)
	for _, a := range v.Officers.Appointments() {
		if a.InForce(day) {
			continue
		}
		standing := "over"
		if a.From > day {
			standing = "begins later"
		}
		t.rowOf(appointmentCells(v, a), text(standing), number(a.Ended), text(handsWords(a.EndedBy)), text(a.Reason))
	}
	t.leaveOut("bound by its grade to")
	return t
}

// handsWords says through whose hands something went: recorder-1; approved by approver-1.
func handsWords(h projections.Hands) string {
	if h.Approved == "" {
		return h.Raised
	}
	return h.Raised + "; approved by " + h.Approved
}

// A said is a line of a table of words.
type said struct{ what, words string }

func policyTable(v *projections.Views) Table {
	t := Table{
		Name: "policy", Title: "The policy in force", Empty: "No policy is in force. Adopt one (AdoptPolicy).",
		Columns: of(KindText, "what", "says"),
	}
	p := v.Officers.Policy()
	adopted := "none was: as shipped, one CCG's example. Adopt the commissioner's own (AdoptPolicy)"
	if p.Number != 0 {
		adopted = fmt.Sprintf("by event %d on %s", p.Number, p.Adopted)
	}
	for _, line := range []said{
		{"title", p.Title}, {"adopted", adopted}, {"raised by", p.Raised}, {"approved by", p.Approved}, {"source", p.Source.Title},
		{"note", p.Source.Note}, {"a request lapses after", counting(p.Expiry, "day")},
	} {
		if line.words != "" {
			t.row(text(line.what), text(line.words))
		}
	}
	return t
}

func gradeTable(v *projections.Views) Table {
	t := Table{
		Name: "grades", Title: "Grades, and the most that an officer of each may be appointed to",
		Empty:   "The policy in force has no grades: it bounds no limit. Adopt one that has (AdoptPolicy).",
		Columns: columns(of(KindText, "grade"), of(KindMoney, "limit")),
	}
	for _, g := range v.Officers.Policy().Grades {
		t.row(text(g.Grade), money(g.Limit))
	}
	return t
}

// commandTable has a row for each command that an officer can give, but for what only the programme itself does alone.
func commandTable(v *projections.Views) Table {
	t := Table{
		Name: "commands", Title: "Who may give which command, and which needs two people below any limit", Empty: "No command is bound to a role.", Detail: true,
		Columns: of(KindText, "command", "roles", "two people", "proof"),
	}
	p := v.Officers.Policy()
	for _, kind := range domain.Commands() {
		if !kind.Shell || len(kind.Roles) > 0 {
			t.row(text(kind.Name), text(roleWords(kind)), text(twoPeopleWords(kind, p)), text(proofWords(kind.Name, p)))
		}
	}
	return t
}

// The words of the two functions here are those of docs/controls.md, which the tests of the rules keep true; a test holds
// them together.

func roleWords(kind domain.CommandKind) string {
	switch {
	case kind.Name == "Approve" || kind.Name == "Refuse":
		return "approver; administrator for what administrators raise"
	case kind.Name == "Withdraw":
		return "who raised the request"
	case len(kind.Roles) == 0:
		return "any officer but an auditor"
	}
	words := make([]string, len(kind.Roles))
	for i, role := range kind.Roles {
		words[i] = string(role)
	}
	return strings.Join(words, " or ")
}

func twoPeopleWords(kind domain.CommandKind, p projections.Policy) string {
	switch {
	case kind.Name == "AppointOfficer":
		return "always, from the third officer on"
	case kind.TwoPeople:
		return "always"
	case kind.Name == "AllocateFund" || kind.Name == "MoveAllocation":
		return "always, once there are officers"
	case slices.Contains(p.TwoPeople, kind.Name):
		return policyWords(kind, p)
	case kind.Name == "EndAppointment":
		return "of an administrator"
	case kind.Name == "SettlePayment":
		return "where no run was released, or with netting"
	}
	return ""
}

// policyWords says what a policy asks two people for: of rates only those that no published source vouches for.
func policyWords(kind domain.CommandKind, p projections.Policy) string {
	words := "by the policy"
	if p.Number == 0 {
		words += " as shipped"
	}
	if kind.Name == "AdoptRateCard" || kind.Name == "ReviseRate" {
		words += ", on a document or of one's own"
	}
	return words
}

func proofWords(command string, p projections.Policy) string {
	for _, proof := range p.Proofs {
		if proof.Command == command {
			return proof.Auth
		}
	}
	return ""
}

func earlierPolicyTable(v *projections.Views) Table {
	t := Table{
		Name: "policies", Title: "Policies that were adopted", Empty: "No policy was adopted: that in force is shipped. Adopt one (AdoptPolicy).",
		Columns: columns(of(KindNumber, "event"), of(KindDate, "adopted"), of(KindText, "title", "source", "two people for", "raised by", "approved by")),
	}
	for _, p := range v.Officers.Policies() {
		t.row(number(p.Number), date(p.Adopted), text(p.Title), text(p.Source.Title), text(strings.Join(p.TwoPeople, ", ")), text(p.Raised),
			text(p.Approved))
	}
	return t
}
