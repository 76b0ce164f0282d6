package proof

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func TestANewKeyIsReadAsItWasWritten(t *testing.T) {
	key, err := NewKey("oxfordshire")
	if err != nil {
		t.Fatal(err)
	}
	read, err := ParseKey(key.Text())
	if err != nil || read.Text() != key.Text() || read.Public() != key.Public() {
		t.Errorf("read %v, %v", read, err)
	}
	public, err := ParsePublicKey(key.Public().String())
	if err != nil || public != key.Public() || public.Name() != "pcnledger/oxfordshire" || public.Ledger() != "oxfordshire" {
		t.Errorf("read %v, %v", public, err)
	}
	other, err := NewKey("oxfordshire")
	if err != nil || other.Text() == key.Text() {
		t.Errorf("two keys are the same, %v", err)
	}
}

func TestAKeyIsUnderstoodBySignedNotes(t *testing.T) {
	key := DemoKey("oxfordshire")
	signer, err := note.NewSigner(key.Text())
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(key.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	if signer.KeyHash() != verifier.KeyHash() || fmt.Sprintf("%08x", verifier.KeyHash()) != key.Public().ID() {
		t.Errorf("ids %08x, %08x, %s", signer.KeyHash(), verifier.KeyHash(), key.Public().ID())
	}
}

func TestADemoKeyIsTheSameEverywhereAndOneForEachLedger(t *testing.T) {
	if first, second := DemoKey("a"), DemoKey("a"); first.Text() != second.Text() {
		t.Error("it differs from itself")
	}
	if DemoKey("a").Public() == DemoKey("b").Public() {
		t.Error("two ledgers have one")
	}
}

func TestAKeyIsOfALedgerThatMayBe(t *testing.T) {
	for _, ledger := range []string{"", "A", "a b", "a\n", "a+b", "a/b", "é", "a.b", strings.Repeat("a", 33)} {
		if _, err := NewKey(ledger); err == nil {
			t.Errorf("%q has a key", ledger)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a demo ledger of no name has a key")
		}
	}()
	DemoKey("")
}

func TestAPrintedKeyDoesNotGiveItselfAway(t *testing.T) {
	key, witness := DemoKey("oxfordshire"), storedWitness(t)
	for secret, value := range map[string]any{key.Text(): key, witness.Text(): witness} {
		seed := secret[strings.LastIndexByte(secret, '+')+1:]
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if printed := fmt.Sprintf(verb, value); strings.Contains(printed, seed) || strings.Contains(printed, "PRIVATE") {
				t.Errorf("%s prints %s", verb, printed)
			}
		}
		if _, err := ParseKey(secret + "x"); err == nil || strings.Contains(err.Error(), seed) {
			t.Errorf("reading it with a letter too many: %v", err)
		}
	}
}

func TestTheZeroKeysVerifyNothing(t *testing.T) {
	seal := storedSeal()
	sig := DemoKey("oxfordshire").Sign(seal)
	sig.KeyID, seal.Ledger = PublicKey{}.ID(), ""
	if (PublicKey{}).Verify(seal, sig) {
		t.Error("the zero key verified a seal")
	}
	if (WitnessKey{}).verify([]byte(storedCheckpoint().text()), make([]byte, blobSize)) {
		t.Error("the zero witness verified a cosignature")
	}
}

// otherSpellings are ways to write a key that readers of signed notes may take for the same key.
func otherSpellings(text string) map[string]string {
	parts := strings.Split(text, "+")
	upper := strings.Join(parts[:len(parts)-1], "+")
	id := strings.LastIndexByte(upper, '+') + 1
	return map[string]string{
		"with a line end":         text + "\n",
		"with a return within":    text[:len(text)-5] + "\r" + text[len(text)-5:],
		"with a line end within":  text[:len(text)-5] + "\n" + text[len(text)-5:],
		"with a space before":     " " + text,
		"with its id in capitals": upper[:id] + strings.ToUpper(upper[id:]) + text[len(upper):],
		"with another id":         upper[:id] + "00000000" + text[len(upper):],
		"with a part too few":     upper,
		"with a part too many":    text + "+",
		"empty":                   "",
	}
}

func TestAKeyHasOneSpelling(t *testing.T) {
	for name, text := range otherSpellings(DemoKey("oxfordshire").Text()) {
		if key, err := ParseKey(text); err == nil {
			t.Errorf("%s: read as %s", name, key.Text())
		}
	}
	for name, text := range otherSpellings(DemoKey("oxfordshire").Public().String()) {
		if key, err := ParsePublicKey(text); err == nil {
			t.Errorf("public, %s: read as %s", name, key)
		}
	}
	for name, text := range otherSpellings(storedWitness(t).Key().String()) {
		if key, err := ParseWitnessKey(text); err == nil {
			t.Errorf("witness, %s: read as %s", name, key)
		}
	}
	for name, text := range otherSpellings(storedWitness(t).Text()) {
		if key, err := ParseWitnessSigner(text); err == nil {
			t.Errorf("private of witness, %s: read as %s", name, key.Text())
		}
	}
}

func TestEveryChangedByteOfAKeyIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		parse func(string) (string, error)
	}{
		"private":    {line(t, "ledger.private"), func(s string) (string, error) { k, err := ParseKey(s); return fmt.Sprint(k), err }},
		"public":     {line(t, "ledger.key"), func(s string) (string, error) { k, err := ParsePublicKey(s); return k.String(), err }},
		"witness":    {line(t, "witness.key"), func(s string) (string, error) { k, err := ParseWitnessKey(s); return k.String(), err }},
		"cosigner's": {line(t, "witness.private"), func(s string) (string, error) { k, err := ParseWitnessSigner(s); return fmt.Sprint(k), err }},
	} {
		for changed := range changes([]byte(c.text)) {
			if read, err := c.parse(string(changed)); err == nil {
				t.Errorf("%s: %q was read as %s", name, changed, read)
			}
		}
	}
}

func TestAKeyOfAnotherKindIsRefused(t *testing.T) {
	foreign, foreignPublic, err := note.GenerateKey(zeros{}, "sum.example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{line(t, "witness.private"), line(t, "ledger.key"), foreign} {
		if key, err := ParseKey(text); err == nil {
			t.Errorf("%s is the private key of a ledger: %v", text, key)
		}
	}
	for _, text := range []string{line(t, "witness.key"), line(t, "ledger.private"), foreignPublic} {
		if key, err := ParsePublicKey(text); err == nil {
			t.Errorf("%s is the public key of a ledger: %v", text, key)
		}
	}
	for _, text := range []string{line(t, "ledger.key"), line(t, "witness.private"), foreignPublic} {
		if key, err := ParseWitnessKey(text); err == nil {
			t.Errorf("%s is the key of a witness: %v", text, key)
		}
	}
	for _, text := range []string{line(t, "ledger.private"), line(t, "witness.key"), foreign} {
		if key, err := ParseWitnessSigner(text); err == nil {
			t.Errorf("%s is the private key of a witness: %v", text, key)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
