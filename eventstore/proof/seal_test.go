package proof

import (
	"strings"
	"testing"
)

func TestASealIsVerifiedByItsKeyAlone(t *testing.T) {
	key := DemoKey("oxfordshire")
	sig := key.Sign(storedSeal())
	if !key.Public().Verify(storedSeal(), sig) {
		t.Fatal("its own key does not verify it")
	}
	other, err := NewKey("oxfordshire")
	if err != nil {
		t.Fatal(err)
	}
	if other.Public().Verify(storedSeal(), sig) {
		t.Error("another key of the ledger verifies it")
	}
	sig.KeyID = other.Public().ID()
	if other.Public().Verify(storedSeal(), sig) || key.Public().Verify(storedSeal(), sig) {
		t.Error("it is verified under another key's id")
	}
}

func TestASealThatWasChangedIsNotVerified(t *testing.T) {
	key := DemoKey("oxfordshire")
	sig := key.Sign(storedSeal())
	for name, change := range map[string]func(*Seal){
		"another number":         func(s *Seal) { s.First++ },
		"no number":              func(s *Seal) { s.First = 0 },
		"another ledger":         func(s *Seal) { s.Ledger = "berkshire" },
		"no ledger":              func(s *Seal) { s.Ledger = "" },
		"another root before":    func(s *Seal) { s.Before[31] ^= 1 },
		"another body":           func(s *Seal) { s.Body[0] ^= 0x80 },
		"body and root for each": func(s *Seal) { s.Before, s.Body = s.Body, s.Before },
	} {
		s := storedSeal()
		change(&s)
		if key.Public().Verify(s, sig) {
			t.Errorf("%s: it is verified", name)
		}
	}
}

// A key may have signed what it should not have, by another programme's hand.
func TestASealOfAnotherLedgerIsNotVerifiedEvenIfTheKeySignedIt(t *testing.T) {
	key := DemoKey("oxfordshire")
	s := storedSeal()
	s.Ledger = "berkshire"
	if key.Public().Verify(s, Signature{KeyID: key.Public().ID(), Bytes: key.sign(s.text())}) {
		t.Error("it is verified")
	}
}

func TestASealOfAnotherLedgerIsNotSigned(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it is signed")
		}
	}()
	DemoKey("berkshire").Sign(storedSeal())
}

// Whoever holds a signed commit must not hold a signed checkpoint by it, nor the other way round.
func TestASealIsNoCheckpointAndNoCosignature(t *testing.T) {
	key := DemoKey("oxfordshire")
	text := storedSeal().text()
	if c, err := parseCheckpoint(string(text)); err == nil {
		t.Errorf("a seal reads as the checkpoint %v", c)
	}
	for _, number := range []string{"7", "oxfordshire"} {
		ledger := strings.Replace(string(text), "oxfordshire", number, 1)
		if c, err := parseCheckpoint(ledger); err == nil {
			t.Errorf("a seal reads as the checkpoint %v", c)
		}
	}
	signed := Signature{KeyID: key.Public().ID(), Bytes: key.sign([]byte(storedCheckpoint().text()))}
	if key.Public().Verify(storedSeal(), signed) {
		t.Error("the signature of a checkpoint is that of a seal")
	}
}

func TestASignatureIsReadAsItWasWritten(t *testing.T) {
	sig := DemoKey("oxfordshire").Sign(storedSeal())
	read, err := ParseSignature(sig.String())
	if err != nil || read != sig {
		t.Errorf("read %v, %v", read, err)
	}
}

func TestEveryChangedByteOfASignatureIsRefused(t *testing.T) {
	key := DemoKey("oxfordshire").Public()
	for changed := range changes([]byte(line(t, "seal"))) {
		sig, err := ParseSignature(string(changed))
		if err != nil {
			continue
		}
		if sig.String() != string(changed) {
			t.Errorf("%q was read as %s", changed, sig)
		}
		if key.Verify(storedSeal(), sig) {
			t.Errorf("%q verifies", changed)
		}
	}
}

func TestASignatureHasOneSpelling(t *testing.T) {
	text := line(t, "seal")
	for name, other := range map[string]string{
		"empty": "", "without an id": text[9:], "without a signature": text[:9], "of an id alone": text[:8],
		"with its id in capitals": "B2B75472" + text[8:], "with a sign in its id": "+2b75472" + text[8:],
		"with idle bits set": idleBitSet(text), "with a line end": text + "\n", "of 63 bytes": text[:8] + ":" + encode(make([]byte, 63)),
		"of 65 bytes": text[:8] + ":" + encode(make([]byte, 65)), "with another colon": text + ":",
	} {
		if sig, err := ParseSignature(other); err == nil {
			t.Errorf("%s: read as %s", name, sig)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	key, seal := DemoKey("oxfordshire"), storedSeal()
	sig := key.Sign(seal)
	b.Run("sign", func(b *testing.B) {
		for b.Loop() {
			sig = key.Sign(seal)
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			if !key.Public().Verify(seal, sig) {
				b.Fatal("it does not verify")
			}
		}
	})
}
