package intake

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"pcnledger/domain"
)

// InTransit is a payment of a payment run that was released, and has neither arrived nor come back.
type InTransit struct {
	Run       int64
	Reference string // the run's
	Item      domain.ItemID
	Payee     domain.Body
	Pence     domain.Pence
	Released  domain.Date
}

// Ended is a payment of a payment run that arrived or came back.
type Ended struct {
	InTransit
	Event    int64 // that says so; 0 while it is in transit
	On       domain.Date
	Returned bool
}

// StatementOptions says what a statement does not say.
type StatementOptions struct {
	// Ledger is the name of the ledger that the command ids are derived for. It must be given.
	Ledger string

	// Run, if given, leaves out the payments of other runs.
	Run int64

	// PaidOn and Payee are the day and the payee of a form that has no columns for them. Others take none.
	PaidOn domain.Date
	Payee  domain.Body

	// InTransit is what the ledger waits for, and Ended what it waited for before.
	InTransit []InTransit
	Ended     []Ended

	// Recorded reports whether the ledger has a command of that id. Nil has none.
	Recorded func(id string) bool
}

// statementKind is the kind of import in the ids of the commands.
const statementKind = "statement"

// A Reconciled is what a statement asks of a ledger, and what it says of each of its lines.
type Reconciled struct {
	Commands []Numbered
	Summary  StatementSummary
}

// Statement matches the lines of a statement with the payments that are in transit, and turns those that match into
// commands: for each day and run a SettlePayment of what arrived and a FailPayment of what came back. A line is matched by
// its item; or by payee, reference and amount, where the amount is that of one payment, or of all the payee's of the run.
//
// Lines that match nothing are told in the summary, with the reason, and left out. A line that matches twice is an error:
// nothing is guessed, and nothing of the file is recorded. So is a payment that stands in the file twice. A payment that
// left and came back in one file has come back.
//
// What an earlier import of the same file recorded gives the same commands again, with the same ids; what was recorded in
// another way gives none.
func Statement(file io.Reader, name string, opts StatementOptions) (Reconciled, error) {
	if opts.Ledger == "" {
		panic("intake: StatementOptions.Ledger is empty")
	}
	found := &faults{file: baseName(name)}
	raw, err := readFile(file, found, "import the statement of one month")
	if err != nil {
		return Reconciled{}, err
	}
	if err := found.err(); err != nil {
		return Reconciled{}, err
	}
	form, t := openStatement(raw, found)
	if t == nil {
		return Reconciled{}, found.err()
	}
	unread := t.bind(form.read())
	form.checkOptions(opts, found)
	lines := readStatement(form, t, opts, found)
	if err := found.err(); err != nil {
		return Reconciled{}, err
	}
	m := newMatcher(opts, lines)
	m.match()
	if err := found.err(); err != nil {
		return Reconciled{}, err
	}
	made := m.reconciled(found)
	made.Summary.Form, made.Summary.Unread = form.name, unread
	if err := found.err(); err != nil {
		return Reconciled{}, err
	}
	return made, nil
}

// checkOptions finds options that the form lacks, and those that it contradicts.
func (f statementForm) checkOptions(opts StatementOptions, found *faults) {
	if f.date == "" && opts.PaidOn == "" {
		found.add(Error{Field: "paid-on", Reason: "the statement does not say on which day its payments arrived",
			Remedy: "give the day, for example --paid-on 2019-08-15"})
	}
	if f.date != "" && opts.PaidOn != "" {
		found.add(Error{Field: "paid-on", Value: string(opts.PaidOn), Reason: "the statement has its own days, in " + f.date,
			Remedy: "leave --paid-on out"})
	}
	hasPayee := f.payee != "" || f.text != ""
	if !hasPayee && opts.Payee == "" {
		found.add(Error{Field: "payee", Reason: "the statement does not say in a column of its own whom it is of",
			Remedy: "give the organisation's code, for example --payee U62251"})
	}
	if hasPayee && opts.Payee != "" {
		found.add(Error{Field: "payee", Value: opts.Payee.Bare(), Reason: "the statement names its payees, in " + cmp.Or(f.payee, f.text),
			Remedy: "leave --payee out"})
	}
	released := slices.ContainsFunc(opts.InTransit, func(p InTransit) bool { return p.Run == opts.Run }) ||
		slices.ContainsFunc(opts.Ended, func(p Ended) bool { return p.Run == opts.Run })
	if opts.Run != 0 && !released {
		found.add(Error{Field: "run", Value: fmt.Sprint(opts.Run), Reason: fmt.Sprintf("%d is no payment run that was released", opts.Run),
			Remedy: "give the number of the event that proposed it, or leave --run out"})
	}
}

// readStatement reads all lines. Two that are the same are a fault.
func readStatement(form statementForm, t *table, opts StatementOptions, found *faults) (lines []statementLine) {
	first := map[string]int{}
	before := len(found.found)
	for r := range t.rows() {
		line, ok := form.line(r, opts)
		if !ok {
			continue
		}
		if earlier, twice := first[line.same()]; twice {
			r.fault(line.amountColumn(), fmt.Sprintf("the line stands on line %d already", earlier), line.remedy("take out the one that does not count"))
			continue
		}
		first[line.same()] = r.line
		lines = append(lines, line)
	}
	if len(lines) == 0 && len(found.found) == before {
		found.add(Error{Reason: "no row of the file is a payment", Remedy: "check that it is the file you mean"})
	}
	return lines
}

// amountColumn is the column that the line has its amount in.
func (l statementLine) amountColumn() string {
	switch {
	case l.form.amount != "":
		return l.form.amount
	case l.returned:
		return l.form.in
	}
	return l.form.out
}

// remedy completes what would help with how to name the item.
func (l statementLine) remedy(otherwise string) string {
	name := "name the item of each in the column item"
	if l.form.item == "" {
		name = "write the lines in the ledger's own form (import statement --template) and name their items"
	}
	if otherwise == "" {
		return name
	}
	return otherwise + "; if both count, " + name
}

// A batch is what becomes one command.
type batch struct {
	on       domain.Date
	run      int64
	returned bool
	event    int64 // that recorded it already; 0 of what is to be recorded
}

// reconciled makes the commands and the summary of what was matched.
func (m *matcher) reconciled(found *faults) Reconciled {
	batches, line := m.batches()
	order := make([]batch, 0, len(batches))
	for b := range batches {
		order = append(order, b)
	}
	slices.SortFunc(order, func(a, b batch) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.run, b.run), boolFirst(b.returned, a.returned), cmp.Compare(a.event, b.event))
	})
	made := Reconciled{Summary: m.summary()}
	for _, b := range order {
		command, fits := m.command(b, batches[b], line[b], found.file)
		recorded := m.opts.Recorded != nil && m.opts.Recorded(command.ID)
		switch {
		case !fits:
			found.add(Error{Line: line[b], Reason: fmt.Sprintf("the payments of run %d do not fit one command", b.run),
				Remedy: "import the statement in parts, a file for each"})
		case b.event != 0 && !recorded:
			continue // recorded in another way
		case b.event == 0 && recorded:
			made.Summary.Warnings = append(made.Summary.Warnings, fmt.Sprintf(
				"this file was imported before, and its payments of %s of run %d are in transit: they wait for approval, or what was recorded of them "+
					"was reversed; to record what was reversed again, import the file under another name", b.on, b.run))
		}
		made.Commands = append(made.Commands, command)
	}
	return made
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// batches gathers what was matched by day, run and what became of it, with the line that each begins on.
func (m *matcher) batches() (batches map[batch][]int, begins map[batch]int) {
	batches, begins = map[batch][]int{}, map[batch]int{}
	for _, l := range m.lines {
		for _, i := range l.matched {
			p := m.payments[i]
			if p.Event != 0 && p.Returned != l.returned {
				continue // it left, and is recorded as come back
			}
			b := batch{l.date, p.Run, l.returned, p.Event}
			if len(batches[b]) == 0 {
				begins[b] = l.row.line
			}
			batches[b] = append(batches[b], i)
		}
	}
	return batches, begins
}

// command is the command of a batch. Its lines are in the order of the items, however the file has them.
func (m *matcher) command(b batch, payments []int, line int, file string) (Numbered, bool) {
	slices.Sort(payments)
	lines := make([]domain.SettleLine, len(payments))
	for n, i := range payments {
		lines[n] = domain.SettleLine{Item: m.payments[i].Item, Pence: m.payments[i].Pence}
		if !b.returned {
			lines[n].Run = b.run
		}
	}
	source := file + ", " + m.payments[payments[0]].Reference
	key := fmt.Sprintf("%s/%d/paid", b.on, b.run)
	var c domain.Command = domain.SettlePayment{Reference: source, Lines: lines}
	if b.returned {
		key = fmt.Sprintf("%s/%d/returned", b.on, b.run)
		c = domain.FailPayment{Run: b.run, Reason: "came back: " + source, Lines: lines}
	}
	numbered, fits := number(m.opts.Ledger, statementKind, key, line, c)
	numbered.Effective = b.on
	return numbered, fits
}
