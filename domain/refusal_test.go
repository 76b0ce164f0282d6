package domain

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sourceNames lists the package's files without its tests.
func sourceNames(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
}

// refusedRow is a row that a rule forbids, and the refusal it met.
type refusedRow struct {
	name    string
	refusal *Refusal
}

func refusedRows(t *testing.T) []refusedRow {
	t.Helper()
	var refused []refusedRow
	for _, r := range tables() {
		if r.rule == "" {
			continue
		}
		_, _, err := r.decide(t)
		refusal := refusalOf(err)
		if refusal == nil {
			t.Errorf("%s: got %v, want rule %s", r.name, err, r.rule)
			continue
		}
		refused = append(refused, refusedRow{r.name, refusal})
	}
	slices.SortFunc(refused, func(a, b refusedRow) int {
		return cmp.Or(cmp.Compare(a.refusal.Rule, b.refusal.Rule), cmp.Compare(a.name, b.name))
	})
	return refused
}

// TestRefusalWording keeps the wording of every refusal in one file for finance to review. Write it anew with
// go test ./domain -run RefusalWording -update.
func TestRefusalWording(t *testing.T) {
	var text strings.Builder
	text.WriteString("The words of every refusal, by rule: the case, the reason, the remedy, and the figures behind it.\n")
	rule := Rule("")
	for _, r := range refusedRows(t) {
		if r.refusal.Rule != rule {
			rule = r.refusal.Rule
			fmt.Fprintf(&text, "\n%s\n", rule)
		}
		fmt.Fprintf(&text, "  %s\n    reason   %s\n    remedy   %s\n", r.name, r.refusal.Reason, r.refusal.Remedy)
		if len(r.refusal.Figures) > 0 {
			figures := make([]string, len(r.refusal.Figures))
			for i, f := range r.refusal.Figures {
				figures[i] = f.Name + " " + f.Pence.String()
			}
			fmt.Fprintf(&text, "    figures  %s\n", strings.Join(figures, "; "))
		}
	}
	golden := filepath.Join("testdata", "refusals.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("the wording differs from %s; if it is meant, run with -update (-golden +now):\n%s", golden, diff)
	}
}

func TestEveryRuleHasARow(t *testing.T) {
	provoked := map[Rule]bool{}
	for _, r := range tables() {
		if r.rule != "" {
			provoked[r.rule] = true
		}
	}
	seen := map[Rule]string{}
	for name, rule := range rulesInSource(t) {
		if !provoked[rule] {
			t.Errorf("no row provokes %s (%s)", name, rule)
		}
		if other, twice := seen[rule]; twice {
			t.Errorf("%s and %s are both called %s", name, other, rule)
		}
		seen[rule] = name
	}
	if len(seen) == 0 {
		t.Error("refusal.go declares no rules")
	}
}

// rulesInSource reads the constants of type Rule, by name.
func rulesInSource(t *testing.T) map[string]Rule {
	t.Helper()
	rules := map[string]Rule{}
	var all []ast.Decl
	for _, file := range sources(t) {
		all = append(all, file.Decls...)
	}
	for _, d := range all {
		constants, ok := d.(*ast.GenDecl)
		if !ok || constants.Tok != token.CONST {
			continue
		}
		for _, spec := range constants.Specs {
			value := spec.(*ast.ValueSpec)
			if kind, ok := value.Type.(*ast.Ident); !ok || kind.Name != "Rule" {
				continue
			}
			for i, name := range value.Names {
				text, err := strconv.Unquote(value.Values[i].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				rules[name.Name] = Rule(text)
			}
		}
	}
	return rules
}

func TestRowsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range tables() {
		if seen[r.name] {
			t.Errorf("two rows are called %q", r.name)
		}
		seen[r.name] = true
		if outcomes := btoi(r.then != nil || r.totals != "") + btoi(r.unchanged) + btoi(r.rule != ""); outcomes != 1 {
			t.Errorf("%q has %d outcomes, not one", r.name, outcomes)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestRefusalsCanBeActedUpon asks of every refusal what a finance officer would.
func TestRefusalsCanBeActedUpon(t *testing.T) {
	for _, r := range refusedRows(t) {
		text := r.refusal.Error()
		switch {
		case r.refusal.Reason == "" || r.refusal.Remedy == "":
			t.Errorf("%s: no reason or no remedy", r.name)
		case strings.Contains(text, "%!") || strings.Contains(text, "  "):
			t.Errorf("%s: %q has a hole in it", r.name, text)
		case strings.HasSuffix(r.refusal.Reason, ".") || strings.HasSuffix(r.refusal.Remedy, "."):
			t.Errorf("%s: %q ends in a full stop; reason and remedy are joined by a semicolon", r.name, text)
		}
		for _, f := range r.refusal.Figures {
			if f.Name == "" {
				t.Errorf("%s: a figure has no name", r.name)
			}
		}
	}
}
