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
