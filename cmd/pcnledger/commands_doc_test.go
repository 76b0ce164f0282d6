package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// The tests of this file hold the pages of the command reference to the programme: their examples are recorded,
// one page after the other, their tables name the members that there are, and their rules exist.

// docPages are the pages of the reference, in the order of their story.
var docPages = []string{"commands.md", "commands-control.md", "commands-rules.md"}

// A docSection is what stands under one heading of a page.
type docSection struct {
	page     string
	heading  string
	text     string // all of it, its words with one space between them
	members  []docMember
	rules    []string // named in its paragraphs that begin with "Rules:"
	examples []docBlock
}

// A docBlock is a json block, and who gives it on which day.
type docBlock struct{ text, by, on string }

// A docMember is a name of a table of members and whether the table calls it needed.
type docMember struct {
	name   string
	needed bool
}

// tableHead begins each table of members.
const tableHead = "| name | what it is | needed |"

var backticked = regexp.MustCompile("`([^`]+)`")

// docBy says who gives the next examples of a page, and on which day: By: recorder-1, 2020-01-06.
var docBy = regexp.MustCompile(`^By: ([a-z0-9-]+), ([0-9-]+)$`)

// commandsDoc reads the pages of the reference, section by section.
func commandsDoc(t *testing.T) (sections []*docSection) {
	t.Helper()
	by, on := "finance", "2020-01-06" // who gives the commands of the first page
	for _, page := range docPages {
		section := &docSection{page: page}
		sections = append(sections, section)
		for block := range strings.SplitSeq(joinFences(docText(t, page)), "\n\n") {
			switch block = strings.TrimSpace(block); {
			case strings.HasPrefix(block, "#"):
				section = &docSection{page: page, heading: strings.TrimLeft(block, "# ")}
				sections = append(sections, section)
				continue
			case strings.HasPrefix(block, tableHead):
				section.members = append(section.members, tableMembers(block)...)
			case strings.HasPrefix(block, "Rules:"):
				for _, found := range backticked.FindAllStringSubmatch(block, -1) {
					section.rules = append(section.rules, found[1])
				}
			case strings.HasPrefix(block, "By: "):
				found := docBy.FindStringSubmatch(block)
				if found == nil {
					t.Fatalf("%s: who gives an example is written so: By: recorder-1, 2020-01-06: %s", page, block)
				}
				by, on = found[1], found[2]
			case strings.HasPrefix(block, "```json\n"):
				text := strings.TrimSuffix(strings.TrimPrefix(block, "```json\n"), "```")
				section.examples = append(section.examples, docBlock{text, by, on})
			}
			section.text += strings.Join(strings.Fields(block), " ") + " "
		}
	}
	return sections
}

func docText(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// joinFences takes the blank lines out of fenced blocks, so that each block of the page stays in one piece.
func joinFences(text string) string {
	parts := strings.Split(text, "```")
	for i := 1; i < len(parts); i += 2 {
		for strings.Contains(parts[i], "\n\n") {
			parts[i] = strings.ReplaceAll(parts[i], "\n\n", "\n")
		}
	}
	return strings.Join(parts, "```")
}

// tableMembers returns the names in the first column of a table. A row may hold several.
func tableMembers(table string) []docMember {
	var members []docMember
	for _, row := range strings.Split(table, "\n")[2:] {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		for _, found := range backticked.FindAllStringSubmatch(cells[0], -1) {
			members = append(members, docMember{found[1], cells[len(cells)-1] == "yes"})
		}
	}
	return members
}

func sectionNamed(sections []*docSection, heading string) *docSection {
	i := slices.IndexFunc(sections, func(s *docSection) bool { return s.heading == heading })
	if i < 0 {
		return nil
	}
	return sections[i]
}

// documented lists the commands that a file may hold.
func documented() []domain.CommandKind {
	return slices.DeleteFunc(slices.Clone(domain.Commands()), func(k domain.CommandKind) bool { return k.Shell })
}

// docExample is an example of a page.
type docExample struct {
	page, heading string
	script        ledger.Script
	command       ledger.Command
}

// docExamples returns the json blocks that hold a command, in the order of the pages.
func docExamples(t *testing.T, sections []*docSection) []docExample {
	t.Helper()
	var examples []docExample
	for _, section := range sections {
		for _, block := range section.examples {
			var object map[string]jsontext.Value
			if err := json.Unmarshal([]byte(block.text), &object); err != nil {
				t.Fatalf("%s: a json block is no single object: %v\n%s", section.heading, err, block.text)
			}
			if _, ok := object["command"]; !ok {
				continue
			}
			command, err := ledger.ParseCommand([]byte(block.text))
			if err != nil {
				t.Fatalf("%s: %v\n%s", section.heading, err, block.text)
			}
			at, err := time.Parse("2006-01-02 15:04", block.on+" 09:00")
			if err != nil {
				t.Fatal(err)
			}
			script := ledger.Script{Actor: block.by, At: at.Add(time.Duration(len(examples)) * time.Second)}
			examples = append(examples, docExample{section.page, section.heading, script, command})
		}
	}
	return examples
}

// A docStory is a fresh ledger for the story of the pages, a demo: who gives an example, and when, is scripted.
type docStory struct {
	*ledger.Ledger
	held ledger.Receipt // the last that was held
}

func newDocStory(t *testing.T) *docStory {
	t.Helper()
	o := ledger.Options{Dir: t.TempDir(), Name: "example"}
	script := ledger.Script{Actor: "finance", At: time.Date(2020, 1, 6, 8, 0, 0, 0, time.UTC)}
	receipt, err := ledger.Create(t.Context(), o, domain.CreateLedger{
		Ledger: o.Name, Commissioner: "local:EXAMPLE-CCG", Name: "Example CCG", Kind: domain.KindDemo,
	}, &script)
	if err != nil || receipt.Outcome != ledger.Recorded {
		t.Fatalf("create: %+v, %v", receipt, err)
	}
	l, err := ledger.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &docStory{Ledger: l}
}

// try gives an example as its page has it, with the digest that was shown in the place of "…".
func (s *docStory) try(t *testing.T, example docExample) (ledger.Receipt, error) {
	t.Helper()
	command := example.command
	command.Data = jsontext.Value(strings.ReplaceAll(string(command.Data), `"…"`, `"`+s.held.Digest+`"`))
	receipts, err := s.SubmitScripted(t.Context(), example.script, command)
	if err != nil {
		return ledger.Receipt{}, err
	}
	return receipts[0], nil
}

// submit records an example, or has it held, and returns its receipt. What is held has to be decided by the next.
func (s *docStory) submit(t *testing.T, example docExample) ledger.Receipt {
	t.Helper()
	receipt, err := s.try(t, example)
	if err != nil {
		t.Fatalf("%s: %v", example.command.ID, err)
	}
	if receipt.Outcome != ledger.Recorded && (receipt.Outcome != ledger.Held || example.page == docPages[0]) {
		t.Fatalf("%s: %s, %v", example.command.ID, receipt.Outcome, receipt.Refusal)
	}
	if s.held.Outcome == ledger.Held && !strings.Contains(string(example.command.Data), fmt.Sprintf(`"request": %d`, s.held.First)) {
		t.Fatalf("%s was held as request %d, and the next example, %s, does not decide it", s.held.Command, s.held.First, example.command.ID)
	}
	s.held = receipt
	return receipt
}

func TestTheExamplesOfTheCommandReferenceTellAStoryThatIsRecorded(t *testing.T) {
	story := newDocStory(t)
	seen := map[string]bool{}
	for _, example := range docExamples(t, commandsDoc(t)) {
		story.submit(t, example)
		seen[example.command.Name] = seen[example.command.Name] || example.command.Name == example.heading
	}
	for _, kind := range documented() {
		if !seen[kind.Name] {
			t.Errorf("%s has no example under its own heading", kind.Name)
		}
	}
	if replayed, err := story.Replay(t.Context(), nil); err != nil || !replayed.OK() {
		t.Errorf("the story folded again: %+v, %v", replayed, err)
	}
}

// docItem finds an item that the page names with its amount: `17.1` (Example North, £13,334.15).
var docItem = regexp.MustCompile("`([0-9]+\\.[0-9]+)` \\([^()]*?(£[0-9,]+\\.[0-9]{2})\\)")

// docBalance finds a row of the last table of a page: fund, account, balance.
var docBalance = regexp.MustCompile(`(?m)^\| ([A-Z0-9-]+) \| ([a-z ]+) \| (£[0-9,]+\.[0-9]{2} (?:debit|credit)) \|`)

func TestTheFiguresOfTheCommandReferenceAreThoseOfItsStory(t *testing.T) {
	story, examples, shownHeld := newDocStory(t), docExamples(t, commandsDoc(t)), false
	for _, page := range docPages {
		text := docText(t, page)
		words := strings.Join(strings.Fields(text), " ")
		for _, example := range examples {
			if example.page != page {
				continue
			}
			receipt := story.submit(t, example)
			if receipt.Outcome == ledger.Held && !shownHeld {
				shownHeld = true
				checkShown(t, words, receipt)
			}
			for _, said := range append(receipt.Warnings, strings.TrimSuffix(receipt.Why, example.command.Name+" needs two people")) {
				if !strings.Contains(words, said) {
					t.Errorf("%s warns, or is held, and the page does not say so: %s", example.command.ID, said)
				}
			}
		}
		story.checkItems(t, page, words)
		story.checkBalances(t, page, text)
	}
}

// docDigest is a digest in a receipt. The page shows one of its own.
var docDigest = regexp.MustCompile(`[0-9a-f]{64}`)

// checkShown holds a receipt that a page shows to what the programme prints.
func checkShown(t *testing.T, words string, receipt ledger.Receipt) {
	t.Helper()
	text := strings.Join(strings.Fields(receiptText(receipt, "")), " ")
	if !strings.Contains(docDigest.ReplaceAllString(words, "…"), docDigest.ReplaceAllString(text, "…")) {
		t.Errorf("the page does not show the receipt of the first that is held: %s", receiptText(receipt, ""))
	}
}

// checkItems holds the items that a page names with their amounts to those of the story.
func (s *docStory) checkItems(t *testing.T, page, words string) {
	t.Helper()
	amounts := map[string]string{}
	for _, item := range s.Views().Items.All() {
		amounts[string(item.ID)] = item.Pence().String()
	}
	items := docItem.FindAllStringSubmatch(words, -1)
	if len(items) < 5 {
		t.Errorf("only %d items found on %s: the search is wrong", len(items), page)
	}
	for _, found := range items {
		if amounts[found[1]] != found[2] {
			t.Errorf("%s has item %s of %s; in the story it is %q", page, found[1], found[2], amounts[found[1]])
		}
	}
}

// checkBalances holds the balances that a page ends with to those of the story there.
func (s *docStory) checkBalances(t *testing.T, page, text string) {
	t.Helper()
	var got, want []string
	for _, found := range docBalance.FindAllStringSubmatch(text, -1) {
		got = append(got, strings.Join(found[1:], " "))
	}
	for _, line := range s.Views().TrialBalance.Lines() {
		switch balance := line.Balance(); {
		case balance > 0:
			want = append(want, fmt.Sprintf("%s %s %s debit", line.Fund, line.Account, balance))
		case balance < 0:
			want = append(want, fmt.Sprintf("%s %s %s credit", line.Fund, line.Account, -balance))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s ends with\n %s\nand the story there with\n %s", page, strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

// An askedForm is a command within another as JSON has it: a [domain.Asked] writes itself.
type askedForm struct {
	Command   string         `json:"command"`
	Data      jsontext.Value `json:"data"`
	Effective domain.Date    `json:"effective"`
}

// A structMember is a member of a command's data as its struct has it: the section whose table should name it, its name
// there, and its path from data.
type structMember struct{ section, name, path string }

// structMembers walks a struct as JSON sees it. A struct of a type that has a heading of its own, such as Source, is
// described there.
func structMembers(sections []*docSection, t reflect.Type, section, name, path string) []structMember {
	var members []structMember
	for field := range t.Fields() {
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && tag == "" {
			members = append(members, structMembers(sections, field.Type, section, name, path)...)
			continue
		}
		within, suffix := field.Type, ""
		for within.Kind() == reflect.Pointer || within.Kind() == reflect.Slice {
			if within.Kind() == reflect.Slice {
				suffix = "[]"
			}
			within = within.Elem()
		}
		if within == reflect.TypeFor[domain.Asked]() {
			within = reflect.TypeFor[askedForm]()
		}
		switch {
		case within.Kind() != reflect.Struct:
			members = append(members, structMember{section, name + tag, path + tag})
		case sectionNamed(sections, within.Name()) != nil:
			members = append(members, structMember{section, name + tag, path + tag})
			members = append(members, structMembers(sections, within, within.Name(), "", path+tag+".")...)
		default:
			members = append(members, structMembers(sections, within, section, name+tag+suffix+".", path+tag+suffix+".")...)
		}
	}
	return members
}

// commandMembers returns the members of a command's data.
func commandMembers(sections []*docSection, kind domain.CommandKind) []structMember {
	var members []structMember
	_, _ = kind.Decode(func(into any) error {
		members = structMembers(sections, reflect.TypeOf(into).Elem(), kind.Name, "", "")
		return nil
	})
	return members
}

func TestTheTablesOfTheCommandReferenceNameEveryMemberAndNoOther(t *testing.T) {
	sections := commandsDoc(t)
	members := structMembers(sections, reflect.TypeFor[ledger.Command](), "How a command is written", "", "")
	for _, kind := range documented() {
		members = append(members, commandMembers(sections, kind)...)
	}
	want := map[string][]string{}
	for _, m := range members {
		if !slices.Contains(want[m.section], m.name) {
			want[m.section] = append(want[m.section], m.name)
		}
	}
	for heading, names := range want {
		section := sectionNamed(sections, heading)
		if section == nil {
			t.Errorf("%s has no section", heading)
			continue
		}
		var got []string
		for _, m := range section.members {
			got = append(got, m.name)
		}
		slices.Sort(got)
		slices.Sort(names)
		if !slices.Equal(got, names) {
			t.Errorf("the table of %s names\n %s\nits data has\n %s", heading, strings.Join(got, " "), strings.Join(names, " "))
		}
	}
	for _, section := range sections {
		if len(section.members) > 0 && want[section.heading] == nil {
			t.Errorf("%s has a table of members, and is no command and no part of one", section.heading)
		}
	}
}

// TestWhatTheCommandReferenceCallsNeededIsNeeded leaves each needed member out of the examples, one at a time. What is
// needed of a part that is not, such as the title of a document, is left out where an example has that part.
func TestWhatTheCommandReferenceCallsNeededIsNeeded(t *testing.T) {
	sections := commandsDoc(t)
	story := newDocStory(t)
	for n, example := range docExamples(t, sections) {
		kind, _ := domain.CommandNamed(example.command.Name)
		members := commandMembers(sections, kind)
		for i, m := range members {
			if !calledNeeded(sections, m) {
				continue
			}
			data, had := leaveOut(t, example.command.Data, m.path)
			if !had && ofAnOptionalPart(sections, members, m) {
				continue
			}
			if !had {
				t.Fatalf("%s is called needed, but this example has none: %s", m.path, example.command.Data)
			}
			without := example
			without.command.ID = fmt.Sprintf("without-%d-%d", n, i)
			without.command.Data = data
			receipt, err := story.try(t, without)
			if err == nil && (receipt.Outcome == ledger.Recorded || receipt.Outcome == ledger.Held) {
				t.Fatalf("%s without %s is %s, so it is not needed", example.command.ID, m.path, receipt.Outcome)
			}
		}
		story.submit(t, example)
	}
}

// calledNeeded says whether the page calls a member needed.
func calledNeeded(sections []*docSection, m structMember) bool {
	section := sectionNamed(sections, m.section)
	return section != nil && slices.Contains(section.members, docMember{m.name, true})
}

// ofAnOptionalPart says whether a member stands within one that is not needed.
func ofAnOptionalPart(sections []*docSection, members []structMember, m structMember) bool {
	return slices.ContainsFunc(members, func(whole structMember) bool {
		return strings.HasPrefix(m.path, whole.path+".") && !calledNeeded(sections, whole)
	})
}

// leaveOut returns data without the member at a path such as lines[].pence, and whether it was there.
func leaveOut(t *testing.T, data jsontext.Value, path string) (left jsontext.Value, had bool) {
	t.Helper()
	var whole any
	if err := json.Unmarshal(data, &whole); err != nil {
		t.Fatal(err)
	}
	had = remove(whole, strings.Split(path, "."))
	left, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return left, had
}

// remove deletes the member at a path from an object, and says whether it was there. A list on the way is entered.
func remove(from any, path []string) (removed bool) {
	if list, is := from.([]any); is {
		for _, one := range list {
			removed = remove(one, path) || removed
		}
		return removed
	}
	object, ok := from.(map[string]any)
	if !ok {
		return false
	}
	name := strings.TrimSuffix(path[0], "[]")
	value, ok := object[name]
	switch {
	case !ok:
		return false
	case len(path) == 1:
		delete(object, name)
		return true
	}
	return remove(value, path[1:])
}

// TestTheCommandReferenceSaysWhoGivesWhatNeedsControl looks for each role in which a command of the second page is given,
// and for whether it always needs two people.
func TestTheCommandReferenceSaysWhoGivesWhatNeedsControl(t *testing.T) {
	sections := commandsDoc(t)
	for _, kind := range documented() {
		section := sectionNamed(sections, kind.Name)
		if section == nil || section.page == docPages[0] {
			continue
		}
		for _, role := range kind.Roles {
			if !strings.Contains(section.text, string(role)) {
				t.Errorf("%s can be given by a %s, and the page does not say so", kind.Name, role)
			}
		}
		if says := strings.Contains(section.text, "always needs two people"); says != kind.TwoPeople {
			t.Errorf("%s always needs two people: %t; the page says so: %t", kind.Name, kind.TwoPeople, says)
		}
	}
}

// rulesOf returns the names of the rules that a Go file declares: its string constants called Rule….
func rulesOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Rule") {
			return true
		}
		for _, value := range spec.Values {
			text, is := value.(*ast.BasicLit)
			if !is {
				continue
			}
			rule, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatal(err)
			}
			rules = append(rules, rule)
		}
		return false
	})
	return rules
}

func TestTheRulesOfTheCommandReferenceExistAndNoneIsMissing(t *testing.T) {
	declared := rulesOf(t, filepath.Join("..", "..", "ledger", "command.go"))
	files, err := filepath.Glob(filepath.Join("..", "..", "domain", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			declared = append(declared, rulesOf(t, file)...)
		}
	}
	if len(declared) < 120 {
		t.Fatalf("only %d rules found: the search is wrong", len(declared))
	}
	sections := commandsDoc(t)
	explained := map[string]bool{}
	for _, section := range sections {
		for _, rule := range section.rules {
			explained[rule] = true
			if !slices.Contains(declared, rule) {
				t.Errorf("%s: there is no rule %s", section.heading, rule)
			}
		}
	}
	for _, rule := range declared {
		if !explained[rule] {
			t.Errorf("rule %s is explained nowhere", rule)
		}
	}
	for _, kind := range documented() {
		if section := sectionNamed(sections, kind.Name); section == nil || len(section.rules) == 0 {
			t.Errorf("%s has no line of rules", kind.Name)
		}
	}
}
