package archive

import (
	"bytes"
	"testing"
)

// The readers meet whatever stands in a file. They must not panic, and what they accept must be what would be written.

func FuzzManifest(f *testing.F) {
	dir := archived(f, testLog(nil).with(2, 50).with(1, 50))
	f.Add(readFile(f, dir, manifestFile))
	f.Add([]byte(`{"format":"pcnledger archive","version":1,"ledger":"a","generation":1,"first":0,"last":0,"segments":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decodeManifest(text)
		if err != nil {
			return
		}
		again, err := m.encode()
		check(t, err)
		if !bytes.Equal(again, text) {
			t.Errorf("%q was read from %q", again, text)
		}
	})
}

func FuzzSums(f *testing.F) {
	dir := archived(f, testLog(nil).with(2, 50).with(1, 50))
	m, err := decodeManifest(readFile(f, dir, manifestFile))
	check(f, err)
	f.Add(readFile(f, dir, sumsFile))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := decodeSums(text)
		if err != nil {
			return
		}
		if err := s.differs(m, text); (err == nil) != bytes.Equal(s.encode(m), text) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func FuzzTrailer(f *testing.F) {
	f.Add([]byte("note\n\n— name AAAA\n"), []byte("note\n\f\nnote\n\n— name AAAA\n"), []byte("1 key\n17 other\n"))
	f.Fuzz(func(t *testing.T, checkpoint, checkpoints, keys []byte) {
		trailer, err := decodeTrailer(map[string][]byte{checkpointFile: checkpoint, checkpointsFile: checkpoints, keysFile: keys})
		if err != nil {
			return
		}
		one, all, numbers, err := trailer.encode()
		check(t, err)
		if !bytes.Equal(one, checkpoint) || !bytes.Equal(all, checkpoints) || !bytes.Equal(numbers, keys) {
			t.Errorf("%q, %q, %q were read from %q, %q, %q", one, all, numbers, checkpoint, checkpoints, keys)
		}
	})
}

func FuzzSegment(f *testing.F) {
	l := testLog(nil).with(2, 50).with(1, 50)
	var raw, seals []byte
	for _, c := range l {
		raw = append(append(raw, c.Body...), '\n')
		seals = c.appendSeal(seals)
	}
	f.Add(raw, string(seals), int64(1), int64(3), 2)
	f.Add([]byte("[\n{}\n]\n"), "9 - -\n", int64(9), int64(9), 1)
	f.Fuzz(func(t *testing.T, raw []byte, text string, first, last int64, count int) {
		e := entry{First: first, Last: last, Commits: count}
		e.Bodies.File, e.Signatures.File = segmentName(first), signatureName(first)
		if first < 1 || last < first || last > maxNumber || count < 1 || int64(count) > last-first+1 || count > maxRaw || text == "" {
			return // the manifest would not say so
		}
		s := &Segment{entry: e, buffer: &buffer{raw: raw}, seals: text}
		var again, lines []byte
		next := first
		err := s.Commits(func(c Commit) error {
			if c.First != next {
				t.Errorf("number %d came where %d must follow", c.First, next)
			}
			next = c.Last() + 1
			again = append(append(again, c.Body...), '\n')
			lines = c.appendSeal(lines)
			return nil
		})
		if err == nil && (!bytes.Equal(again, raw) || string(lines) != text || next != last+1) {
			t.Errorf("%q and %q were read from %q and %q", again, lines, raw, text)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	dir := archived(f, testLog(nil).with(2, 50))
	a, err := Open(dir)
	check(f, err)
	f.Add(readFile(f, dir, segmentName(1)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		p := packed{File: segmentName(1), Raw: 500, Compressed: len(content)}
		raw, err := a.unpack(p, 1, content, make([]byte, 0, p.Raw+overrun))
		if err == nil && len(raw) != p.Raw || cap(raw) > p.Raw+overrun {
			t.Errorf("%d bytes, room for %d", len(raw), cap(raw))
		}
	})
}
