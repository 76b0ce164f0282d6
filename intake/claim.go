package intake

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"pcnledger/domain"
)

// ClaimOptions says what a claims sheet does not say.
type ClaimOptions struct {
	// Ledger is the name of the ledger that the command ids are derived for. It must be given.
	Ledger string

	// Known returns the name of a body that the ledger knows, "" if it knows none. Nil knows everybody.
	Known func(domain.Body) (name string, ok bool)

	// Adopted reports whether the ledger has a maximum of a role, in an area of London or outside, on a day: one of a card, or
	// one of the commissioner's own. Nil asks nothing.
	Adopted func(role domain.RateCode, area domain.CostArea, on domain.Date) bool

	// Source says on what the engagements are recorded; its title is that of the sheet if not given.
	Source domain.Source
}

// claimKind is the kind of import in the ids of the commands.
const claimKind = "claims"

// Claims turns a sheet of claims, with the fields of the national claims portal, into commands: for each person an
// EngageRole, and an EndRole where they left; then a SubmitClaim for each network and month, the earliest month first.
//
// The sheet is a CSV file or a workbook (xlsx) as [ClaimTemplate] has it. What is wrong with it comes back as [Errors],
// and then the Import is empty. Any other error is one of reading.
func Claims(file io.Reader, name string, opts ClaimOptions) (Import, error) {
	if opts.Ledger == "" {
		panic("intake: ClaimOptions.Ledger is empty")
	}
	t, err := claimForm.open(file, name)
	if err != nil {
		return Import{}, err
	}
	s := newClaimSheet(t, opts)
	for row := range t.rows() {
		s.read(row)
	}
	if len(s.claims) == 0 && !t.found.any() {
		t.found.add(Error{Reason: "no row of the file is a post that is claimed for", Remedy: "fill in the template: import claims --template"})
	}
	s.checkPosts()
	if err := t.found.err(); err != nil {
		return Import{}, err
	}
	made := s.commands()
	if err := t.found.err(); err != nil {
		return Import{}, err
	}
	return made, nil
}

// A claimSheet gathers the claims of one file.
type claimSheet struct {
	file    plainFile
	opts    ClaimOptions
	claims  []*claimed // in the order of the file
	byMonth map[claimKey]*claimed
	people  []domain.Person // in the order of the file
	posts   map[domain.Person][]*post
}

type claimKey struct {
	network domain.Body
	month   domain.Service
}

// A claimed is what becomes one SubmitClaim.
type claimed struct {
	domain.SubmitClaim
	line   int
	roles  []domain.RateCode // of each line
	lines  []int             // where each line stands
	lineOf map[claimedPost]int
}

type claimedPost struct {
	person domain.Person
	role   domain.RateCode
}

// A post is a person's time in a role, as the rows say it.
type post struct {
	domain.EngageRole
	to  domain.Date // zero where no row has it
	row row
}

func newClaimSheet(t plainFile, opts ClaimOptions) *claimSheet {
	return &claimSheet{file: t, opts: opts, byMonth: map[claimKey]*claimed{}, posts: map[domain.Person][]*post{}}
}

// read takes up one row. Every fault of the row is recorded; then it is not taken up.
func (s *claimSheet) read(r row) {
	before := len(r.table.found.found)
	line := readClaimLine(r, s.opts)
	if len(r.table.found.found) > before {
		return
	}
	s.claim(r, line)
	s.engage(r, line)
}

// claim puts a row on the claim of its network and month.
func (s *claimSheet) claim(r row, line claimLine) {
	key := claimKey{line.Network, line.month}
	c, ok := s.byMonth[key]
	if !ok {
		c = &claimed{line: r.line, lineOf: map[claimedPost]int{}, SubmitClaim: domain.SubmitClaim{
			Network: line.Network, Month: line.month, Reference: line.reference, Declaration: true, Notes: line.notes,
		}}
		s.byMonth[key] = c
		s.claims = append(s.claims, c)
	}
	if line.reference != c.Reference {
		r.fault("claim_reference", fmt.Sprintf("the claim of %s for %s is %s on line %d", line.Network.Bare(), line.month, quoted(c.Reference), c.line),
			"give one reference to each claim: a network has one claim a month")
	}
	if line.notes != "" && line.notes != c.Notes {
		if c.Notes != "" {
			r.fault("notes", fmt.Sprintf("the claim has other notes on line %d", c.line), "write the notes of a claim on its first line alone")
		}
		c.Notes = line.notes
	}
	what := claimedPost{line.Person, line.Role}
	if first, twice := c.lineOf[what]; twice {
		r.fault("employee_id", fmt.Sprintf("%s is claimed for as %s in %s on line %d already", line.Person, line.Role, line.month, first),
			"take out the row that does not count")
	}
	c.lineOf[what] = r.line
	c.Lines = append(c.Lines, domain.ClaimLine{Person: line.Person, Costs: line.costs, Training: line.training})
	c.roles, c.lines = append(c.roles, line.Role), append(c.lines, r.line)
}

// engage takes up the post that a row is about. Rows of several months may be about one post, which is the same in all.
func (s *claimSheet) engage(r row, line claimLine) {
	if len(s.posts[line.Person]) == 0 {
		s.people = append(s.people, line.Person)
	}
	for _, p := range s.posts[line.Person] {
		if p.From != line.From || p.Network != line.Network || p.Role != line.Role {
			continue
		}
		if p.Post != line.Post || p.Additionality != line.Additionality {
			r.fault("employee_id", fmt.Sprintf("the post of %s from %s is another on line %d: hours, sessions, area, supplier, held or exception differ",
				line.Person, line.From, p.row.line), "write the post as it began, and record what changed (ChangeRole)")
		}
		if p.to != "" && line.left != "" && p.to != line.left {
			r.fault("left_date", fmt.Sprintf("%s left on %s by line %d", line.Person, p.to, p.row.line), "put right the one that is wrong")
		}
		p.to = cmp.Or(p.to, line.left)
		return
	}
	s.posts[line.Person] = append(s.posts[line.Person], &post{EngageRole: line.EngageRole, to: line.left, row: r})
}

// checkPosts puts each person's posts in the order of time, and finds two at once.
func (s *claimSheet) checkPosts() {
	for _, person := range s.people {
		posts := s.posts[person]
		slices.SortStableFunc(posts, func(a, b *post) int { return cmp.Compare(a.From, b.From) })
		for i, p := range posts[1:] {
			if last := posts[i]; last.to == "" || last.to >= p.From {
				p.row.fault("start_date", fmt.Sprintf("%s is in role %s of %s from %s%s by line %d", person, last.Role, last.Network.Bare(), last.From,
					untilDay(last.to), last.row.line), "give that post a left date before this one starts; for two posts at once give the second a token of its own")
			}
		}
	}
}

// commands makes the commands of what was gathered.
func (s *claimSheet) commands() Import {
	made := Import{Summary: Summary{Form: claimForm.name, Unread: s.file.unread}}
	source := completed(s.opts.Source, domain.Source{Title: "claims sheet"}, s.file.found.file, s.file.sha)
	for _, person := range s.people {
		for _, p := range s.posts[person] {
			p.EngageRole.Source = source
			key := "person/" + string(person) + "/" + string(p.From)
			made.Commands = append(made.Commands, s.number(key, p.row.line, p.EngageRole))
			if p.to != "" {
				made.Commands = append(made.Commands, s.number(key+"/end", p.row.line, domain.EndRole{Person: person, To: p.to, Reason: "left"}))
			}
		}
	}
	made.Summary.Facts = append(made.Summary.Facts, counted(int64(len(made.Commands)), "command")+" about "+counted(int64(len(s.people)), "post-holder"))
	slices.SortStableFunc(s.claims, func(a, b *claimed) int { return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.line, b.line)) })
	for _, c := range s.claims {
		c.nameRoles()
		made.Commands = append(made.Commands, s.number("claim/"+string(c.Network)+"/"+string(c.Month), c.line, c.SubmitClaim))
		made.Summary.Facts = append(made.Summary.Facts, c.inWords())
		for i := range c.Lines {
			made.Summary.Lines = append(made.Summary.Lines, c.lineInWords(i))
		}
	}
	return made
}

func (s *claimSheet) number(key string, line int, c domain.Command) Numbered {
	command, fits := number(s.opts.Ledger, claimKind, key, line, c)
	if !fits {
		s.file.add(Error{Line: line, Reason: "the claim does not fit one command", Remedy: "check that its rows are of one network"})
	}
	return command
}

// nameRoles says which role a line is for where a person was in two in the month.
func (c *claimed) nameRoles() {
	count := map[domain.Person]int{}
	for _, line := range c.Lines {
		count[line.Person]++
	}
	for i, line := range c.Lines {
		if count[line.Person] > 1 {
			c.Lines[i].Role = c.roles[i]
		}
	}
}

// inWords is a claim as a summary tells it.
func (c *claimed) inWords() string {
	var total domain.Pence
	for _, line := range c.Lines {
		total += line.Total()
	}
	return fmt.Sprintf("%s, %s, reference %s: %s, %s", c.Network.Bare(), c.Month, c.Reference, counted(int64(len(c.Lines)), "post"), total)
}

func (c *claimed) lineInWords(i int) string {
	line := c.Lines[i]
	return fmt.Sprintf("line %d: %s, %s, %s, %s: salary %s, national insurance %s, pension %s, fees %s", c.lines[i], c.Network.Bare(), c.Month, line.Person, c.roles[i],
		line.Salary, line.NI, line.Pension, line.Fees)
}
