package proof

import "testing"

func TestASignedDigestIsOfOneKeyAndOnePurpose(t *testing.T) {
	key, other := DemoKey("oxfordshire"), DemoKey("berkshire")
	digest := [32]byte{1, 2, 3}
	sig := key.SignDigest("snapshot", digest)
	if !key.Public().VerifyDigest("snapshot", digest, sig) {
		t.Error("it is not verified")
	}
	changed := digest
	changed[31] ^= 1
	if key.Public().VerifyDigest("snapshot", changed, sig) || key.Public().VerifyDigest("archive", digest, sig) || other.Public().VerifyDigest("snapshot", digest, sig) {
		t.Error("it is verified for something else")
	}
	if key.Public().Verify(Seal{Ledger: "oxfordshire", First: 1, Body: digest}, sig) {
		t.Error("it is taken for a commit's")
	}
}
