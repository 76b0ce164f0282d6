package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pcnledger/eventstore/proof"
)

// commandsOf returns the commands of a README: its lines that are set in by exactly four spaces.
func commandsOf(readme []byte) string {
	var script strings.Builder
	for line := range strings.Lines(string(readme)) {
		if command, ok := strings.CutPrefix(line, "    "); ok && !strings.HasPrefix(command, " ") {
			script.WriteString(command)
		}
	}
	return script.String()
}

// runREADME runs the commands of the README in an archive, as a stranger would, and returns what they print.
func runREADME(t *testing.T, dir string) (string, error) {
	t.Helper()
	for _, tool := range []string{"sh", "sha256sum", "zstd", "openssl", "awk", "sed", "base64"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the README's commands need %s: apt-get install zstd openssl (the others are in every system)", tool)
		}
	}
	shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c", commandsOf(readFile(t, dir, readmeFile)))
	shell.Dir = dir
	shell.Env = append(shell.Environ(), "LC_ALL=C", "TMPDIR="+t.TempDir())
	output, err := shell.CombinedOutput()
	return string(output), err
}

// signed returns the commit as the key's ledger records it.
func signed(key *proof.Key, c Commit, root proof.Hash) Commit {
	seal := proof.Seal{Ledger: testLedger, First: c.First, Before: root, Body: sha256.Sum256(c.Body)}
	c.Root, c.Signatures = root.String(), []string{key.Sign(seal).String()}
	return c
}

// signedArchive is an archive whose first commit has no signature. It returns the line of event 1 too.
func signedArchive(t *testing.T) (dir string, line []byte) {
	t.Helper()
	key, err := proof.NewKey(testLedger)
	check(t, err)
	l := largeLog(2).with(3, 500).with(1, 100)
	l[0].Root, l[0].Signatures = "", nil
	for i := range l[1:] {
		l[i+1] = signed(key, l[i+1], proof.LeafHash(l[i].Body))
	}
	checkpoint, err := key.SignCheckpoint(proof.Checkpoint{Origin: proof.Origin(testLedger, 1), Size: 8, Root: proof.LeafHash(l[3].Body)})
	check(t, err)
	dir = filepath.Join(t.TempDir(), "archive")
	w, err := OpenWriter(dir, l.source())
	check(t, err)
	for _, c := range l {
		check(t, w.Add(c))
	}
	check(t, w.Close(Trailer{[][]byte{checkpoint}, []Key{{3, key.Public().String()}}}))
	line = bytes.Split(l[0].Body, []byte("\n"))[1]
	return dir, bytes.TrimSuffix(line, []byte(","))
}

func TestAStrangerCanCheckAnArchiveByItsREADME(t *testing.T) {
	dir, line := signedArchive(t)
	output, err := runREADME(t, dir)
	if err != nil {
		t.Fatalf("%v: %s", err, output[max(0, len(output)-1000):])
	}
	leaf := proof.LeafHash(line)
	for _, said := range []string{
		"The files are whole.\n",
		"\n" + string(line) + "\n",
		"\n" + hex.EncodeToString(leaf[:]) + "  -\n",
		"commit 2, at number 3:\n",
		"\npcnledger/oxfordshire/g1\n8\n",
	} {
		if !strings.Contains(output, said) {
			t.Errorf("it did not print %.200q", said)
		}
	}
	if found := strings.Count(output, "Signature Verified Successfully"); found != 2 {
		t.Errorf("it verified %d signatures", found)
	}
}

func TestAStrangerFindsDamageByTheREADME(t *testing.T) {
	dir, _ := signedArchive(t)
	write(segmentName(3), flipped(readFile(t, dir, segmentName(3)), 30))(t, dir)
	output, err := runREADME(t, dir)
	if err == nil || !strings.Contains(output, segmentName(3)+": FAILED") {
		t.Errorf("%v: %.1000s", err, output)
	}
}

func TestAStrangerFindsAForgedCommitByTheREADME(t *testing.T) {
	dir, _ := signedArchive(t)
	forge(t, dir, func(m *manifest) {
		m.Segments[1].Bodies.refill(t, dir, "[\n{\"number\":3},\n{\"number\":4}\n]\n")
	})
	output, err := runREADME(t, dir)
	if err == nil || !strings.Contains(output, "The files are whole.") || !strings.Contains(output, "Signature Verification Failure") {
		t.Errorf("%v: %.1000s", err, output)
	}
}

func TestTheREADMENamesEveryFile(t *testing.T) {
	text := string(readme(testLedger))
	for _, name := range append(smallFiles()[1:], sumsFile, lockFile, segmentFolder+"/", signatureFolder+"/", unfinished, testLedger) {
		if !strings.Contains(text, name) {
			t.Errorf("it does not name %s", name)
		}
	}
	if strings.Contains(text, "@") {
		t.Error("it has a place that was not filled")
	}
}
