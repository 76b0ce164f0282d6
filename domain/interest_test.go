package domain

import "testing"

func TestInterest(t *testing.T) { tell(t, interestRows) }

var interestRows = []row{}
