package ledger

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// wireTypes are the Go types of all events and commands, by their names on the wire.
func wireTypes() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, kind := range domain.Events() {
		_, _ = kind.Decode(func(into any) error {
			types[fmt.Sprintf("%s.%d", kind.Name, kind.Version)] = reflect.TypeOf(into).Elem()
			return nil
		})
	}
	for _, kind := range domain.Commands() {
		_, _ = kind.Decode(func(into any) error { types[kind.Name] = reflect.TypeOf(into).Elem(); return nil })
	}
	return types
}

// wireNames are the names of all events and commands, in order.
func wireNames() []string {
	var names []string
	for name := range wireTypes() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// storedData is the data of each stored example of an event.
func storedData(t testing.TB) map[string][]byte {
	t.Helper()
	stored := map[string][]byte{}
	for _, kind := range domain.Events() {
		name := fmt.Sprintf("%s.%d", kind.Name, kind.Version)
		line, err := os.ReadFile(filepath.Join(examples, name+".json"))
		if os.IsNotExist(err) {
			continue // the test of the examples says so
		}
		var e eventstore.Event
		if err := cmpErr(err, func() error { return json.Unmarshal(line, &e) }); err != nil {
			t.Fatal(err)
		}
		stored[name] = e.Data
	}
	return stored
}

func cmpErr(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

// sameAsTheLibrary fails if the decoder reads data by a plan, and the JSON library would not read it, or read it
// otherwise. It reports whether it was read by a plan.
func sameAsTheLibrary(t testing.TB, d *decoder, goType reflect.Type, data []byte) bool {
	t.Helper()
	got, want := reflect.New(goType), reflect.New(goType)
	if !d.scan(data, got.Interface()) {
		if !got.Elem().IsZero() {
			t.Fatalf("%s: %q is left to the library with something read: %+v", goType, data, got.Elem())
		}
		return false
	}
	if err := json.Unmarshal(data, want.Interface(), json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("%s: read by its plan, and cannot be read: %v\n%q", goType, err, data)
	}
	if !reflect.DeepEqual(got.Interface(), want.Interface()) {
		t.Fatalf("%s: %q\nis read by its plan as\n%#v\nand by the library as\n%#v", goType, data, got.Elem(), want.Elem())
	}
	return true
}

// carrying lists what carries a command or an event of any kind within it: what is held, what takes an entry's place, what
// is taken back. Their plan would have to change with the kind that they carry. They are few, and left to the library.
func carrying() []string { return []string{"EntryReversed.1", "ReplaceEntry", "RequestHeld.1"} }

// carries says that an event or a command is one of [carrying].
func carries(name string) bool { return slices.Contains(carrying(), name) }

func TestEveryEventAndCommandHasAPlan(t *testing.T) {
	for name, goType := range wireTypes() {
		if has := planned().byPointer[reflect.PointerTo(goType)] != nil; has == carries(name) {
			t.Errorf("%s can be read by its plan: %t. What the JSON library alone can read takes ten times as long: give its members types that plans know", name, has)
		}
	}
}

func TestStoredEventsAreReadByTheirPlan(t *testing.T) {
	var d decoder
	for name, data := range storedData(t) {
		for range 2 { // the second time its texts are known
			if sameAsTheLibrary(t, &d, wireTypes()[name], data) == carries(name) {
				t.Errorf("%s is left to the library: %s", name, data)
			}
		}
	}
	for name, e := range longEvents() {
		if !sameAsTheLibrary(t, &d, wireTypes()[e.Type+".1"], e.Data) {
			t.Errorf("%s is left to the library", name)
		}
	}
}

// TestDataThatIsNotQuiteRightIsNeverReadByAPlan changes bytes of the stored events in many ways: each of the short ones.
func TestDataThatIsNotQuiteRightIsNeverReadByAPlan(t *testing.T) {
	var d decoder
	for name, data := range storedData(t) {
		goType := wireTypes()[name]
		for i := 0; i < len(data); i += 1 + len(data)/400 {
			for _, c := range []byte("\x00\"\\,:]}-.0a\x80") {
				sameAsTheLibrary(t, &d, goType, slices.Concat(data[:i], []byte{c}, data[i+1:]))
				sameAsTheLibrary(t, &d, goType, slices.Concat(data[:i], []byte{c}, data[i:]))
			}
			for _, n := range []int{1, 2, 9} { // leave some out, or say them twice
				end := min(i+n, len(data))
				sameAsTheLibrary(t, &d, goType, slices.Concat(data[:i], data[end:]))
				sameAsTheLibrary(t, &d, goType, slices.Concat(data[:end], data[i:]))
			}
			sameAsTheLibrary(t, &d, goType, data[:i])
		}
	}
}

// TestAMemberInAnotherPlaceIsReadTheSame moves, repeats and leaves out whole members and lines.
func TestAMemberInAnotherPlaceIsReadTheSame(t *testing.T) {
	var d decoder
	for name, data := range storedData(t) {
		members := bytes.Split(data, []byte(","))
		for i := range members {
			for j := max(0, i-5); j < min(i+6, len(members)); j++ {
				changed := slices.Clone(members)
				changed[i], changed[j] = changed[j], changed[i]
				for _, members := range [][][]byte{changed, slices.Insert(slices.Clone(members), i, members[j]), slices.Delete(slices.Clone(members), i, i+1)} {
					sameAsTheLibrary(t, &d, wireTypes()[name], bytes.Join(members, []byte(",")))
				}
			}
		}
	}
}

func TestWhatStandsForNothingIsReadTheSame(t *testing.T) {
	var d decoder
	for _, c := range []struct {
		name, data string
		byPlan     bool
	}{
		{"FundAllocated.1", `{}`, true},
		{"FundAllocated.1", `{"lines":[]}`, true},
		{"FundAllocated.1", `{"lines":[{},{"pence":-5}],"warnings":[]}`, true},
		{"FundAllocated.1", `{"lines":null}`, false},
		{"FundAllocated.1", `null`, false},
		{"FundAllocated.1", `[]`, false},
		{"FundAllocated.1", ``, false},
		{"FundAllocated.1", `{"fund":""}`, false},
		{"FundAllocated.1", `{"decision":{"body":"a \"quoted\" \u00e9\n"}}`, true},
		{"FundAllocated.1", `{"decision":{"body":"\ud83d\ude00 \/"}}`, true},
		{"FundAllocated.1", `{"decision":{"body":"\ud83d"}}`, false},
		{"FundAllocated.1", `{"decision":{"body":"\`, false},
		{"FundAllocated.1", `{"lines":[{"payee":""}]}`, true},
		{"FundAllocated.1", `{"lines":[{"payee":"U62251"},{"payee":"ods:U62251"},{"payee":"U62251"}]}`, true},
		{"FundAllocated.1", `{"lines":[{"p\u0061yee":"U62251"}]}`, false},
		{"FundAllocated.1", `{"lines":[{"payee":"\u0055\u00362251"}]}`, true},
		{"FundAllocated.1", `{"lines":[{"payee":"nobody at all"}]}`, false},
		{"FundAllocated.1", `{"lines":[{"pence":0}]}`, true},
		{"FundAllocated.1", `{"lines":[{"pence":-0}]}`, false},
		{"FundAllocated.1", `{"lines":[{"pence":01}]}`, false},
		{"FundAllocated.1", `{"lines":[{"pence":1e2}]}`, false},
		{"FundAllocated.1", `{"lines":[{"pence":1.0}]}`, false},
		{"FundAllocated.1", `{"lines":[{"pence":"1"}]}`, false},
		{"FundAllocated.1", `{"lines":[{"pence":999999999999999999}]}`, true},
		{"FundAllocated.1", `{"lines":[{"pence":9223372036854775807}]}`, false},
		{"AllocateFund", `{"lines":[{"share":{}}]}`, true},
		{"AllocateFund", `{"lines":[{"share":{"among":["local:A","local:B"]}}]}`, true},
		{"AllocateFund", `{"lines":[{"share":null}]}`, false},
		{"RecoveryRaised.1", `{"charge":12}`, true},
		{"ClaimSubmitted.1", `{"declaration":true}`, true},
		{"ClaimSubmitted.1", `{"declaration":tru}`, false},
	} {
		if got := sameAsTheLibrary(t, &d, wireTypes()[c.name], []byte(c.data)); got != c.byPlan {
			t.Errorf("%s: read by its plan is %v: %s", c.name, got, c.data)
		}
		got, want := reflect.New(wireTypes()[c.name]), reflect.New(wireTypes()[c.name])
		err, wanted := d.unmarshal([]byte(c.data), got.Interface()), json.Unmarshal([]byte(c.data), want.Interface(), json.RejectUnknownMembers(true))
		if fmt.Sprint(err) != fmt.Sprint(wanted) || err == nil && !reflect.DeepEqual(got.Interface(), want.Interface()) {
			t.Errorf("%s: %s is %#v, %v; to the library it is %#v, %v", c.name, c.data, got.Elem(), err, want.Elem(), wanted)
		}
	}
}

func TestWhateverTheLibraryWritesIsReadTheSame(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	var d decoder
	byPlan := 0
	for name, goType := range wireTypes() {
		for range 50 {
			value := reflect.New(goType)
			fill(r, value.Elem())
			data, err := json.Marshal(value.Interface())
			if err != nil {
				t.Fatal(err)
			}
			if sameAsTheLibrary(t, &d, goType, data) {
				byPlan++
			} else if err := json.Unmarshal(data, reflect.New(goType).Interface()); err == nil && !carries(name) {
				t.Errorf("seed %d: %s is left to the library: %s", seed, name, data)
			}
		}
	}
	if byPlan == 0 {
		t.Error("nothing was read by a plan")
	}
}

// sameAsTheLibraryWrites fails if a plan writes a value otherwise than the JSON library. It reports whether a plan wrote it.
func sameAsTheLibraryWrites(t testing.TB, value reflect.Value) bool {
	t.Helper()
	want, err := json.Marshal(value.Interface())
	var got []byte
	p := planned().made[value.Type().Elem()]
	ok := p != nil
	if ok {
		got, ok = p.append(nil, value.Elem())
	}
	if ok && (err != nil || !bytes.Equal(got, want)) {
		t.Fatalf("%s is written by its plan\n%s\nand by the library, with the error %v,\n%s", value.Type(), got, err, want)
	}
	encoded, failed := encode(value.Elem().Interface())
	if !bytes.Equal(encoded, want) || (failed == nil) != (err == nil) {
		t.Fatalf("%s is encoded\n%s, %v\nand by the library\n%s, %v", value.Type(), encoded, failed, want, err)
	}
	return ok
}

func TestWhatAPlanWritesTheLibraryWritesTheSame(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for name, goType := range wireTypes() {
		for i := range 50 {
			value := reflect.New(goType)
			fill(r, value.Elem())
			if i == 0 {
				value = reflect.New(goType) // with nothing in it
			}
			if sameAsTheLibraryWrites(t, value) == carries(name) {
				t.Errorf("seed %d: %s is left to the library: %#v", seed, name, value.Elem())
			}
		}
	}
	if sameAsTheLibraryWrites(t, reflect.ValueOf(&domain.RoleEnded{Reason: "\xff"})) || sameAsTheLibraryWrites(t, reflect.ValueOf(&domain.RoleEnded{Reason: "\xff\n"})) {
		t.Error("invalid UTF-8 is written")
	}
}

// wireTexts are texts of many kinds; most types of text take some of them.
var wireTexts = []string{"", "ods:U62251", "local:NORTH", "2018-19", "2018-19/M04", "2019-07-01", "NR-PCN-2018", "57.3", "token-1", "network", "allocated",
	"hard", "warn", "advance", "evidence", "live", "demo", "registered", "37.5", "é £", "naïve \"quoted\"\n", "\u2028", "<&>", "\x7f", "\\"}

// fill sets everything within v to something.
func fill(r *rand.Rand, v reflect.Value) {
	if r.IntN(6) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(wireTexts[r.IntN(len(wireTexts))])
		if checker, ok := v.Addr().Interface().(interface{ UnmarshalText([]byte) error }); ok {
			for range 40 {
				if err := checker.UnmarshalText([]byte(v.String())); err == nil {
					break
				}
				v.SetString(wireTexts[r.IntN(len(wireTexts))])
			}
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64N(1<<r.IntN(60)) - 1<<r.IntN(8))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(12), 12))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i))
		}
	case reflect.Interface:
		v.Set(anyFilled(r, v.Type()))
	default:
		panic("no values are known of " + v.Type().String())
	}
}

// anyFilled is a command or an event of some kind, which some other carries within it, with everything set to something
// that can be read by itself.
func anyFilled(r *rand.Rand, of reflect.Type) reflect.Value {
	for {
		var filled reflect.Value
		into := func(v any) error { filled = reflect.ValueOf(v); fill(r, filled.Elem()); return nil }
		if events := domain.Events(); of == reflect.TypeFor[domain.Event]() {
			_, _ = events[r.IntN(len(events))].Decode(into)
		} else {
			commands := slices.DeleteFunc(slices.Clone(domain.Commands()), func(kind domain.CommandKind) bool { return kind.Shell })
			_, _ = commands[r.IntN(len(commands))].Decode(into)
		}
		data, err := json.Marshal(filled.Interface())
		if err == nil && json.Unmarshal(data, reflect.New(filled.Type().Elem()).Interface()) == nil {
			return filled.Elem()
		}
	}
}

// TestWhatIsCarriedComesBackByteForByte writes commands and events of every kind within another, and reads them again.
func TestWhatIsCarriedComesBackByteForByte(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	var d decoder
	stored := storedData(t)
	for _, name := range carrying() {
		for range 500 {
			value, again := reflect.New(wireTypes()[name]), reflect.New(wireTypes()[name])
			if data, is := stored[name]; is {
				if err := d.unmarshal(data, value.Interface()); err != nil {
					t.Fatal(err)
				}
			}
			for i := range value.Elem().NumField() {
				switch carried := value.Elem().Field(i).Addr().Interface().(type) {
				case *domain.Asked:
					carried.Command, carried.Effective = anyFilled(r, reflect.TypeFor[domain.Command]()).Interface().(domain.Command), "2019-03-29"
				case *domain.Was:
					carried.Event = anyFilled(r, reflect.TypeFor[domain.Event]()).Interface().(domain.Event)
				}
			}
			data, err := encode(value.Elem().Interface())
			if err != nil {
				t.Fatal(err)
			}
			if err := d.unmarshal(data, again.Interface()); err != nil {
				t.Fatalf("seed %d: %s: %v\n%s", seed, name, err, data)
			}
			if written, err := encode(again.Elem().Interface()); err != nil || !bytes.Equal(written, data) {
				t.Fatalf("seed %d: %s is read and written again as\n%s, %v\nand was\n%s", seed, name, written, err, data)
			}
		}
	}
}

// TestWhatIsCarriedIsReadStrictly adds a member that nobody knows, and repeats one, at every depth of what is carried.
func TestWhatIsCarriedIsReadStrictly(t *testing.T) {
	stored := storedData(t)
	stored["ReplaceEntry"] = []byte(`{"entry":7,"with":{"command":"RecordSpend","data":{"fund":"NR","reference":"invoice 7","lines":[{"payee":"local:FED","pence":100}]},"effective":"2019-03-29"}}`)
	var d decoder
	for _, name := range carrying() {
		data, objects := stored[name], 0
		if err := d.unmarshal(data, reflect.New(wireTypes()[name]).Interface()); err != nil {
			t.Fatal(err)
		}
		for i, c := range data {
			if c != '{' {
				continue
			}
			objects++
			first, _, _ := bytes.Cut(data[i+1:], []byte(","))
			if changed := slices.Concat(data[:i+2], bytes.ToUpper(data[i+2:i+3]), data[i+3:]); d.unmarshal(changed, reflect.New(wireTypes()[name]).Interface()) == nil {
				t.Errorf("%s is read with a name in capital letters: %s", name, changed)
			}
			for _, more := range []string{`"nobody":1,`, `"nobody":{},`, string(first) + `,`} {
				changed := slices.Concat(data[:i+1], []byte(more), data[i+1:])
				if err := d.unmarshal(changed, reflect.New(wireTypes()[name]).Interface()); err == nil {
					t.Errorf("%s is read though nobody knows what it says: %s", name, changed)
				}
			}
		}
		if objects < 3 {
			t.Errorf("%s carries nothing: %s", name, data)
		}
	}
}

// TestWhatWasReadStaysAsItWas reads one event after another with one decoder from one buffer.
func TestWhatWasReadStaysAsItWas(t *testing.T) {
	var d decoder
	var read, want []reflect.Value
	stored := storedData(t)
	for range 3 {
		for name, data := range stored {
			buffer := bytes.Clone(data)
			event, alone := reflect.New(wireTypes()[name]), reflect.New(wireTypes()[name])
			if err := cmpErr(d.unmarshal(buffer, event.Interface()), func() error { return json.Unmarshal(data, alone.Interface()) }); err != nil {
				t.Fatal(err)
			}
			for i := range buffer {
				buffer[i] = 'x'
			}
			read, want = append(read, event), append(want, alone)
		}
	}
	for i := range read {
		if !reflect.DeepEqual(read[i].Interface(), want[i].Interface()) {
			t.Errorf("%#v\nhas become\n%#v", want[i].Elem(), read[i].Elem())
		}
	}
}

func TestDecodersReadBesideEachOther(t *testing.T) {
	events := longEvents()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var d decoder
			for name, e := range events {
				for range 3 {
					if !sameAsTheLibrary(t, &d, wireTypes()[e.Type+".1"], e.Data) {
						t.Errorf("%s is left to the library", name)
					}
				}
			}
		})
	}
	all.Wait()
}

func TestATextIsOnlyRememberedForTheTypeThatCheckedIt(t *testing.T) {
	var d decoder
	for _, data := range []string{`{"reason":"57.3"}`, `{"person":"57.3"}`, `{"reason":"token-1"}`, `{"person":"token-1"}`, `{"to":"token-1"}`, `{"reason":"2019-07-01"}`, `{"to":"2019-07-01"}`} {
		fits := json.Unmarshal([]byte(data), new(domain.RoleEnded)) == nil
		if got := sameAsTheLibrary(t, &d, reflect.TypeFor[domain.RoleEnded](), []byte(data)); got != fits {
			t.Errorf("%s: read by its plan is %v", data, got)
		}
	}
}

// TestMoreTextsAreReadThanAreRemembered reads texts, most of them twice, until some must be forgotten.
func TestMoreTextsAreReadThanAreRemembered(t *testing.T) {
	var all texts
	found := 0
	for i := range 3 * mostTexts {
		text := strconv.Itoa(i - i%3)
		got, known := all.find([]byte(text), anyText)
		if !known {
			got, _ = all.learn([]byte(text), anyText)
		} else {
			found++
		}
		if got != text {
			t.Fatalf("%q is read as %q", text, got)
		}
	}
	if len(all.slots) != mostTexts || all.known > mostTexts || found < mostTexts {
		t.Errorf("%d of %d slots are in use, %d texts were found", all.known, len(all.slots), found)
	}
}

// FuzzDecoder reads anything as an event or a command: what is read by a plan is read the same by the library.
func FuzzDecoder(f *testing.F) {
	names := wireNames()
	for name, data := range storedData(f) {
		f.Add(slices.Index(names, name), data)
	}
	types := wireTypes()
	f.Fuzz(func(t *testing.T, kind int, data []byte) {
		if kind < 0 {
			kind = ^kind
		}
		var d decoder
		for range 2 {
			sameAsTheLibrary(t, &d, types[names[kind%len(names)]], data)
		}
	})
}

// scanned is an event of the log with that data.
func scanned(kind, data string) eventstore.Event {
	return eventstore.Event{Type: kind, DataSchema: "urn:pcnledger:" + kind + ":1", Number: 7, Actor: "os:ann", Auth: "os-login",
		EffectiveDate: "2019-01-15", Period: "2018-19/M10", Data: []byte(data)}
}

// longEvents are a small event, and events of many lines.
func longEvents() map[string]eventstore.Event {
	claim, list, run := &strings.Builder{}, &strings.Builder{}, &strings.Builder{}
	for i := range 200 {
		fmt.Fprintf(claim, `,{"person":"0b9d6f0e-5c1a-4a52-9a4e-%012d","salary":%d,"ni":%d,"pension":%d}`, i, 300000+i*7, 38000+i, 52000+i)
	}
	for i := range 1000 {
		fmt.Fprintf(list, `,{"practice":"ods:K8%04d","patients":%d,"published":"%d.25"}`, i, 2000+i, 2000+i)
	}
	for i := range 200 {
		fmt.Fprintf(run, `,{"payee":"ods:K8%04d","beneficiary":"local:N%d","practice":"ods:K8%04d","category":"network participation","pence":%d,"list":33,"patients":2100,"annual":369810,`+
			`"parts":[{"for":"2019-20/M01","pence":30818,"draws":[{"account":"allocated","beneficiary":"local:N%d","for":"2019-20","pence":30818}]}]}`, i, i%20, i, 123270+i, i%20)
	}
	return map[string]eventstore.Event{
		"small":        scanned("FundAllocated", `{"fund":"NR-PCN-2018","decision":{"body":"Executive Committee","date":"2018-12-10","paper":"18/104"},"lines":[{"payee":"local:OCA","for":"2018-19","pence":9000000}]}`),
		"claim of 200": scanned("ClaimSubmitted", `{"network":"local:NORTH","month":"2019-20/M04","reference":"July, first","declaration":true,"lines":[`+claim.String()[1:]+`]}`),
		"list of 1000": scanned("ListSizesRecorded", `{"population":"registered","average":"2018-19","standsfor":"2018-04-01","source":{"title":"example"},"lines":[`+list.String()[1:]+`]}`),
		"run of 200":   scanned("EntitlementRun", `{"fund":"PCN","rate":"NPP","year":"2019-20","through":"2019-20/M04","due":"2019-08-30","lines":[`+run.String()[1:]+`]}`),
	}
}

func BenchmarkDecodeEvent(b *testing.B) {
	for name, e := range longEvents() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(e.Data)))
			b.ReportAllocs()
			var d decoder
			for b.Loop() {
				if _, err := d.event(&e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for name, e := range longEvents() {
		b.Run(name, func(b *testing.B) {
			r, err := decodeEvent(e)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			var e encoder
			for b.Loop() {
				if _, err := e.encode(r.Event); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncodeByTheLibrary(b *testing.B) {
	for name, e := range longEvents() {
		b.Run(name, func(b *testing.B) {
			r, err := decodeEvent(e)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(r.Event); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
