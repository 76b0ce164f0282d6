package intake

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"pcnledger/domain"
)

// MembershipOptions says what a file of memberships does not say.
type MembershipOptions struct {
	// Ledger is the name of the ledger that the command ids are derived for. It must be given.
	Ledger string

	// From is the first day of every membership of a file without dates; the note of the source says that it is assumed.
	// Other files have their own days and take none.
	From domain.Date

	// Commissioner, if given, leaves out the networks of others. Only ePCN says whose a network is.
	Commissioner domain.Body

	// LeaveOut leaves out memberships of one practice that overlap, all of them, instead of refusing the file: which of them
	// counts is not guessed. The summary names them.
	LeaveOut bool

	// Source says where the memberships come from. Title, Address, Licence and Note that are not given are those of the
	// form, where it has them; memberships without a title are refused. File and SHA256 are taken from the file.
	Source domain.Source

	// Known returns the name of a body that the ledger knows, "" if it knows none. Nil knows nothing.
	Known func(domain.Body) (name string, ok bool)

	// Enrolled is the memberships that the ledger has, by network. With them the summary warns of what the file does not
	// have, or has otherwise. They change no command.
	Enrolled map[domain.Body][]domain.Member
}

// membershipKind is the kind of import in the ids of the commands.
const membershipKind = "memberships"

// mostMemberships bounds the rows of a file that are read, six times ePCN.
const mostMemberships = 50_000

// Memberships turns a file of practices' memberships of networks into commands: a RegisterBody for each network, then one
// for each practice, that the ledger does not know or knows by another name, in the order of the file; then for each
// network a RecordMembership with its members by practice and first day.
//
// Recorded in this order no membership meets another of its practice: neither in an empty ledger, nor in one that was
// filled from earlier files, as long as this file still has their memberships. For that, networks that exchanged
// practices may have several commands.
//
// The file, a CSV file or a workbook (xlsx), is recognised by its header rows; name is told in errors and sources,
// without its folder. What is wrong with the file or the options comes back as [Errors], and then the Import is empty.
// Any other error is one of reading.
func Memberships(file io.Reader, name string, opts MembershipOptions) (Import, error) {
	if opts.Ledger == "" {
		panic("intake: MembershipOptions.Ledger is empty")
	}
	found := &faults{file: baseName(name)}
	raw, err := readFile(file, found, "import ePCN as published, or the networks of one commissioner")
	if err != nil {
		return Import{}, err
	}
	if err := found.err(); err != nil {
		return Import{}, err
	}
	opened := openMembershipFile(raw, found)
	if err := found.err(); err != nil {
		return Import{}, err
	}
	r := newMembershipReader(opened.form, opts, found)
	r.checkOptions()
	r.readNetworks(opened.networkForm, opened.networks)
	r.readMembers(opened.members)
	if err := found.err(); err != nil {
		return Import{}, err
	}
	made := r.commands(sumOf(raw))
	if err := found.err(); err != nil {
		return Import{}, err
	}
	return made, nil
}

// A membershipReader gathers the memberships of one file.
type membershipReader struct {
	form   membershipForm
	opts   MembershipOptions
	found  *faults
	unread []string

	networks      *roll
	practices     *roll
	members       map[domain.Body][]*membership // by network
	chains        map[domain.Body][]*membership // by practice, from [membershipReader.check] on the earliest first
	unallocated   map[domain.Body]bool          // practices that the file says are in no network
	closed        map[domain.Body]domain.Date   // networks, by the day they closed
	commissioners map[string]bool               // those that the file names
	leftOut       map[string]int                // rows, by reason
	warnings      []string
}

// A membership is a row that says that a practice belongs to a network.
type membership struct {
	row      row
	practice domain.Body
	network  domain.Body
	from, to domain.Date // to is zero while it goes on

	before *membership   // the practice's last before this one that is of another network
	after  []*membership // those that this is the last before
	taken  bool          // it is in a part
}

func newMembershipReader(form membershipForm, opts MembershipOptions, found *faults) *membershipReader {
	return &membershipReader{
		form: form, opts: opts, found: found,
		networks: newRoll(domain.KindNetwork), practices: newRoll(domain.KindPractice),
		members: map[domain.Body][]*membership{}, chains: map[domain.Body][]*membership{},
		unallocated: map[domain.Body]bool{}, closed: map[domain.Body]domain.Date{},
		commissioners: map[string]bool{}, leftOut: map[string]int{},
	}
}

// checkOptions finds options that the form lacks, and those that it contradicts.
func (r *membershipReader) checkOptions() {
	if !r.form.dated() && r.opts.From == "" {
		r.found.add(Error{
			Field:  "from",
			Reason: "the file does not say since when practices belong to their networks",
			Remedy: "give the first day to assume, for example --from 2019-07-01",
		})
	}
	if r.form.dated() && r.opts.From != "" {
		r.found.add(Error{
			Field: "from", Value: string(r.opts.From),
			Reason: fmt.Sprintf("the file says since when practices belong to their networks, in %s", r.form.from),
			Remedy: "leave --from out",
		})
	}
	if r.form.commissioner == "" && r.opts.Commissioner != "" {
		r.found.add(Error{
			Field: "commissioner", Value: r.opts.Commissioner.Bare(),
			Reason: "the file does not say whose networks it has",
			Remedy: "leave --commissioner out, and import a file with the networks of your commissioner alone",
		})
	}
	if r.form.source.Title == "" && r.opts.Source.Title == "" {
		r.found.add(Error{
			Field:  "title",
			Reason: "the memberships have no source: the file does not say who published it",
			Remedy: `give its title, for example --title "ePCN of 4 December 2019, Oxfordshire"`,
		})
	}
}

// asTheyStand dates the names on the sheet of networks, which go before those beside the members.
const asTheyStand domain.Date = "9999-12-31"

// readNetworks gathers the networks on their own sheet, if there is one.
func (r *membershipReader) readNetworks(f networkForm, t *table) {
	if t == nil {
		if r.form.commissioner != "" {
			r.warnings = append(r.warnings, "there is no sheet of networks, so whether one has closed is not known")
		}
		return
	}
	r.unread = append(r.unread, t.bind(f.columns())...)
	lines := map[domain.Body]int{}
	for row := range t.rows() {
		if !r.ours(row, f.commissioner) {
			continue
		}
		before := len(r.found.found)
		body := readNetwork(row, f.network)
		name := readName(row, f.called, domain.KindNetwork)
		var closed domain.Date
		if row.text(f.closed) != "" {
			closed = readDay(row, f.closed, dayLayouts...)
		}
		if noPCN(row.text(f.network)) {
			row.fault(f.network, "the network's code is missing", "write it as the NHS does, for example U62251, or take the row out")
		}
		if len(r.found.found) > before {
			continue
		}
		if first, twice := lines[body]; twice {
			row.fault(f.network, fmt.Sprintf("%s stands on line %d already", body.Bare(), first), "take out the row that does not count")
			continue
		}
		lines[body] = row.line
		r.networks.add(body, row.line, name, asTheyStand)
		if closed != "" {
			r.closed[body] = closed
		}
	}
}

// dayLayouts are how files of memberships write a day. ePCN has text of eight digits.
var dayLayouts = []string{"20060102", time.DateOnly}

// ours reports whether a row is of a network that is to be imported.
func (r *membershipReader) ours(row row, commissioner string) bool {
	if commissioner == "" || r.opts.Commissioner == "" {
		return true
	}
	code := row.text(commissioner)
	if code != "" {
		r.commissioners[code] = true
	}
	return strings.EqualFold(code, r.opts.Commissioner.Bare())
}

// readMembers gathers all memberships and finds what is wrong between them.
func (r *membershipReader) readMembers(t *table) {
	r.unread = append(t.bind(append(r.form.columns(), given(r.form.closed)...)), r.unread...)
	before := len(r.found.found)
	rows := 0
	for row := range t.rows() {
		if !r.ours(row, r.form.commissioner) {
			r.leftOut["not of commissioner "+r.opts.Commissioner.Bare()]++
			continue
		}
		if rows++; rows > mostMemberships {
			t.add(Error{
				Line:   row.line,
				Reason: fmt.Sprintf("the file has more than %d memberships", mostMemberships),
				Remedy: "import it in parts, a file for each commissioner",
			})
			return
		}
		r.read(row)
	}
	if t.blanks > 0 {
		r.leftOut["blank"] = t.blanks
	}
	if len(r.chains) == 0 && len(r.found.found) == before {
		r.found.add(r.nothing())
	}
	for _, practice := range slices.Sorted(maps.Keys(r.chains)) {
		if r.opts.LeaveOut {
			r.leaveOutOverlaps(practice)
		}
		r.check(r.chains[practice])
	}
}

// nothing says why the file has no membership to import.
func (r *membershipReader) nothing() Error {
	if len(r.networks.bodies) == 0 && len(r.commissioners) > 0 {
		return Error{
			Field: "commissioner", Value: r.opts.Commissioner.Bare(),
			Reason: fmt.Sprintf("no network of the file is of commissioner %s", r.opts.Commissioner.Bare()),
			Remedy: "give one that the file has: " + clip(strings.Join(slices.Sorted(maps.Keys(r.commissioners)), ", ")),
		}
	}
	return Error{
		Reason: "no row of the file is a practice's membership of a network",
		Remedy: "check that it is the file you mean",
	}
}

// read reads one row, a membership or a practice in no network. Every fault of the row is recorded; then it is none.
func (r *membershipReader) read(row row) {
	f, before := r.form, len(r.found.found)
	m := &membership{row: row, from: r.opts.From}
	m.practice = readPractice(row, f.practice)
	m.network = readNetwork(row, f.network)
	name := readName(row, f.called, domain.KindPractice)
	networkName := readName(row, f.networkCalled, domain.KindNetwork)
	none := noPCN(row.text(f.network))
	if f.dated() && !none { // days of no membership are nobody's
		m.from = readDay(row, f.from, dayLayouts...)
		if row.text(f.to) != "" {
			m.to = readDay(row, f.to, dayLayouts...)
		}
		if m.from != "" && m.to != "" && m.to < m.from {
			row.fault(f.to, fmt.Sprintf("the last day, %s, is before the first, %s", m.to, m.from), "put right the one that is wrong")
		}
	}
	r.checkKind(row, f.practice, m.practice, r.networks)
	r.checkKind(row, f.network, m.network, r.practices)
	if m.practice != "" && m.practice == m.network {
		row.fault(f.network, m.network.Bare()+" is a member of itself", "put right the code that is wrong")
	}
	if len(r.found.found) > before {
		return
	}
	r.practices.add(m.practice, row.line, name, m.from)
	r.noteClose(row, m, name)
	if none {
		r.unallocated[m.practice] = true
		return
	}
	r.networks.add(m.network, row.line, networkName, m.from)
	r.members[m.network] = append(r.members[m.network], m)
	r.chains[m.practice] = append(r.chains[m.practice], m)
}

// checkKind finds a code that stands for a practice here and for a network there.
func (r *membershipReader) checkKind(row row, column string, body domain.Body, others *roll) {
	other, ok := others.byBody[body]
	if !ok {
		return
	}
	where := fmt.Sprintf("by line %d", other.line)
	if row.table.sheet != "" {
		where = "elsewhere in the workbook" // the line may be of another sheet
	}
	row.fault(column, fmt.Sprintf("%s is a %s %s", body.Bare(), others.kind, where), "put right the code that is wrong")
}

// noteClose warns of a practice that closed, in a file that says so and has no last days.
func (r *membershipReader) noteClose(row row, m *membership, name string) {
	if r.form.closed == "" || !row.table.has(r.form.closed) || row.text(r.form.closed) == "" || m.network == "" {
		return
	}
	if closed := readDay(row, r.form.closed, time.DateOnly, "02/01/2006"); closed != "" {
		r.warnings = append(r.warnings, fmt.Sprintf("line %d: %s closed on %s; its membership is recorded without a last day all the same",
			row.line, strings.TrimSpace(m.practice.Bare()+" "+name), closed))
	}
}

// commands makes the commands of what was gathered. What does not fit a command is a fault.
func (r *membershipReader) commands(sha string) Import {
	networks := r.networks.register(r.opts.Ledger, membershipKind, r.opts.Known)
	practices := r.practices.register(r.opts.Ledger, membershipKind, r.opts.Known)
	made := Import{Commands: append(networks.commands, practices.commands...)}
	source := r.source(sha)
	for _, p := range r.inOrder() {
		c := domain.RecordMembership{Network: p.network, Source: source}
		line := p.members[0].row.line
		for _, m := range p.members {
			line = min(line, m.row.line)
			c.Members = append(c.Members, domain.Member{Practice: m.practice, From: m.from, To: m.to})
		}
		command, fits := number(r.opts.Ledger, membershipKind, "network/"+string(p.network), line, c)
		if !fits {
			p.members[0].row.table.add(Error{
				Line:   line,
				Reason: fmt.Sprintf("%s has %s, which do not fit one command", p.network.Bare(), counted(int64(len(p.members)), "member")),
				Remedy: "check that its code is a network's",
			})
		}
		made.Commands = append(made.Commands, command)
	}
	made.Summary = r.summary(networks, practices)
	return made
}

// source completes what the options say of the source, and says what was assumed.
func (r *membershipReader) source(sha string) domain.Source {
	s := completed(r.opts.Source, r.form.source, r.found.file, sha)
	if !r.form.dated() {
		assumed := "the file has no dates: that each membership began on " + r.opts.From.String() + " and goes on is assumed"
		s.Note = strings.Join(given(s.Note, assumed), "; ")
	}
	return s
}

// summary says what the file holds.
func (r *membershipReader) summary(networks, practices registration) Summary {
	s := Summary{
		Form: r.form.name, Practices: len(r.practices.bodies), Registered: practices.unknown, Renamed: practices.renamed,
		LeftOut: leftOut(r.leftOut), Unread: r.unread,
		Memberships: MembershipSummary{
			Networks: len(r.networks.bodies), Closed: len(r.closed), Registered: networks.unknown, Renamed: networks.renamed,
			Unallocated: len(r.unallocated),
		},
	}
	for _, chain := range r.chains {
		if len(chain) > 0 {
			s.Memberships.add(chain)
		}
	}
	r.warnOfClosed()
	r.warnOfLedger()
	s.Warnings = r.warnings
	return s
}
