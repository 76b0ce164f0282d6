package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// A Run is items that are paid together. It goes by the number of the event that proposed it.
type Run struct {
	Number    int64
	Reference string
	PayOn     domain.Date
	Proposed  domain.Date // London date of recording
	Hands                 // who proposed it, and who approved it

	Released   int64       `json:",omitzero"` // number of the event that released it; 0 while it waits
	ReleasedOn domain.Date `json:",omitzero"` // effective date of that event
	ReleasedBy Hands       `json:",omitzero"`
	Reversed   int64       `json:",omitzero"` // number of the event that took the proposal back

	Lines  []RunLine            // paid in money
	SetOff []domain.SettledLine // payables, or parts of them, that are paid by what is netted
	Netted []domain.SettledLine // receivables
}

// A RunLine is one payable in a run. Of its pence, Settled arrived and Failed did not; the rest is in transit, once the run
// is released.
type RunLine struct {
	domain.SettledLine
	State           RunState
	Settled, Failed domain.Pence
	Number          int64       // of the event that brought it there: proposed, released, settled or failed
	On              domain.Date // effective date of that event; of the proposal, the day to pay on
	Reason          string      // why it failed
}

// A RunState says how far a payment in a run has come.
type RunState string

// The states of a payment in a run.
const (
	RunProposed  RunState = "proposed" // and approved
	RunInTransit RunState = "in transit"
	RunSettled   RunState = "settled"
	RunFailed    RunState = "failed"
	RunPart      RunState = "settled in part" // and the rest failed
	RunReversed  RunState = "reversed"        // the proposal was taken back
)

// RunTotals are pence of a run by state. Paid in money is proposed, in transit or settled; failed is to be paid again.
type RunTotals struct{ Proposed, InTransit, Settled, Failed, SetOff, Netted domain.Pence }

// RunPayee is what a run is for one payee.
type RunPayee struct {
	Payee domain.Body
	RunTotals
}

// Totals adds a run up.
func (r Run) Totals() (sum RunTotals) {
	for _, payee := range r.Payees() {
		sum.Proposed += payee.Proposed
		sum.InTransit += payee.InTransit
		sum.Settled += payee.Settled
		sum.Failed += payee.Failed
		sum.SetOff += payee.SetOff
		sum.Netted += payee.Netted
	}
	return sum
}

// Payees adds a run up by payee, in the order of their codes.
func (r Run) Payees() []RunPayee {
	sums := map[domain.Body]RunTotals{}
	for _, line := range r.Lines {
		sum := sums[line.Payee]
		sum.add(line)
		sums[line.Payee] = sum
	}
	for _, line := range r.SetOff {
		sum := sums[line.Payee]
		sum.SetOff += line.Pence
		sums[line.Payee] = sum
	}
	for _, line := range r.Netted {
		sum := sums[line.Payee]
		sum.Netted += line.Pence
		sums[line.Payee] = sum
	}
	payees := make([]RunPayee, 0, len(sums))
	for payee, sum := range sums {
		payees = append(payees, RunPayee{payee, sum})
	}
	slices.SortFunc(payees, func(a, b RunPayee) int { return cmp.Compare(a.Payee, b.Payee) })
	return payees
}

func (s *RunTotals) add(line RunLine) {
	switch line.State {
	case RunProposed:
		s.Proposed += line.Pence
	case RunReversed: // is not to be paid
	default:
		s.Settled += line.Settled
		s.Failed += line.Failed
		s.InTransit += line.Pence - line.Settled - line.Failed
	}
}

// Runs holds every payment run, and what became of each payment in it.
type Runs struct {
	book  *book
	runs  column[runRow]
	lines column[runLine]
	parts column[itemPart]
	index index // of runs, by number
	items index // of lines paid in money, by run and item
}

// A runRow is a [Run] in words.
type runRow struct {
	number, proposed, released, reversed int64 // proposed in milliseconds since 1970
	lines, setOff, netted                span
	by, releasedBy                       hands
	reference                            text
	payOn, releasedOn                    word
}

// A runLine is a [RunLine] in words.
type runLine struct {
	pence, settled, failed   domain.Pence
	last                     int64 // number of the event that settled, or failed, any of it last
	run                      int64
	item                     itemKey
	parts                    span
	fund, payee, beneficiary word
	on                       word
	reason                   text
}

func (u *Runs) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.PaymentRunProposed:
		u.propose(r, &e)
	case domain.PaymentRunReleased:
		if run := u.numbered(e.Run); run != nil {
			run.released, run.releasedOn, run.releasedBy = r.Number, r.effective, u.book.hands(r)
		}
	case domain.PaymentSettled:
		u.arrive(r, e.Lines, 1)
	case domain.PaymentFailed:
		u.fail(r, &e, 1)
	case domain.EntryReversed:
		u.takeBack(r, &e)
	}
}

func (u *Runs) propose(r *record, e *domain.PaymentRunProposed) {
	row := runRow{
		number: r.Number, proposed: r.Time.UnixMilli(), by: u.book.hands(r), reference: u.book.texts.add(e.Reference), payOn: u.book.date(e.PayOn),
	}
	row.lines = u.addLines(r.Number, e.Lines)
	for line := range row.lines.rows() {
		u.items.add(u.lines.at(line).hash(), line)
	}
	row.setOff, row.netted = u.addLines(r.Number, e.SetOff), u.addLines(r.Number, e.Netted)
	u.index.add(hashNumber(r.Number), u.runs.add(row))
}

func (l *runLine) hash() uint32 { return hashRunItem(l.run, l.item) }

func hashRunItem(run int64, item itemKey) uint32 {
	return uint32(mix(uint64(run), uint64(item.hash())))
}

func (u *Runs) addLines(run int64, lines []domain.SettledLine) span {
	k, first := u.book, u.lines.len()
	for i := range lines {
		line := &lines[i]
		parts := u.parts.len()
		for _, part := range line.Parts {
			u.parts.add(itemPart{part.Pence, k.service(part.For)})
		}
		u.lines.add(runLine{
			pence: line.Pence, run: run, item: keyOfItem(line.Item), parts: u.parts.since(parts),
			fund: k.fund(line.Fund), payee: k.payee(line.Payee), beneficiary: k.beneficiary(line.Beneficiary),
		})
	}
	return u.lines.since(first)
}

// numbered returns a run, or nil if there is none with that number.
func (u *Runs) numbered(number int64) *runRow {
	at, known := u.index.find(hashNumber(number), func(row int32) bool { return u.runs.at(row).number == number })
	if !known {
		return nil
	}
	return u.runs.at(at)
}

// line returns the line of an item in a run, or nil.
func (u *Runs) line(run int64, id domain.ItemID) *runLine {
	item := keyOfItem(id)
	at, known := u.items.find(hashRunItem(run, item), func(row int32) bool { l := u.lines.at(row); return l.run == run && l.item == item })
	if !known {
		return nil
	}
	return u.lines.at(at)
}

// arrive settles the lines that were released in runs, or with the sign -1 takes that back.
func (u *Runs) arrive(r *record, lines []domain.SettledLine, sign domain.Pence) {
	for i := range lines {
		if lines[i].Run == 0 {
			continue
		}
		if line := u.line(lines[i].Run, lines[i].Item); line != nil {
			line.settled += sign * lines[i].Pence
			line.last, line.on = r.Number, r.effective
		}
	}
}

func (u *Runs) fail(r *record, e *domain.PaymentFailed, sign domain.Pence) {
	for i := range e.Lines {
		if line := u.line(e.Run, e.Lines[i].Item); line != nil {
			line.failed += sign * e.Lines[i].Pence
			line.last, line.on, line.reason = r.Number, r.effective, u.book.texts.add(e.Reason)
			if line.failed == 0 {
				line.reason = 0
			}
		}
	}
}

// takeBack takes back what an entry did with a run. One whose release is taken back can be released again.
func (u *Runs) takeBack(r *record, e *domain.EntryReversed) {
	switch was := e.Was.Event.(type) {
	case domain.PaymentRunProposed:
		if run := u.numbered(e.Entry); run != nil {
			run.reversed = r.Number
		}
	case domain.PaymentRunReleased:
		if run := u.numbered(was.Run); run != nil {
			run.released, run.releasedOn, run.releasedBy = 0, 0, hands{}
		}
	case domain.PaymentSettled:
		u.arrive(r, was.Lines, -1)
	case domain.PaymentFailed:
		u.fail(r, &was, -1)
	}
}

// All returns every run in the order of proposal.
func (u *Runs) All() []Run {
	runs := make([]Run, u.runs.len())
	for at := range runs {
		runs[at] = u.run(u.runs.at(int32(at)))
	}
	return runs
}

// Run returns one run.
func (u *Runs) Run(number int64) (run Run, ok bool) {
	row := u.numbered(number)
	if row == nil {
		return Run{}, false
	}
	return u.run(row), true
}

func (u *Runs) run(row *runRow) Run {
	text := u.book.words.text
	run := Run{
		Number: row.number, Reference: u.book.texts.text(row.reference), PayOn: domain.Date(text(row.payOn)), Proposed: dateAt(row.proposed),
		Hands: u.book.handsOf(row.by), Released: row.released, ReleasedOn: domain.Date(text(row.releasedOn)),
		ReleasedBy: u.book.handsOf(row.releasedBy), Reversed: row.reversed, SetOff: u.linesOf(row.setOff), Netted: u.linesOf(row.netted),
	}
	for i, line := range u.linesOf(row.lines) {
		run.Lines = append(run.Lines, u.lines.at(row.lines.first+int32(i)).standing(u.book, row, line))
	}
	return run
}

func (u *Runs) linesOf(rows span) []domain.SettledLine {
	var lines []domain.SettledLine
	text := u.book.words.text
	for at := range rows.rows() {
		row := u.lines.at(at)
		line := domain.SettledLine{
			Item: row.item.id(), Fund: domain.FundCode(text(row.fund)), Payee: domain.Body(text(row.payee)),
			Beneficiary: domain.Body(text(row.beneficiary)), Pence: row.pence,
		}
		for part := range row.parts.rows() {
			p := u.parts.at(part)
			line.Parts = append(line.Parts, domain.Part{For: domain.Service(text(p.service)), Pence: p.pence})
		}
		lines = append(lines, line)
	}
	return lines
}

// standing says how far a line of a run has come.
func (l *runLine) standing(k *book, run *runRow, of domain.SettledLine) RunLine {
	line := RunLine{SettledLine: of, Settled: l.settled, Failed: l.failed, Reason: k.texts.text(l.reason)}
	line.State, line.Number, line.On = RunProposed, run.number, domain.Date(k.words.text(run.payOn))
	switch {
	case run.reversed != 0:
		line.State, line.Number = RunReversed, run.reversed
	case run.released == 0:
	case l.settled+l.failed < l.pence:
		line.State, line.Number, line.On = RunInTransit, run.released, domain.Date(k.words.text(run.releasedOn))
	case l.failed == 0:
		line.State = RunSettled
	case l.settled == 0:
		line.State = RunFailed
	default:
		line.State = RunPart
	}
	if line.State == RunSettled || line.State == RunFailed || line.State == RunPart {
		line.Number, line.On = l.last, domain.Date(k.words.text(l.on))
	}
	return line
}
