package archive

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// readThrough opens the archive in dir and reads all of it. It returns how far it came.
func readThrough(dir string) (last int64, err error) {
	a, err := Open(dir)
	if err != nil {
		return 0, err
	}
	err = a.Commits(context.Background(), 1, func(c Commit) error {
		last = c.Last()
		return nil
	})
	return last, err
}

// damagedLog has three segments, which begin at 1, 3 and 5. The last one has two commits.
func damagedLog() testLog { return largeLog(2).with(1, large).with(1, 3000) }

func TestDamageIsFoundAndNamed(t *testing.T) {
	base := archived(t, damagedLog())
	sound := func(file string) []byte { return readFile(t, base, file) }
	for name, c := range map[string]struct {
		harm   func(t *testing.T, dir string)
		file   string
		number int64
		says   string
	}{
		"a segment is missing":           {remove(segmentName(3)), segmentName(3), 3, "is missing"},
		"signatures are missing":         {remove(signatureName(3)), signatureName(3), 3, "is missing"},
		"a segment was renamed":          {move(segmentName(3), segmentFolder+"/3.jsonl.zst"), segmentName(3), 3, "is missing"},
		"the last segment is missing":    {remove(segmentName(5)), segmentName(5), 5, "is missing"},
		"the folder is missing":          {move(segmentFolder, "elsewhere"), segmentName(1), 1, "is missing"},
		"there is a segment more":        {write(segmentName(7), sound(segmentName(5))), segmentName(7), 7, "is not in manifest.json"},
		"there is a segment in between":  {write(segmentName(4), sound(segmentName(5))), segmentName(4), 4, "is not in manifest.json"},
		"there is another file":          {write(signatureFolder+"/notes", nil), signatureFolder + "/notes", 0, "is not in manifest.json"},
		"a segment was cut short":        {write(segmentName(3), sound(segmentName(3))[:50]), segmentName(3), 3, "has 50 bytes"},
		"a segment is empty":             {write(segmentName(3), nil), segmentName(3), 3, "has 0 bytes"},
		"a segment has a byte more":      {write(segmentName(3), append(sound(segmentName(3)), 0)), segmentName(3), 3, "were archived"},
		"a segment has another byte":     {write(segmentName(3), flipped(sound(segmentName(3)), 20)), segmentName(3), 3, "SHA-256"},
		"signatures have another byte":   {write(signatureName(5), flipped(sound(signatureName(5)), 20)), signatureName(5), 5, "SHA-256"},
		"segments have changed places":   {write(segmentName(1), sound(segmentName(3))), segmentName(1), 1, "SHA-256"},
		"a segment is a directory":       {directory(segmentName(3)), segmentName(3), 3, "were archived"},
		"the manifest is missing":        {remove(manifestFile), manifestFile, 0, "is missing"},
		"the manifest has another byte":  {write(manifestFile, flipped(sound(manifestFile), 100)), manifestFile, 0, "SHA-256"},
		"the manifest is a link to none": {dangling(manifestFile), manifestFile, 0, "is missing"},
		"the checksums are missing":      {remove(sumsFile), sumsFile, 0, "is missing"},
		"the checksums are empty":        {write(sumsFile, nil), sumsFile, 0, "README.txt must stand"},
		"a checksum is missing":          {write(sumsFile, without(sound(sumsFile), segmentName(3))), sumsFile, 3, "disagree in line 8"},
		"a checksum is added":            {write(sumsFile, append(sound(sumsFile), sound(sumsFile)[:78]...)), sumsFile, 0, "lists files"},
		"a checksum has another digit":   {write(sumsFile, otherDigit(sound(sumsFile), segmentName(3))), sumsFile, 3, "disagree in line 8"},
		"the README has another byte":    {write(readmeFile, flipped(sound(readmeFile), 9)), readmeFile, 0, "SHA-256"},
		"the checkpoint is missing":      {remove(checkpointFile), checkpointFile, 0, "is missing"},
		"a checkpoint has another byte":  {write(checkpointsFile, flipped(sound(checkpointsFile), 9)), checkpointsFile, 0, "SHA-256"},
		"the keys have another byte":     {write(keysFile, flipped(sound(keysFile), 0)), keysFile, 0, "SHA-256"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyOf(t, base)
			c.harm(t, dir)
			last, err := readThrough(dir)
			isDamage(t, err, c.file, c.number, c.says)
			if c.number > 0 && last != 0 && last != c.number-1 {
				t.Errorf("it was read up to %d", last)
			}
			if err := damagedLog().with(1, 10).backup(disk{dir: dir}); err == nil && !strings.Contains(c.says, "SHA-256") {
				t.Error("a backup was added to it")
			}
		})
	}
}

func isDamage(t *testing.T, err error, file string, number int64, says string) {
	t.Helper()
	found, ok := errors.AsType[*Damage](err)
	if !ok {
		t.Fatalf("the error is %v", err)
	}
	if found.File != file || found.Number != number || !strings.Contains(found.What, says) {
		t.Errorf("the damage is %q; it should name %s and %d and say %q", found, file, number, says)
	}
}

func remove(file string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { check(t, os.Remove(filepath.Join(dir, file))) }
}

func move(file, to string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { check(t, os.Rename(filepath.Join(dir, file), filepath.Join(dir, to))) }
}

func write(file string, content []byte) func(*testing.T, string) {
	return func(t *testing.T, dir string) { writeFile(t, filepath.Join(dir, file), content) }
}

func dangling(file string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		remove(file)(t, dir)
		check(t, os.Symlink("elsewhere", filepath.Join(dir, file)))
	}
}

func directory(file string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		remove(file)(t, dir)
		check(t, os.Mkdir(filepath.Join(dir, file), dirPerm))
	}
}

func flipped(content []byte, at int) []byte {
	content = bytes.Clone(content)
	content[at] ^= 4
	return content
}

// without leaves out the line that ends in file; otherDigit changes its first digit.
func without(text []byte, file string) []byte {
	end := bytes.Index(text, []byte(file+"\n"))
	return append(bytes.Clone(text[:end-66]), text[end+len(file)+1:]...)
}

func otherDigit(text []byte, file string) []byte {
	at := bytes.Index(text, []byte(file+"\n")) - 66
	text = bytes.Clone(text)
	if text[at]++; text[at] == '9'+1 || text[at] == 'f'+1 {
		text[at] = '0'
	}
	return text
}

// forge changes an archive as someone does who then makes its checksums right again.
func forge(t *testing.T, dir string, change func(*manifest)) {
	t.Helper()
	a, err := Open(dir)
	check(t, err)
	change(&a.manifest)
	text, err := a.manifest.encode()
	check(t, err)
	a.small[manifestFile] = sumOf(text)
	writeFile(t, filepath.Join(dir, manifestFile), text)
	writeFile(t, filepath.Join(dir, sumsFile), a.small.encode(a.manifest))
}

// refill puts other contents into a compressed file and into what the manifest says of it.
func (p *packed) refill(t *testing.T, dir, raw string) {
	t.Helper()
	encoder, err := zstd.NewWriter(nil)
	check(t, err)
	content := encoder.EncodeAll([]byte(raw), nil)
	*p = packed{File: p.File, Raw: len(raw), Compressed: len(content), SHA256: sumOf(content)}
	writeFile(t, filepath.Join(dir, p.File), content)
}

func TestAForgedArchiveDoesNotHoldTogether(t *testing.T) {
	base := archived(t, damagedLog())
	for name, c := range map[string]struct {
		change func(t *testing.T, dir string, m *manifest)
		file   string
		number int64
		says   string
	}{
		"segments were exchanged": {func(t *testing.T, dir string, m *manifest) {
			s := m.Segments
			exchange(t, dir, &s[0].Bodies, &s[2].Bodies)
			exchange(t, dir, &s[0].Signatures, &s[2].Signatures)
		}, signatureName(1), 1, `said to begin at "5"`},
		"bodies were exchanged": {func(t *testing.T, dir string, m *manifest) {
			exchange(t, dir, &m.Segments[1].Bodies, &m.Segments[2].Bodies)
		}, signatureName(3), 4, "it ends before this commit"},
		"a segment was left out":      {func(t *testing.T, dir string, m *manifest) { m.Segments = m.Segments[1:] }, manifestFile, 0, "begins at number 3 where number 1"},
		"the last number was lowered": {func(t *testing.T, dir string, m *manifest) { m.Last = 2 }, manifestFile, 0, "its segments end at 6"},
		"a segment says fewer numbers": {func(t *testing.T, dir string, m *manifest) {
			m.Last, m.Segments[2].Last, m.Segments[2].Commits = 5, 5, 1
		}, segmentName(5), 6, "does not hold 1 commits of numbers 5 to 5"},
		"a segment says more numbers": {func(t *testing.T, dir string, m *manifest) {
			m.Last, m.Segments[2].Last = 7, 7
		}, segmentName(5), 7, "does not hold 2 commits of numbers 5 to 7"},
		"a segment says fewer commits":       {func(t *testing.T, dir string, m *manifest) { m.Segments[2].Commits = 1 }, segmentName(5), 7, "does not hold 1 commits"},
		"there are fewer lines than commits": {seals("5 r a\n"), signatureName(5), 6, "it ends before this commit"},
		"there are more lines than commits":  {seals("5 r a\n6 r a\n7 r a\n"), signatureName(5), 5, "more commits than there are"},
		"a line has another number":          {seals("5 r a\n7 r a\n"), signatureName(5), 6, `said to begin at "7"`},
		"a number is spelt otherwise":        {seals("5 r a\n06 r a\n"), signatureName(5), 6, `said to begin at "06"`},
		"a line has no signature":            {seals("5 r a\n6 r\n"), signatureName(5), 6, "cannot be a root"},
		"a line has an empty signature":      {seals("5 r a\n6 r a \n"), signatureName(5), 6, "cannot be a signature"},
		"a line has a root and no signature": {seals("5 r a\n6 r -\n"), signatureName(5), 6, "cannot be a signature"},
		"a body has no frame":                {bodies("{}\n"), segmentName(5), 5, "in their frame"},
		"a body has no event":                {bodies("[\n]\n"), segmentName(5), 5, "in their frame"},
		"a body does not end":                {bodies("[\n{}\n]\n[\n{}"), segmentName(5), 6, "in their frame"},
		"a segment is no segment": {func(t *testing.T, dir string, m *manifest) {
			p := &m.Segments[2].Bodies
			content := bytes.Repeat([]byte("x"), p.Compressed)
			p.SHA256 = sumOf(content)
			writeFile(t, filepath.Join(dir, p.File), content)
		}, segmentName(5), 5, "cannot be decompressed"},
		"a size is another":     {func(t *testing.T, dir string, m *manifest) { m.Segments[2].Bodies.Raw++ }, segmentName(5), 5, "were archived"},
		"a size is too large":   {func(t *testing.T, dir string, m *manifest) { m.Segments[2].Bodies.Raw = maxRaw + 1 }, manifestFile, 0, "there can be"},
		"a file is elsewhere":   {func(t *testing.T, dir string, m *manifest) { m.Segments[2].Bodies.File = "../x" }, manifestFile, 0, `names file "../x"`},
		"the ledger is none":    {func(t *testing.T, dir string, m *manifest) { m.Ledger = "$(id)" }, manifestFile, 0, "which there cannot be"},
		"the format is later":   {func(t *testing.T, dir string, m *manifest) { m.Version = 2 }, manifestFile, 0, "is of version 2; this programme reads version 1"},
		"the format is no such": {func(t *testing.T, dir string, m *manifest) { m.Format = "tar" }, manifestFile, 0, `this is a "tar"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyOf(t, base)
			forge(t, dir, func(m *manifest) { c.change(t, dir, m) })
			_, err := readThrough(dir)
			isDamage(t, err, c.file, c.number, c.says)
		})
	}
}

func TestTheNewestCheckpointIsTheLastOne(t *testing.T) {
	dir := archived(t, damagedLog())
	text, err := (disk{dir: dir}).sums()
	check(t, err)
	older := damagedLog().trailer().Checkpoints[1]
	write(checkpointFile, older)(t, dir)
	text = bytes.Replace(text, []byte(sumOf(damagedLog().trailer().Checkpoints[3])), []byte(sumOf(older)), 1)
	write(sumsFile, text)(t, dir)
	_, err = Open(dir)
	isDamage(t, err, checkpointFile, 0, "is not the last one")
}

func exchange(t *testing.T, dir string, a, b *packed) {
	one, other := readFile(t, dir, a.File), readFile(t, dir, b.File)
	writeFile(t, filepath.Join(dir, a.File), other)
	writeFile(t, filepath.Join(dir, b.File), one)
	a.File, b.File = b.File, a.File
	*a, *b = *b, *a
}

func seals(text string) func(*testing.T, string, *manifest) {
	return func(t *testing.T, dir string, m *manifest) { m.Segments[2].Signatures.refill(t, dir, text) }
}

func bodies(text string) func(*testing.T, string, *manifest) {
	return func(t *testing.T, dir string, m *manifest) { m.Segments[2].Bodies.refill(t, dir, text) }
}

func TestASegmentThatWouldFillTheMemoryIsRefused(t *testing.T) {
	dir := archived(t, damagedLog())
	forge(t, dir, func(m *manifest) {
		p := &m.Segments[2].Bodies
		p.refill(t, dir, strings.Repeat("\x00", 512<<20))
		p.Raw = maxRaw
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	last, err := readThrough(dir)
	runtime.ReadMemStats(&after)
	isDamage(t, err, segmentName(5), 5, "cannot be decompressed to 1048576 bytes")
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("reading took %d bytes", used)
	}
	if last != 4 {
		t.Errorf("it was read up to %d", last)
	}
}

// Whatever bit of whatever file changes, it is found; but the lock says nothing.
func TestEveryChangedBitIsFound(t *testing.T) {
	dir := archived(t, testLog(nil).with(2, 60).with(1, 60))
	r := random(t)
	for _, file := range filesIn(t, dir) {
		sound := readFile(t, dir, file)
		for at := r.IntN(5); at < len(sound); at += 1 + r.IntN(20) {
			changed := bytes.Clone(sound)
			changed[at] ^= 1 << r.IntN(8)
			writeFile(t, filepath.Join(dir, file), changed)
			if _, err := readThrough(dir); !isDamaged(err) {
				t.Fatalf("byte %d of %s was changed: %v", at, file, err)
			}
			writeFile(t, filepath.Join(dir, file), sound[:at])
			if _, err := readThrough(dir); !isDamaged(err) {
				t.Fatalf("%s was cut after %d bytes: %v", file, at, err)
			}
		}
		writeFile(t, filepath.Join(dir, file), sound)
	}
	if _, err := readThrough(dir); err != nil {
		t.Fatal(err)
	}
}

func isDamaged(err error) bool {
	_, ok := errors.AsType[*Damage](err)
	return ok
}
