package eventstore

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestACommandHashesToThis(t *testing.T) {
	// printf '%s' '{"actor":"os:ann","command":"AllocateFund","data":{"a":1,"b":[1,2.5,"é"],"é":null},"effective":null}' | sha256sum
	const plain = "08eefc5355b1382f4555bffde825a3255d4a9b1721df42883e2bcaeb36261315"
	// … "effective":"2019-01-15"}
	const dated = "5077ca525e085b0d482206f23f45694916978807b3c8918e63c284e443a62c1b"
	for _, c := range []struct{ name, data, effective, want string }{
		{"in its canonical form", `{"a":1,"b":[1,2.5,"é"],"é":null}`, "", plain},
		{"with its members in another order", `{"é":null,"b":[1,2.5,"é"],"a":1}`, "", plain},
		{"with spaces", " { \"a\" : 1,\n\"b\":[1, 2.5 , \"é\"], \"é\":null } ", "", plain},
		{"with strings and numbers spelt otherwise", `{"\u0061":1.0,"b":[1e0,25e-1,"\u00e9"],"é":null}`, "", plain},
		{"with an effective date", `{"a":1,"b":[1,2.5,"é"],"é":null}`, "2019-01-15", dated},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := jsontext.Value(c.data)
			got, err := CommandHash("os:ann", "AllocateFund", data, c.effective)
			if err != nil || got != c.want {
				t.Errorf("got %s, %v", got, err)
			}
			if string(data) != c.data {
				t.Errorf("the data was changed to %s", data)
			}
		})
	}
}

func TestWhatIsNotOneValueHasNoHash(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":                 ``,
		"a member twice":          `{"a":1,"a":1}`,
		"a member twice, escaped": `{"a":1,"\u0061":1}`,
		"invalid UTF-8":           "\"\xff\"",
		"two values":              `{} {}`,
		"half a value":            `{"a":`,
	} {
		t.Run(name, func(t *testing.T) {
			if hash, err := CommandHash("os:ann", "AllocateFund", jsontext.Value(data), ""); err == nil {
				t.Errorf("it has: %s", hash)
			}
		})
	}
}

func TestNames(t *testing.T) {
	for id, want := range map[string]bool{"init": true, "0B9d-x": true, "": false, "a b": false, "a/1": false, "é": false, "a\n": false,
		"0123456789012345678901234567890123456789012345678901234567890123":  true,
		"01234567890123456789012345678901234567890123456789012345678901234": false} {
		if ValidCommandID(id) != want {
			t.Errorf("command id %q: valid is %v", id, !want)
		}
	}
	for name, want := range map[string]bool{"oxfordshire": true, "ccg-10q": true, "": false, "Oxford": false, "a.b": false, "../a": false,
		"01234567890123456789012345678901": true, "012345678901234567890123456789012": false} {
		if ValidLedger(name) != want {
			t.Errorf("ledger %q: valid is %v", name, !want)
		}
	}
}

// sameFormAsStrictly fails if a command is put in its canonical form by hand, and has another to the library or none. It
// reports whether it was put in that form by hand.
func sameFormAsStrictly(t testing.TB, actor string, data []byte, effective string) bool {
	t.Helper()
	before := string(data)
	got, ok := canonicalCommand(actor, "AllocateFund", data, effective)
	if string(data) != before {
		t.Fatalf("%q was changed to %q", before, data)
	}
	if !ok {
		return false
	}
	want, err := canonicalStrictly(actor, "AllocateFund", data, effective)
	if err != nil || string(got) != string(want) {
		t.Fatalf("%q is put in the form\n%s\nand by the library, with the error %v, in\n%s", data, got, err, want)
	}
	return true
}

func TestTheCanonicalFormIsTheSameByHand(t *testing.T) {
	for data, byHand := range map[string]bool{
		smallData:            true,
		string(claimData(3)): true,
		string(listData(3)):  true,
		` { "b" : [ 1 , { "z":1, "a":2 } ] , "a":"é\n\"\\" , "ab":-12, "a!":true, "":null, "B":[ ], "c":{ } } ` + "\r\n\t": true,
		`{"a":123456789012345}`:     true,
		`{"a":1234567890123456789}`: false,
		`{"a":-0}`:                  false,
		`{"a":1.0}`:                 false,
		`{"a":1e3}`:                 false,
		`{"a":01}`:                  false,
		`{"a":1,"b":2,"a":3}`:       false,
		`{"a":1,"\u0061":2}`:        false,
		`{"é":1}`:                   false,
		`{"a":"\u0041"}`:            false,
		`{"a":"\u0007"}`:            false,
		"{\"a\":\"\xff\"}":          false,
		`{"a":1,}`:                  false,
		`{,"a":1}`:                  false,
		`[1,]`:                      false,
		`[1 2]`:                     false,
		`{"a":1}{}`:                 false,
		"{}\x00":                    false,
		`{"a":1`:                    false,
		`{"a"`:                      false,
		`"`:                         false,
		` `:                         false,
	} {
		for _, effective := range []string{"", "2019-01-15"} {
			if got := sameFormAsStrictly(t, "os:ann <&> \"é\"", []byte(data), effective); got != byHand {
				t.Errorf("by hand is %v: %s", got, data)
			}
		}
	}
	if sameFormAsStrictly(t, "\xff", []byte("{}"), "") || sameFormAsStrictly(t, "a", []byte("{}"), "\xff") {
		t.Error("what is no text has a form")
	}
}

// TestDataThatIsNotQuiteRightHasNoFormOfItsOwn changes every byte of some data in many ways.
func TestDataThatIsNotQuiteRightHasNoFormOfItsOwn(t *testing.T) {
	for _, data := range []string{smallData, `{"b":[1,{"z":1,"a":2}],"a":"é\n\"\\","ab":-12,"a!":true,"":null,"B":[],"c":{}}`} {
		for i := range data {
			for _, c := range "\x00\t \"\\,:[]{}-+.09aeu/\x7f" {
				sameFormAsStrictly(t, "os:ann", []byte(data[:i]+string(c)+data[i+1:]), "")
				sameFormAsStrictly(t, "os:ann", []byte(data[:i]+string(c)+data[i:]), "")
			}
			sameFormAsStrictly(t, "os:ann", []byte(data[:i]+data[i+1:]), "")
			sameFormAsStrictly(t, "os:ann", []byte(data[:i]), "")
		}
	}
}

// FuzzCanonicalCommand puts anything in its canonical form.
func FuzzCanonicalCommand(f *testing.F) {
	f.Add("os:ann", []byte(smallData), "2019-01-15")
	f.Add("os:\"ann", []byte(` { "b" : [ 1 , { "z":1, "a":2 } ] , "a":"é\n\"\\" , "ab":-12, "a!":true, "":null, "B":[ ], "c":{ } } `), "")
	f.Fuzz(func(t *testing.T, actor string, data []byte, effective string) {
		sameFormAsStrictly(t, actor, data, effective)
	})
}

func BenchmarkCommandHash(b *testing.B) {
	for name, e := range benchmarkEvents() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := CommandHash("os:ann", "AllocateFund", e.Data, "2019-01-15"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
