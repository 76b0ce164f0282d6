package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheCommandsOfTheProofsPageRun runs docs/proofs.md from top to bottom, as a reader would.
func TestTheCommandsOfTheProofsPageRun(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "proofs.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"sh", "openssl", "sed", "base64", "od"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the page's commands need %s: apt-get install openssl (the others are in every system)", tool)
		}
	}
	var script strings.Builder
	for i, part := range strings.Split(string(page), "```") {
		if commands, ok := strings.CutPrefix(part, "sh\n"); ok && i%2 == 1 {
			script.WriteString(commands)
		}
	}
	dir := t.TempDir()
	shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script.String())
	shell.Dir = dir
	shell.Env = append(shell.Environ(), "HOME="+dir, "PATH="+filepath.Dir(programmeFile(t, "pcnledger"))+":"+os.Getenv("PATH"))
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for sentence, times := range map[string]int{
		"Event 3 is in the tree with root":              1,
		"Signature Verified Successfully":               2, // the checkpoint's and the witness's
		"is whole: numbers 1 to":                        5,
		"up to number 5 continues the log up to number": 1,
		"Restored ledger main: numbers 1 to 5":          1,
	} {
		if n := strings.Count(string(out), sentence); n != times {
			t.Errorf("%q is printed %d times, want %d:\n%s", sentence, n, times, out)
		}
	}
}
