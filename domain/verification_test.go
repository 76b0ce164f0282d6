package domain

import "testing"

func TestVerification(t *testing.T) { tell(t, verificationRows) }

var verificationRows = []row{}
