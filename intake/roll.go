package intake

import "pcnledger/domain"

// A roll is the bodies of one kind that a file names, in its order. A body that goes by several names has that of the
// latest date.
type roll struct {
	kind   domain.Kind
	bodies []*named
	byBody map[domain.Body]*named
}

// A named is what becomes one RegisterBody.
type named struct {
	body    domain.Body
	line    int // where the file names it first
	name    string
	namedAt domain.Date
}

func newRoll(kind domain.Kind) *roll { return &roll{kind: kind, byBody: map[domain.Body]*named{}} }

// add takes up a body that a line names, by a name or by none, on a date.
func (r *roll) add(body domain.Body, line int, name string, at domain.Date) {
	b, ok := r.byBody[body]
	if !ok {
		b = &named{body: body, line: line}
		r.byBody[body] = b
		r.bodies = append(r.bodies, b)
	}
	if name != "" && (b.name == "" || at > b.namedAt) {
		b.name, b.namedAt = name, at
	}
}

// A registration is what a roll asks of a ledger.
type registration struct {
	commands []Numbered
	unknown  int // bodies that the ledger does not know
	renamed  int // those that it knows by another name
}

// register makes the commands for the bodies that the ledger does not know, or knows by another name.
func (r *roll) register(ledger, importKind string, known func(domain.Body) (string, bool)) (made registration) {
	for _, b := range r.bodies {
		name, ok := "", false
		if known != nil {
			name, ok = known(b.body)
		}
		switch {
		case !ok:
			made.unknown++
		case b.name != "" && b.name != name:
			made.renamed++
		default:
			continue
		}
		c := domain.RegisterBody{Body: b.body, Kind: r.kind, Name: b.name}
		command, _ := number(ledger, importKind, "body/"+string(b.body), b.line, c) // mostName makes it fit
		made.commands = append(made.commands, command)
	}
	return made
}
