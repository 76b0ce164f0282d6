package reports

import (
	"pcnledger/projections"
)

var keys = Definition{
	Name:  "keys",
	Title: "Signing keys",
	Line:  "the keys that sign the ledger's commits, and from which number on each holds",
	body: func(v *projections.Views, _ Options) body {
		return body{
			tables: []Table{keyTable(v)},
			notes: []string{"Compare a key with what the ledger's keeper told you, not with this list: a list can be made to fit. " +
				"pcnledger verify --key does it."},
		}
	},
}

func keyTable(v *projections.Views) Table {
	t := Table{
		Name: "keys", Title: "Keys by the number from which they sign",
		Empty:   "Nothing signs this ledger yet: it was begun before there were keys. Make one: pcnledger rotate-key",
		Columns: columns(of(KindNumber, "from"), of(KindText, "key", "public key", "standing")),
	}
	for _, k := range v.Ledger.Keys {
		t.row(number(k.Number), text(k.Key.ID()), text(k.Key), text(standing(k)))
	}
	return t
}

// standing says what joins a key to the one before.
func standing(k projections.Key) string {
	switch {
	case k.Lost:
		return "THE KEY BEFORE IS LOST and did not sign for this one: " + k.Reason
	case k.Previous == "":
		return "the first"
	case k.Reason != "":
		return "signed for by the key before: " + k.Reason
	}
	return "signed for by the key before"
}
