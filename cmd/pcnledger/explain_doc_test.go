package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pcnledger/domain"
)

// TestEveryMemberOfAnExplanationIsDocumented reads the tables of the how-to.
func TestEveryMemberOfAnExplanationIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "howto", "explain-a-figure.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	_, tables, _ := strings.Cut(string(text), "## As JSON")
	for line := range strings.Lines(tables) {
		if names, _, is := strings.Cut(strings.TrimPrefix(line, "| "), " | "); is && strings.HasPrefix(line, "| `") {
			for name := range strings.SplitSeq(names, ", ") {
				documented[strings.Trim(name, "`")] = true
			}
		}
	}
	members := map[string]bool{}
	for _, of := range []reflect.Type{reflect.TypeFor[explained](), reflect.TypeFor[domain.Explanation](), reflect.TypeFor[domain.Input]()} {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			members[name] = true
			if !documented[name] {
				t.Errorf("%s of %s is not documented", name, of)
			}
		}
	}
	for name := range documented {
		if !members[name] {
			t.Errorf("%s is documented, and no member", name)
		}
	}
}
