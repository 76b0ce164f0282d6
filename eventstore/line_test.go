package eventstore

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// smallData, claimData and listData are the data of events as a ledger writes them: one line, and many.
const smallData = `{"fund":"NR-PCN-2018","decision":{"body":"Executive Committee","date":"2018-12-10","paper":"18/104"},"lines":[{"payee":"local:OCA","for":"2018-19","pence":9000000}]}`

func claimData(lines int) jsontext.Value {
	var b strings.Builder
	b.WriteString(`{"network":"local:NORTH","month":"2019-20/M04","reference":"July, first","declaration":true,"lines":[`)
	for i := range lines {
		fmt.Fprintf(&b, `{"person":"0b9d6f0e-5c1a-4a52-9a4e-%012d","salary":%d,"ni":%d,"pension":%d},`, i, 300000+i*7, 38000+i, 52000+i)
	}
	return jsontext.Value(strings.TrimSuffix(b.String(), ",") + "]}")
}

func listData(lines int) jsontext.Value {
	var b strings.Builder
	b.WriteString(`{"population":"registered","average":"2018-19","standsfor":"2018-04-01","source":{"title":"example"},"lines":[`)
	for i := range lines {
		fmt.Fprintf(&b, `{"practice":"ods:K8%04d","patients":%d,"published":"%d.25"},`, i, 2000+i, 2000+i)
	}
	return jsontext.Value(strings.TrimSuffix(b.String(), ",") + "]}")
}

func benchmarkEvents() map[string]Event {
	events := map[string]Event{}
	for name, data := range map[string]jsontext.Value{"small": jsontext.Value(smallData), "claim of 200": claimData(200), "list of 1000": listData(1000)} {
		x := entry("0b9d6f0e-5c1a-4a52-9a4e-0d9a3c5b7e11")
		x.Data = data
		events[name] = x.event(testLedger, 12345, 12345, 1, 1)
	}
	return events
}

// sameAsStrictly fails if the line is read by hand and the library would not read it, or would read another event.
func sameAsStrictly(t testing.TB, line []byte) {
	t.Helper()
	got, ok := scanLine(line)
	if !ok {
		return
	}
	want, err := readStrictly(line)
	if err != nil {
		t.Fatalf("it is read by hand, and is no line: %v\n%q", err, line)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q\nis read by hand as\n%+v\nand by the library as\n%+v", line, got, want)
	}
}

// plainLines are lines as a ledger writes them, all of which are to be read by hand.
func plainLines(t testing.TB) (lines [][]byte) {
	held, odd, empty := entry("held"), entry("odd"), entry("empty")
	held.Request, held.RaisedBy, held.ApprovedBy = "0b9d6f0e-raise", "os:bob", "os:ann"
	held.Subject, held.EffectiveDate = "fund/naïve <&> \u2028 line", ""
	odd.Data = jsontext.Value(`{"a":[],"b":{},"c":[1,-2.5e+7,0,-0,0.10,1E5],"d":[true,false,null],"é":"\"\\\b\f\n\r\t/£","":{"":{"a":[[{"a":1}]]}}}`)
	empty.Data = jsontext.Value(`{}`)
	for _, x := range []Entry{entry("usual"), created(), held, odd, empty} {
		line, err := writeStrictly(ptr(x.event(testLedger, 12, 12, 1, 1)))
		check(t, err)
		lines = append(lines, line)
	}
	return lines
}

func ptr[T any](v T) *T { return &v }

func TestOrdinaryLinesAreReadAndWrittenByHand(t *testing.T) {
	for _, line := range plainLines(t) {
		e, ok := scanLine(line)
		if !ok {
			t.Errorf("left to the library: %s", line)
		}
		sameAsStrictly(t, line)
		if again, ok := appendPlainLine([]byte("before "), &e); !ok || string(again) != "before "+string(line) {
			t.Errorf("%v, written again it is\n%s", ok, again)
		}
	}
}

// TestALineThatIsNotQuiteRightIsNeverReadByHand changes every byte of ordinary lines in many ways.
func TestALineThatIsNotQuiteRightIsNeverReadByHand(t *testing.T) {
	for _, line := range plainLines(t) {
		for i := range line {
			for _, c := range []byte("\x00\t\n \"\\,:[]{}-+.0159aeEntuZ/\x7f\x80\xc3\xa9\xff") {
				sameAsStrictly(t, append(append(bytes.Clone(line[:i]), c), line[i+1:]...))
				sameAsStrictly(t, append(append(bytes.Clone(line[:i]), c), line[i:]...))
			}
			for _, n := range []int{1, 2, 9} { // leave some out, or say them twice
				end := min(i+n, len(line))
				sameAsStrictly(t, append(bytes.Clone(line[:i]), line[end:]...))
				sameAsStrictly(t, append(bytes.Clone(line[:end]), line[i:]...))
			}
			sameAsStrictly(t, line[:i])
		}
	}
}

// TestAMemberInAnotherPlaceIsNeverReadByHand moves, repeats and leaves out whole members.
func TestAMemberInAnotherPlaceIsNeverReadByHand(t *testing.T) {
	for _, line := range plainLines(t) {
		members := bytes.Split(line[1:len(line)-1], []byte(","))
		for i := range members {
			for j := range members {
				changed := slices.Clone(members)
				changed[i], changed[j] = changed[j], changed[i]
				sameAsStrictly(t, joined(changed))
				sameAsStrictly(t, joined(slices.Insert(slices.Clone(members), i, members[j])))
			}
			sameAsStrictly(t, joined(slices.Delete(slices.Clone(members), i, i+1)))
		}
	}
}

func TestAnEmptyMemberIsReadTheSame(t *testing.T) {
	text := regexp.MustCompile(`("[a-z]+":)("[^"]*"|[0-9]+)`)
	for _, line := range plainLines(t) {
		for _, at := range text.FindAllSubmatchIndex(line, -1) {
			for _, empty := range []string{`""`, `null`, ``, `0`} {
				sameAsStrictly(t, slices.Concat(line[:at[4]], []byte(empty), line[at[5]:]))
			}
		}
	}
}

func joined(members [][]byte) []byte {
	return append(append([]byte("{"), bytes.Join(members, []byte(","))...), '}')
}

func TestTimesAreReadByHandAsTheyAreByTheLibrary(t *testing.T) {
	for _, text := range []string{
		"2019-01-15T10:00:00.000Z", "2019-12-31T23:59:59.999Z", "2020-02-29T00:00:00.001Z", "2019-02-29T00:00:00.000Z", "2019-02-30T00:00:00.000Z",
		"2019-04-31T00:00:00.000Z", "2019-01-32T00:00:00.000Z", "2019-13-01T00:00:00.000Z", "2019-00-01T00:00:00.000Z", "2019-01-00T00:00:00.000Z",
		"2019-01-01T24:00:00.000Z", "2019-01-01T00:60:00.000Z", "2019-01-01T00:00:60.000Z", "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
		"1900-02-29T00:00:00.000Z", "2000-02-29T00:00:00.000Z", "2019-01-15T10:00:00,000Z", "2019-01-15 10:00:00.000Z", "2019-01-15T10:00:00.0000",
		"2019-01-15T10:00:00.000z", "+019-01-15T10:00:00.000Z", "2019-01-15T1:000:00.000Z", "",
	} {
		want, err := time.Parse(timeLayout, text)
		fits := err == nil && want.Format(timeLayout) == text
		if got, ok := scanTime(text); ok != fits || ok && got != want {
			t.Errorf("%q is read as %v, %v, not %v, %v", text, got, ok, want, err)
		}
	}
}

func TestWhateverIsWrittenByHandIsWrittenTheSameByTheLibrary(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`[\PC\n\t"\\<>&]{0,20}`), rapid.String(), rapid.Just("\xff"), rapid.StringMatching(`[a-z]{0,20}`))
	rapid.Check(t, func(t *rapid.T) {
		e := entry("c").event(testLedger, rapid.Int64().Draw(t, "number"), rapid.Int64().Draw(t, "commit"), rapid.Int().Draw(t, "of"), 1)
		for _, member := range []*string{&e.SpecVersion, &e.ID, &e.Source, &e.Type, &e.DataSchema, &e.Subject, &e.DataContentType, &e.CommandID,
			&e.CommandHash, &e.Actor, &e.Auth, &e.EffectiveDate, &e.Period, &e.Request, &e.RaisedBy, &e.ApprovedBy} {
			if rapid.Bool().Draw(t, "changed") {
				*member = text.Draw(t, "text")
			}
		}
		e.Time = time.UnixMicro(rapid.Int64Range(-1<<60, 1<<60).Draw(t, "time")).In(time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, "zone")))
		e.Data = rapid.SampledFrom([]jsontext.Value{e.Data, nil, []byte("null"), []byte(" {}"), []byte(`{"a":1,"a":2}`), []byte(`"\u0041"`), []byte("{")}).Draw(t, "data")
		want, err := writeStrictly(&e)
		got, ok := appendPlainLine(nil, &e)
		if ok && (err != nil || !bytes.Equal(got, want)) {
			t.Fatalf("written by hand:\n%s\nby the library, with the error %v:\n%s", got, err, want)
		}
	})
}

func TestNamesAreTheSameByteByByteAsByTheirForms(t *testing.T) {
	for form, valid := range map[string]func(string) bool{
		`^[A-Za-z0-9-]{1,64}$`:        ValidCommandID,
		`^[a-z0-9-]{1,32}$`:           ValidLedger,
		`^[A-Za-z][A-Za-z0-9]{0,63}$`: validType,
		`^[0-9a-f]{64}$`:              validHash,
	} {
		written := regexp.MustCompile(form)
		rapid.Check(t, func(t *rapid.T) {
			name := rapid.OneOf(rapid.StringMatching(`[A-Za-z0-9-]{0,66}`), rapid.StringMatching(`[a-f0-9]{63,65}`), rapid.StringMatching(`[A-Za-z0-9-]{0,9}.`)).Draw(t, "name")
			if valid(name) != written.MatchString(name) {
				t.Errorf("%q: by its form it is %v", name, !valid(name))
			}
		})
	}
}

func TestACommandStandsInOnePlaceOfALongCommit(t *testing.T) {
	for _, of := range []int{2, fewEvents, fewEvents + 1, fewEvents + 2, 100} {
		var events []Event
		for i := range of {
			events = append(events, entry(fmt.Sprintf("c-%d", i)).event(testLedger, int64(1+i), 1, of+1, 1))
		}
		last := entry(fmt.Sprintf("c-%d", of)).event(testLedger, int64(1+of), 1, of+1, 1)
		check(t, checkOrder(append(slices.Clone(events), last)))
		for i := range of - 1 {
			again := last
			again.CommandID, again.ID = events[i].CommandID, events[i].ID
			if checkOrder(append(slices.Clone(events), again)) == nil {
				t.Errorf("of %d commands number %d is accepted in two places", of, i)
			}
		}
	}
}

// FuzzScanLine reads anything by hand and by the library: what is read by hand is read the same by the library.
func FuzzScanLine(f *testing.F) {
	for _, line := range plainLines(f) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) { sameAsStrictly(t, line) })
}

// FuzzSkipValue walks over anything: where it finds the end of a value, the library would write the value so.
func FuzzSkipValue(f *testing.F) {
	f.Add([]byte(smallData))
	f.Add([]byte(`[0,-1.5E+7,"\n\u0007é",{"a":null,"b":{"a":true}},[[]],false]`))
	f.Fuzz(func(t *testing.T, value []byte) {
		if skipValue(value, 0, 0) != len(value) {
			return
		}
		if again, err := json.Marshal(jsontext.Value(value)); err != nil || !bytes.Equal(again, value) {
			t.Errorf("%q is written %q: %v", value, again, err)
		}
	})
}

func BenchmarkParseCommit(b *testing.B) {
	for name, e := range benchmarkEvents() {
		b.Run(name, func(b *testing.B) {
			body, err := encodeCommit([]Event{e})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parseCommit(testLedger, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncodeCommit(b *testing.B) {
	for name, e := range benchmarkEvents() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := encodeCommit([]Event{e}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
