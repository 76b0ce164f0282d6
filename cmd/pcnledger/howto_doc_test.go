package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// TestWhatTheHowTosSayCanBeSaid reads each command of docs/howto as the ledger does, and looks for what it links to.
func TestWhatTheHowTosSayCanBeSaid(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "howto")
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no how-tos: %v", err)
	}
	commands, link := 0, regexp.MustCompile(`\]\(([^)#]+)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, `{"id":`) {
				commands++
				if err := sayable(line); err != nil {
					t.Errorf("%s: %s: %v", file, line, err)
				}
			}
			for _, found := range link.FindAllStringSubmatch(line, -1) {
				if _, err := os.Stat(filepath.Join(dir, found[1])); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
	}
	if commands < 10 {
		t.Errorf("only %d commands were found: the test tests nothing", commands)
	}
}

// sayable reports what is wrong with the form of a command.
func sayable(line string) error {
	c, err := ledger.ParseCommand([]byte(line))
	if err != nil {
		return err
	}
	kind, known := domain.CommandNamed(c.Name)
	if !known {
		return os.ErrNotExist
	}
	_, err = kind.Decode(func(into any) error { return json.Unmarshal(c.Data, into, json.RejectUnknownMembers(true)) })
	return err
}
