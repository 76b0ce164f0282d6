package archive

import (
	"bytes"
	"fmt"
	"strings"
)

// sums are the checksums of the small files, which stand first in SHA256SUMS. Those of the segments follow from the
// manifest.
type sums map[string]string

// smallFiles are the small files in the order of SHA256SUMS.
func smallFiles() []string {
	return []string{readmeFile, checkpointFile, checkpointsFile, keysFile, manifestFile}
}

// encode writes SHA256SUMS in the form of sha256sum.
func (s sums) encode(m manifest) []byte {
	text := bytes.NewBuffer(nil)
	for _, file := range smallFiles() {
		fmt.Fprintf(text, "%s  %s\n", s[file], file)
	}
	for _, e := range m.Segments {
		for _, p := range e.files() {
			text.WriteString(p.SHA256 + "  " + p.File + "\n")
		}
	}
	return text.Bytes()
}

// decodeSums reads the checksums of the small files. What follows them is compared with the manifest later, by
// [sums.differs].
func decodeSums(text []byte) (sums, error) {
	s := sums{}
	rest := string(text)
	for _, file := range smallFiles() {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		sum, name, _ := strings.Cut(line, "  ")
		if name != file || !sumForm.MatchString(sum) {
			return nil, damage(sumsFile, 0, "has the line %.100q where the checksum of %s must stand", line, file)
		}
		s[file] = sum
	}
	return s, nil
}

// differs reports the first line of SHA256SUMS that is not as s and m say.
func (s sums) differs(m manifest, text []byte) error {
	expected := s.encode(m)
	if bytes.Equal(text, expected) {
		return nil
	}
	found := strings.Split(string(text), "\n")
	for i, line := range strings.Split(strings.TrimSuffix(string(expected), "\n"), "\n") {
		if i >= len(found) || found[i] != line {
			return damage(sumsFile, m.numberOfLine(i), "and %s disagree in line %d, which should be %q: one of the two was changed", manifestFile, i+1, line)
		}
	}
	return damage(sumsFile, 0, "lists files that are not in %s", manifestFile)
}

// numberOfLine returns the first number of the segment that line i of SHA256SUMS is about, counted from 0.
func (m manifest) numberOfLine(i int) int64 {
	segment := (i - len(smallFiles())) / filesOfSegment
	if i < len(smallFiles()) || segment >= len(m.Segments) {
		return 0
	}
	return m.Segments[segment].First
}
