package archive

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

const (
	formatName    = "pcnledger archive"
	formatVersion = 1
)

var (
	ledgerForm = regexp.MustCompile(`^[a-z0-9-]{1,32}$`) // it stands in the shell commands of the README
	sumForm    = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// manifest says what an archive holds. The order of its fields is the order of the members in manifest.json.
type manifest struct {
	Format     string  `json:"format"`
	Version    int     `json:"version"`
	Ledger     string  `json:"ledger"`
	Generation int     `json:"generation"` // of the log that the last backup was taken from
	First      int64   `json:"first"`      // 1, or 0 while there is nothing
	Last       int64   `json:"last"`
	Segments   []entry `json:"segments"`
}

// entry is one segment: its commits and their signatures.
type entry struct {
	First      int64  `json:"first"` // number of its first event
	Last       int64  `json:"last"`
	Commits    int    `json:"commits"`
	Bodies     packed `json:"bodies"`
	Signatures packed `json:"signatures"`
}

// packed is one compressed file.
type packed struct {
	File       string `json:"file"`
	Raw        int    `json:"raw"`        // bytes before compression
	Compressed int    `json:"compressed"` // bytes of the file
	SHA256     string `json:"sha256"`     // of the file, as it is on disk
}

// filesOfSegment is how many files a segment has.
const filesOfSegment = 2

// files returns the segment's files in the order of SHA256SUMS.
func (e entry) files() [filesOfSegment]packed { return [filesOfSegment]packed{e.Bodies, e.Signatures} }

// add puts a segment after the last.
func (m *manifest) add(e entry) {
	m.First, m.Last, m.Segments = 1, e.Last, append(m.Segments, e)
}

// encode writes the manifest with one segment a line, so that people and line tools can read it.
func (m manifest) encode() ([]byte, error) {
	segments := m.Segments
	m.Segments = []entry{}
	head, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	text := bytes.NewBuffer(nil)
	members := strings.TrimSuffix(strings.TrimPrefix(string(head), "{"), "]}")
	text.WriteString("{\n  " + strings.ReplaceAll(members, `,"`, ",\n  \""))
	for i, e := range segments {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text.WriteString(",")
		}
		text.WriteString("\n    ")
		text.Write(line)
	}
	text.WriteString("\n  ]\n}\n")
	return text.Bytes(), nil
}

// decodeManifest accepts exactly what encode writes of a manifest that holds together.
func decodeManifest(text []byte) (manifest, error) {
	var kind struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return manifest{}, fmt.Errorf("cannot be read: %w", err)
	}
	if kind.Format != formatName {
		return manifest{}, fmt.Errorf("says that this is a %q and not a %q", kind.Format, formatName)
	}
	if kind.Version != formatVersion {
		return manifest{}, fmt.Errorf("says that the archive is of version %d; this programme reads version %d", kind.Version, formatVersion)
	}
	var m manifest
	if err := json.Unmarshal(text, &m, json.RejectUnknownMembers(true)); err != nil {
		return manifest{}, fmt.Errorf("cannot be read: %w", err)
	}
	if err := m.check(); err != nil {
		return manifest{}, err
	}
	again, err := m.encode()
	if err == nil && !bytes.Equal(again, text) {
		err = errors.New("is not in the form that this programme writes")
	}
	return m, err
}

// check reports what cannot be in an archive.
func (m manifest) check() error {
	if err := checkLog(m.Ledger, m.Generation); err != nil {
		return fmt.Errorf("says that %w", err)
	}
	last := int64(0)
	for _, e := range m.Segments {
		if err := e.check(last + 1); err != nil {
			return err
		}
		last = e.Last
	}
	if m.First != min(last, 1) || m.Last != last {
		return fmt.Errorf("says that numbers %d to %d are there; its segments end at %d", m.First, m.Last, last)
	}
	return nil
}

// checkLog reports a ledger or generation that there cannot be.
func checkLog(ledger string, generation int) error {
	if !ledgerForm.MatchString(ledger) || generation < 1 {
		return fmt.Errorf("it is of ledger %q, generation %d, which there cannot be", ledger, generation)
	}
	return nil
}

func (e entry) check(first int64) error {
	switch {
	case e.First != first:
		return fmt.Errorf("names a segment that begins at number %d where number %d must follow", e.First, first)
	case e.Last < e.First || e.Last > maxNumber || e.Commits < 1 || int64(e.Commits) > e.Last-e.First+1:
		return fmt.Errorf("names a segment of numbers %d to %d with %d commits, which there cannot be", e.First, e.Last, e.Commits)
	}
	if err := e.Bodies.check(segmentName(first)); err != nil {
		return err
	}
	return e.Signatures.check(signatureName(first))
}

func (p packed) check(name string) error {
	switch {
	case p.File != name:
		return fmt.Errorf("names file %q where %q must stand", p.File, name)
	case p.Raw < 1 || p.Raw > maxRaw || p.Compressed < 1 || p.Compressed > maxPacked:
		return fmt.Errorf("says that %s has %d bytes, %d compressed; there can be 1 to %d, %d compressed", name, p.Raw, p.Compressed, maxRaw, maxPacked)
	case !sumForm.MatchString(p.SHA256):
		return fmt.Errorf("has no SHA-256 of %s", name)
	}
	return nil
}
