package domain

import "testing"

const (
	firstKey  = VerifierKey("pcnledger/oxfordshire+0a1b2c3d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh")
	secondKey = VerifierKey("pcnledger/oxfordshire+4e5f6a7b+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB")
)

// keyed has the ledger sign.
func keyed(s *story) { s.do(RotateKey{Key: firstKey}) }

var keyRows = []row{
	{
		name: "a ledger begins to sign with its first key", given: []chapter{created},
		when: RotateKey{Key: firstKey}, then: KeyRotated{Key: firstKey},
	},
	{
		name: "a key that follows names the one before", given: []chapter{created, keyed},
		when: RotateKey{Key: secondKey}, then: KeyRotated{Key: secondKey, Previous: firstKey},
	},
	{
		name: "a key that takes the place of a lost one says so", given: []chapter{created, keyed},
		when: RotateKey{Key: secondKey, Lost: true, Reason: "restored; the key was not kept"},
		then: KeyRotated{Key: secondKey, Previous: firstKey, Lost: true, Reason: "restored; the key was not kept"},
	},
	{
		name: "the key that signs already changes nothing", given: []chapter{created, keyed},
		when: RotateKey{Key: firstKey}, unchanged: true,
	},
	{
		name: "a lost key without its reason is refused", given: []chapter{created, keyed},
		when: RotateKey{Key: secondKey, Lost: true, Reason: " "}, rule: RuleTextMissing,
	},
	{
		name: "no key is lost before there was one", given: []chapter{created},
		when: RotateKey{Key: firstKey, Lost: true, Reason: "lost"}, rule: RuleKeyForm,
	},
	{
		name: "what is no verifier key is refused", given: []chapter{created},
		when: RotateKey{Key: "oxfordshire"}, rule: RuleKeyForm,
	},
}

func TestKeys(t *testing.T) { tell(t, keyRows) }

func TestAKeyIsKnownByItsID(t *testing.T) {
	if firstKey.ID() != "0a1b2c3d" || VerifierKey("none").ID() != "" {
		t.Errorf("ids are %q and %q", firstKey.ID(), VerifierKey("none").ID())
	}
}
